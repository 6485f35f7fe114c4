import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { ModelCard, Reading, Target, TargetIo } from '@routewise/core'
import type { AttemptTrace, LanguageCall, LanguagePiece } from './call.ts'
import { readFailure } from '../failure.ts'
import type { Family } from '../family.ts'
import { logprobOptions } from './logprobs.ts'
import { createPartMarker, makerOf, markContent, type Maker } from '../portability/maker.ts'
import { readerOf, type Reader } from '../portability/reader.ts'
import { createPartReader, readResult } from './read.ts'

/** A language model among those to route between, with what is known of it. */
export interface LanguageCandidate {
  id: string
  model: LanguageModelV4
  family: Family | undefined
  card: ModelCard
  account?: string
  group?: string
  tags?: readonly string[]
  /** Provider options of this model alone; those of the call win. */
  providerOptions?: SharedV4ProviderOptions
  /** Request headers of this model alone; those of the call win. */
  headers?: Readonly<Record<string, string>>
}

export type LanguageTarget = Target<LanguageCall, LanguagePiece> & { candidate: LanguageCandidate; reader: Reader | undefined }

interface TargetOptions {
  /** There is no other candidate. */
  alone: boolean
  /** An answer that fails while it is passed on is to be gone on with by another. */
  mayResume: boolean
  /** Parts of a known package's answers say who made them, for when another model is to read them. Default `false`. */
  marksParts?: boolean
}

/** A target for the core. */
export function createTarget(candidate: LanguageCandidate, { alone, mayResume, marksParts = false }: TargetOptions): LanguageTarget {
  const { id, card, family, account, group, tags } = candidate
  const maker = marksParts && family !== undefined ? makerOf(candidate) : undefined
  return {
    id,
    card,
    candidate,
    reader: readerOf(candidate),
    ...(account !== undefined && { account }),
    ...(group !== undefined && { group }),
    ...(tags !== undefined && { tags }),
    // A model of unknown make may be one of the user's own, which says as little as it likes.
    terminalEvent: family !== undefined,
    open(call, io) {
      const attempt: AttemptTrace = { opened: undefined, silent: undefined, result: undefined }
      call.trace.latest = attempt
      const options = optionsFor(candidate, call, io.signal)
      if (call.kind === 'generate') return generate(candidate, options, io, { attempt, maker })
      return stream(candidate, options, io, {
        attempt,
        maker,
        mayResume,
        alone: alone || call.trace.alone === true,
        onOpened: call.trace.onOpened,
      })
    },
  }
}

function optionsFor({ providerOptions, headers, family, card }: LanguageCandidate, call: LanguageCall, signal: AbortSignal) {
  const options: LanguageModelV4CallOptions = { ...call.options, abortSignal: signal }
  if (headers !== undefined) options.headers = { ...headers, ...options.headers }
  if (providerOptions !== undefined) options.providerOptions = merge(providerOptions, options.providerOptions)
  const wishes = call.logprobs === true ? logprobOptions(family, card, options) : undefined
  if (wishes !== undefined) options.providerOptions = merge(wishes, options.providerOptions)
  return options
}

/** Option by option, for each provider; the later ones win. */
function merge(first: SharedV4ProviderOptions, second: SharedV4ProviderOptions | undefined): SharedV4ProviderOptions {
  if (second === undefined) return first
  const merged = { ...first, ...second }
  for (const name in first) if (name in second) merged[name] = { ...first[name], ...second[name] }
  return merged
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/** By hand, as `stream` is: a generator would put more promises between an answer and its reader. */
function generate(
  { model, family }: LanguageCandidate,
  options: LanguageModelV4CallOptions,
  io: TargetIo,
  { attempt, maker }: { attempt: AttemptTrace; maker: Maker | undefined },
): AsyncIterable<LanguagePiece> {
  let asked = false
  const iterator: AsyncIterator<LanguagePiece, undefined> = {
    async next() {
      if (asked) return DONE
      asked = true
      const given = await model.doGenerate(options)
      const result = maker === undefined ? given : { ...given, content: markContent(given.content, maker) }
      io.onHeaders(result.response?.headers)
      attempt.result = result
      return { done: false, value: { result, reading: readResult(result, family), attempt } }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

interface StreamOptions extends TargetOptions {
  attempt: AttemptTrace
  maker: Maker | undefined
  onOpened: (() => void) | undefined
}

function stream(
  { model, family }: LanguageCandidate,
  options: LanguageModelV4CallOptions,
  io: TargetIo,
  { attempt, maker, mayResume, alone, onOpened }: StreamOptions,
): AsyncIterable<LanguagePiece> {
  const read = createPartReader(family, options)
  const mark = maker === undefined ? undefined : createPartMarker(maker)
  let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined
  let left = false
  attempt.isTakenAsItIs = alone && family === undefined
  let hasEnded = !attempt.isTakenAsItIs

  async function open() {
    const { stream: parts, request, response } = await model.doStream(options)
    attempt.opened = { ...(request !== undefined && { request }), ...(response !== undefined && { response }) }
    attempt.silent = []
    io.onHeaders(response?.headers)
    reader = parts.getReader()
    if (left) await leave()
    onOpened?.()
    return reader
  }

  async function take() {
    const from = reader ?? (await open())
    try {
      return await from.read()
    } catch (error) {
      if (alone && !io.signal.aborted) attempt.broken = { error }
      throw error
    }
  }

  /** A fault that is told before anything is said. Where nobody else can be asked, the caller hears all of it, as from the model itself. */
  async function hearOut(fault: LanguageModelV4StreamPart, reading: Reading, heard: LanguageModelV4StreamPart[]): Promise<void> {
    heard.push(fault)
    try {
      for (let step = await take(); !step.done; step = await take()) {
        heard.push(step.value)
        const { usage } = read(step.value)
        if (usage !== undefined) reading.usage = usage
      }
    } catch {
      // `take` has noted why.
    }
  }

  function leave(): Promise<void> {
    // A stream that has broken cannot be cancelled any more.
    return reader === undefined ? Promise.resolve() : reader.cancel(io.signal.reason).catch(() => undefined)
  }

  const iterator: AsyncIterator<LanguagePiece, undefined> = {
    async next() {
      const { done, value } = await take()
      if (done) {
        if (hasEnded) return DONE
        hasEnded = true
        return { done: false, value: { reading: { meaningful: false, finish: 'other' }, attempt } }
      }
      const part = mark?.(value) ?? value
      if (part.type === 'error') {
        if (mayResume) throw part.error
        const reading: Reading = { meaningful: false, failure: readFailure(part.error) }
        if (alone && attempt.silent !== undefined) await hearOut(part, reading, attempt.silent)
        return { done: false, value: { part, reading, attempt } }
      }
      const reading = read(part)
      if (reading.finish !== undefined) hasEnded = true
      if (attempt.isTakenAsItIs === true) reading.meaningful = true
      if (reading.meaningful) attempt.silent = undefined
      else attempt.silent?.push(part)
      return { done: false, value: { part, reading, attempt } }
    },
    async return() {
      left = true
      await leave()
      return DONE
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}
