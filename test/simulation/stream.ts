import type { Usage } from '@routewise/core'
import { type SimulatedChunk, UNREADABLE } from './dialect.ts'
import type { Entry } from './ledger.ts'
import type { Script } from './script.ts'
import type { SimulatedClock } from './clock.ts'

/** How a stream behaves when it is not wanted any more. */
export interface Manners {
  /** What a pull under way does when the signal is aborted. `ignores`: the stream goes on as if nothing had happened. */
  onAbort: 'rejects' | 'ends' | 'ignores'
  /** What `return()` of the iterator does. `missing`: there is none. */
  onReturn: 'settles' | 'hangs' | 'throws' | 'missing'
}

interface StreamOptions {
  entry: Entry
  script: Script
  manners: Manners
  streaming: boolean
  clock: SimulatedClock
  signal: AbortSignal
  onHeaders(): void
  /** What is charged when all is said. */
  whole: Usage
  /** Somebody has stopped listening. */
  onStopped(): void
}

export interface Stream extends AsyncIterableIterator<SimulatedChunk> {
  /** The provider begins to work on it. */
  serve(): void
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** An answer as it comes: chunks are there at their time, whether they are asked for or not. */
export function createStream({ entry, script, manners, streaming, clock, signal, onHeaders, whole, onStopped }: StreamOptions): Stream {
  const { offsets, cutAt, end } = script
  let servedAt: number | undefined
  let index = 0
  let pull: { resolve(step: IteratorResult<SimulatedChunk, undefined>): void; reject(reason: unknown): void; since: number } | undefined
  let stopTimer: (() => void) | undefined

  const finish = (how: NonNullable<Entry['ended']>): void => {
    if (entry.ended !== undefined) return
    entry.ended = how
    entry.endedAt = clock.now()
    stopTimer?.()
    signal.removeEventListener('abort', onAbort)
  }
  const waited = (): void => {
    if (pull !== undefined && entry.firstTokenAt !== undefined && entry.abortedAt === undefined) {
      entry.longestWaitMs = Math.max(entry.longestWaitMs, clock.now() - pull.since)
    }
  }

  function onAbort(): void {
    waited()
    entry.abortedAt = clock.now()
    onStopped()
    if (manners.onAbort === 'ignores') return
    const waiting = pull
    pull = undefined
    finish(manners.onAbort === 'rejects' ? 'failed' : 'done')
    if (manners.onAbort === 'rejects') waiting?.reject(signal.reason)
    else waiting?.resolve(DONE)
  }

  /** Gives what is due, or waits for it. */
  function proceed(): void {
    stopTimer = undefined
    if (servedAt === undefined || entry.ended !== undefined) return
    if (entry.headersAt === undefined) {
      if (clock.now() < servedAt + script.headersMs) {
        wakeAt(servedAt + script.headersMs)
        return
      }
      entry.headersAt = clock.now()
      onHeaders()
    }
    if (pull === undefined) return
    if (index === cutAt && end === 'hang') return
    const dueAt = servedAt + offsets[Math.min(index, offsets.length - 1)]!
    if (clock.now() < dueAt) {
      wakeAt(dueAt)
      return
    }
    const { resolve, reject } = pull
    waited()
    pull = undefined
    if (index < cutAt) resolve({ done: false, value: give() })
    else if (end instanceof Error) {
      finish('failed')
      reject(end)
    } else {
      finish('done')
      resolve(DONE)
    }
  }

  function wakeAt(time: number): void {
    if (Number.isFinite(time)) stopTimer ??= clock.after(time - clock.now(), proceed)
  }

  function give(): SimulatedChunk {
    const chunk = index === script.unreadableAt ? unreadable(entry.name, index) : chunkAt(entry.name, index, script, streaming, whole)
    index += 1
    // What comes after the abort comes for nobody.
    if (entry.abortedAt !== undefined || chunk.text === UNREADABLE) return chunk
    entry.chunks += 1
    entry.tokens += chunk.tokens
    if (chunk.tokens > 0) entry.firstTokenAt ??= clock.now()
    if (chunk.usage !== undefined) entry.reported = { ...entry.reported, ...chunk.usage }
    if (chunk.finish !== undefined) {
      entry.finish = chunk.finish
      entry.finishAt = clock.now()
    }
    return chunk
  }

  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      if (entry.ended !== undefined) return Promise.resolve(DONE)
      if (pull !== undefined) return Promise.reject(new Error('The stream was pulled twice at once.'))
      return new Promise((resolve, reject) => {
        pull = { resolve, reject, since: clock.now() }
        if (stopTimer === undefined) proceed()
      })
    },
    ...(manners.onReturn === 'missing' ? {} : { return: stop }),
    serve() {
      servedAt = clock.now()
      if (stopTimer === undefined) proceed()
    },
  }

  function stop(): Promise<IteratorReturnResult<undefined>> {
    if (entry.ended === undefined) {
      pull?.resolve(DONE)
      pull = undefined
      finish('returned')
      onStopped()
    }
    if (manners.onReturn === 'throws') throw new Error('Nothing can be returned to.')
    return manners.onReturn === 'hangs' ? new Promise(() => undefined) : Promise.resolve(DONE)
  }
}

const unreadable = (attempt: string, index: number): SimulatedChunk => ({
  attempt,
  index,
  text: UNREADABLE,
  isTool: false,
  tokens: 0,
  usage: undefined,
  finish: undefined,
})

function chunkAt(attempt: string, index: number, script: Script, streaming: boolean, whole: Usage): SimulatedChunk {
  const { textChunks, tokensEach, usageMode, finish, isTool } = script
  if (!streaming) {
    const text = textChunks === 0 ? '' : `${attempt}.0 `
    return {
      attempt,
      index,
      text,
      isTool,
      tokens: textChunks * tokensEach,
      usage: usageMode === 'missing' ? undefined : figures(whole, usageMode),
      finish,
    }
  }
  if (index > 0 && index <= textChunks) {
    return { attempt, index, text: `${attempt}.${index} `, isTool, tokens: tokensEach, usage: undefined, finish: undefined }
  }
  const chunk: SimulatedChunk = { attempt, index, text: '', isTool: false, tokens: 0, usage: undefined, finish: undefined }
  if (index === 0) {
    if (usageMode === 'start-and-end')
      chunk.usage = { inputTokens: whole.inputTokens, cacheReadTokens: whole.cacheReadTokens, outputTokens: 1 }
    return chunk
  }
  const isFirst = index === textChunks + 1
  const usageFirst = usageMode === 'end' || usageMode === 'start-and-end' || usageMode === 'wrong'
  if (usageMode === 'with-finish' || usageMode === 'missing' || isFirst !== usageFirst) chunk.finish = finish
  if (usageMode === 'with-finish' || (usageMode !== 'missing' && isFirst === usageFirst)) chunk.usage = figures(whole, usageMode)
  return chunk
}

/** Wrong figures are off by more than anybody would round. */
const figures = (whole: Usage, usageMode: Script['usageMode']): Usage =>
  usageMode === 'wrong' ? { ...whole, outputTokens: whole.outputTokens * 2 + 7 } : whole
