import { type Chunk, ProviderError, saysSomething } from './dialect.ts'
import type { Entry } from './journal.ts'
import type { Manners, Script } from './scenario.ts'
import type { World } from './world.ts'

interface StreamOptions extends Pick<World, 'scheduler' | 'journal'> {
  entry: Entry
  signal: AbortSignal
  onHeaders(): void
}

type Step = IteratorResult<Chunk, undefined>

const DONE: Step = { done: true, value: undefined }

/** One attempt's chunks, each of which comes when the scheduler says so. */
export function createStream(
  script: Script,
  { onAbort, onReturn, pushes }: Manners,
  { entry, signal, onHeaders, scheduler, journal }: StreamOptions,
): AsyncIterator<Chunk, undefined> {
  const { name } = entry
  const { then } = script.ending
  const chunks = chunksOf(name, script)
  /** What has come and was not asked for yet. */
  const waiting: (() => void)[] = []
  let at = script.headers ? -1 : 0
  let isDue = false
  let isOver = false
  let pull: { resolve(step: Step): void; reject(reason: unknown): void } | undefined

  function give(step: Step | { error: unknown }): void {
    const { resolve, reject } = pull!
    pull = undefined
    entry.ended = 'error' in step || step.done === true
    if ('error' in step) return reject(step.error)
    if (step.done !== true) {
      if (!signal.aborted && step.value.garbled !== true) entry.given.push(step.value)
      entry.spoke ||= saysSomething(step.value)
    }
    resolve(step)
  }

  function come(): void {
    isDue = false
    if (isOver) return
    const chunk = chunks[at]
    const isHeaders = at < 0
    at += 1
    if (isHeaders) {
      onHeaders()
      return schedule()
    }
    isOver = chunk === undefined
    const last = typeof then === 'object' ? { error: new ProviderError(then.kind, then.retryAfterMs) } : DONE
    const hand = () => give(chunk === undefined ? last : { done: false, value: chunk })
    if (pull === undefined) waiting.push(hand)
    else hand()
    if (pushes) schedule()
  }

  function schedule(): void {
    if (isDue || isOver || (at === chunks.length && then === 'hangs')) return
    isDue = true
    const what = at < 0 ? 'headers' : at < chunks.length ? at : 'end'
    void scheduler.schedule(Promise.resolve(), `${name} ${what}`).then(come)
  }

  function stop(): void {
    if (pull !== undefined) give(onAbort === 'ends' ? DONE : { error: signal.reason })
  }

  function onSignal(): void {
    if (onAbort === 'ignores') return
    isOver = true
    if (onAbort === 'rejects later') void scheduler.schedule(Promise.resolve(), `${name} gives up`).then(stop)
    else stop()
  }

  signal.addEventListener('abort', onSignal, { once: true })
  const iterator: AsyncIterator<Chunk, undefined> = {
    next() {
      if (pull !== undefined) journal.faults.push(`${name} was pulled twice at once`)
      if (entry.ended) journal.faults.push(`${name} was pulled after its end`)
      if (signal.aborted) journal.faults.push(`${name} was pulled after its abort`)
      if (script.throws === 'next') {
        entry.ended = true
        throw new ProviderError('network', undefined)
      }
      return new Promise((resolve, reject) => {
        pull = { resolve, reject }
        const hand = waiting.shift()
        if (hand === undefined) schedule()
        else hand()
      })
    },
  }
  if (onReturn === 'is missing') return iterator
  return {
    ...iterator,
    return() {
      if (onReturn === 'throws') throw new ProviderError('network', undefined)
      if (onReturn === 'rejects') return Promise.reject(new ProviderError('network', undefined))
      if (onReturn === 'hangs') return new Promise(() => undefined)
      isOver = true
      if (pull !== undefined) give(DONE)
      return Promise.resolve(DONE)
    },
  }
}

function chunksOf(attempt: string, { role, pieces, ending: { finish } }: Script): readonly Chunk[] {
  const chunks: Chunk[] = []
  const add = (said: Omit<Chunk, 'attempt' | 'index'>) => chunks.push({ attempt, index: chunks.length, ...said })
  if (role) add({})
  for (const piece of pieces) add(piece === 'garbled' ? { garbled: true } : { [piece]: `${attempt}.${chunks.length} ` })
  if (finish !== undefined) add({ finish })
  return chunks
}
