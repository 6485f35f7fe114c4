import type { Clock } from '@routewise/core'
import { sha256 } from './auth.ts'
import type { EndpointResponse } from './exchange.ts'
import type { EndpointSettings } from './options.ts'
import { Recording } from './recording.ts'
import { RequestError } from './request-error.ts'

/** A request that may have been sent before. */
export interface RepeatableRequest {
  /** Whose it is and what it calls itself: requests that differ in any of these have nothing to do with one another. */
  key: readonly (string | undefined)[]
  /** What must be the same, too. */
  content: string
  signal: AbortSignal
  ask(signal: AbortSignal): Promise<EndpointResponse>
}

interface Kept {
  digest: string
  recording: Recording
  bytes: number
  /** Clock time; absent while it is under way. */
  endedAt?: number
}

type Limits = Exclude<EndpointSettings['idempotency'], false> & { clock: Clock }

const MAX_KEY_CHARS = 255

/**
 * Remembers answers by the key of their request, so that who asks twice is answered alike and billed once. Failures are not kept. The oldest
 * answers go first when there are too many, or too long ones.
 */
export function createIdempotency({ maxAnswers, maxBytes, ttlMs, clock }: Limits) {
  const kept = new Map<string, Kept>()
  let bytes = 0

  function forget(key: string, entry: Kept): void {
    if (kept.get(key) !== entry) return
    kept.delete(key)
    bytes -= entry.bytes
  }

  const isOver = ({ endedAt }: Kept): boolean => endedAt !== undefined && clock.now() - endedAt > ttlMs

  /** Answers under way stay: their readers wait for them. */
  function makeRoom(answers: number): boolean {
    for (const [key, entry] of kept) {
      const isFull = kept.size + answers > maxAnswers || bytes > maxBytes
      if (!isFull && !isOver(entry)) return true
      if (entry.endedAt !== undefined) forget(key, entry)
    }
    return kept.size + answers <= maxAnswers && bytes <= maxBytes
  }

  function record(key: string, digest: string, ask: RepeatableRequest['ask']): Recording {
    const entry: Kept = {
      digest,
      bytes: 0,
      recording: new Recording({
        ask,
        onBytes(more) {
          if (kept.get(key) !== entry) return
          entry.bytes += more
          bytes += more
          if (!makeRoom(0)) forget(key, entry)
        },
        onEnd(whole) {
          if (whole) entry.endedAt = clock.now()
          else forget(key, entry)
        },
      }),
    }
    kept.set(key, entry)
    return entry.recording
  }

  /** @throws RequestError 400 for a key that is none, 409 for one that another body was sent with. */
  return async function answer({ key: parts, content, signal, ask }: RepeatableRequest): Promise<EndpointResponse> {
    const name = parts.at(-1) ?? ''
    if (name.length === 0 || name.length > MAX_KEY_CHARS) throw badKey()
    const key = JSON.stringify(parts)
    const digest = sha256(content).toString('base64')
    const known = kept.get(key)
    if (known !== undefined && !isOver(known)) {
      if (known.digest !== digest) throw otherBody()
      const response = await known.recording.read(signal)
      return { ...response, headers: { ...response.headers, 'x-routewise-replayed': 'true' } }
    }
    if (known !== undefined) forget(key, known)
    if (!makeRoom(1)) return ask(signal)
    return record(key, digest, ask).read(signal)
  }
}

const badKey = (): RequestError =>
  new RequestError(`Header idempotency-key must have 1 to ${MAX_KEY_CHARS} characters.`, {
    status: 400,
    param: 'idempotency-key',
    code: 'invalid_header',
  })

const otherBody = (): RequestError =>
  new RequestError('Keys for idempotent requests can only be used with the same parameters they were first used with. Use another key.', {
    status: 409,
    param: 'idempotency-key',
    code: 'idempotency_key_reused',
  })
