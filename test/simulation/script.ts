import type { FinishReason } from '@routewise/core'
import { ProviderError, type SimulatedCall } from './dialect.ts'
import type { Fault } from './faults.ts'
import type { SeededRandom } from './random.ts'

/** How long a provider takes. All in milliseconds. */
export interface Law {
  baseMs: number
  msPerInputToken: number
  /** Of the logarithm of the first token's time. */
  sigma: number
  stragglerShare: number
  stragglerFactor: number
  msPerToken: number
  /** Share of the first token's time after which headers are there. */
  headersShare: number
  /** Chunks of text of one answer. */
  chunks: readonly [least: number, most: number]
}

export type UsageMode = 'end' | 'after-finish' | 'with-finish' | 'start-and-end' | 'missing' | 'wrong'

/** What one attempt is going to do, were nobody to stop it. Times count from when it is served. */
export interface Script {
  headersMs: number
  /** When each chunk is there. */
  offsets: readonly number[]
  textChunks: number
  tokensEach: number
  usageMode: UsageMode
  finish: FinishReason
  isTool: boolean
  /** Place of a chunk that cannot be read; -1 when all can. */
  unreadableAt: number
  /** Place of the chunk instead of which it ends by `end`; the number of chunks when it is whole. */
  cutAt: number
  end: 'done' | 'hang' | ProviderError
}

/** Sixteenths of a millisecond: sums of them are exact, and the last bit of a logarithm, which engines may differ in, does not matter. */
const quantised = (ms: number): number => Math.round(ms * 16) / 16

/** Draws what an attempt does: the law, the way the provider reports, and the fault, if it has one. */
export function drawScript(
  law: Law,
  { streaming, inputTokens, maxOutputTokens, asksForTool }: SimulatedCall,
  fault: Fault | undefined,
  usageMode: UsageMode,
  random: SeededRandom,
): Script {
  const straggles = random.chance(law.stragglerShare) ? law.stragglerFactor : 1
  let firstMs = quantised((law.baseMs + law.msPerInputToken * inputTokens) * random.lognormal(0, law.sigma) * straggles)
  const headersMs = fault === 'hang' ? Number.POSITIVE_INFINITY : quantised(firstMs * law.headersShare)
  if (fault === 'slow-first-token') firstMs += random.integer(5_000, 120_000)
  const tokensEach = random.integer(1, 8)
  let textChunks = random.integer(...law.chunks)
  if (fault === 'empty') textChunks = 0
  else if (fault === 'refusal' || fault === 'content-filter') textChunks = random.integer(0, 3)
  if (maxOutputTokens !== undefined) textChunks = Math.min(textChunks, Math.ceil(maxOutputTokens / tokensEach))
  const finish: FinishReason =
    fault === 'refusal'
      ? 'refusal'
      : fault === 'content-filter'
        ? 'content-filter'
        : fault === 'length'
          ? 'length'
          : asksForTool
            ? 'tool-calls'
            : 'stop'

  const count = streaming ? chunksOf(textChunks, usageMode) : 1
  const pauseAt = fault === 'pause' ? random.integer(2, Math.max(2, count - 1)) : -1
  const gapMs = quantised(law.msPerToken * tokensEach)
  // Several chunks come in one packet, as they do on a wire.
  const perPacket = random.integer(1, 4)
  const offsets: number[] = []
  let at = streaming ? firstMs : firstMs + gapMs * textChunks
  for (let index = 0; index < count; index += 1) {
    if (index > 1 && index % perPacket === 0) at += gapMs * perPacket
    if (index === pauseAt) at += random.integer(500, 100_000)
    offsets.push(at)
  }
  return {
    headersMs: fault === 'hang' ? headersMs : Math.min(headersMs, at),
    offsets,
    textChunks,
    tokensEach,
    usageMode,
    finish,
    isTool: asksForTool,
    unreadableAt: fault === 'unreadable' ? random.integer(0, count - 1) : -1,
    ...endOf(fault, count, random),
  }
}

/** A start without content, the text, figures in a chunk of their own where the provider gives them so, and the finish. */
export const chunksOf = (textChunks: number, usageMode: UsageMode): number =>
  textChunks + (usageMode === 'with-finish' || usageMode === 'missing' ? 2 : 3)

function endOf(fault: Fault | undefined, count: number, random: SeededRandom): Pick<Script, 'cutAt' | 'end'> {
  const early = count === 1 ? 0 : random.integer(0, 1)
  const midway = count <= 3 ? count - 1 : random.integer(2, count - 1)
  switch (fault) {
    case 'hang':
      return { cutAt: 0, end: 'hang' }
    case 'hang-after-headers':
      return { cutAt: early, end: 'hang' }
    case 'role-then-error':
      return { cutAt: Math.min(1, count - 1), end: new ProviderError('overloaded', 'Overloaded, after all.') }
    case 'cut-before-token':
      return { cutAt: early, end: new ProviderError('network', 'socket hang up') }
    case 'silent-end-before-token':
      return { cutAt: early, end: 'done' }
    case 'cut':
      return { cutAt: midway, end: new ProviderError('network', 'terminated') }
    case 'error-mid-stream':
      return { cutAt: midway, end: new ProviderError(random.pick(['server', 'overloaded', 'unknown']), 'An error in the stream.') }
    case 'stall':
      return { cutAt: midway, end: 'hang' }
    case 'silent-end':
      return { cutAt: midway, end: 'done' }
    default:
      return { cutAt: count, end: 'done' }
  }
}
