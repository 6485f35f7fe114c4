import type { ModelCard, NanoUsd, Usage } from '@routewise/core'
import { costOf } from '@routewise/core'
import type { Played } from './play.ts'

const NOTHING: Usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

/** What a provider puts on the bill for a request. */
export interface Charge {
  usage: Usage
  costNanoUsd: NanoUsd | undefined
}

/**
 * Failed requests cost nothing, nor do those that a fault ended before the first token. What a fault ended later costs its input and what was
 * generated. A cancelled stream costs the same where the provider stops on cancel; where it does not, and for every call that does not
 * stream, the whole answer is charged. `whole` is the usage of the complete answer.
 */
export function chargeFor(card: ModelCard, whole: Usage, played: Played, stream: boolean, wallMs: number): Charge {
  const usage = chargedUsage(card, whole, played, stream)
  return { usage, costNanoUsd: costOf(card, usage, wallMs) }
}

/** The provider went through with the whole answer, whether or not the client was there to take it. */
export const isChargedWhole = (card: ModelCard, { end }: Played, stream: boolean): boolean =>
  end === 'answered' || (end === 'cancelled' && (!stream || !card.cancelStopsBilling))

function chargedUsage(card: ModelCard, whole: Usage, played: Played, stream: boolean): Usage {
  const started = played.firstTokenMs !== undefined
  const generated = { outputTokens: played.outputTokens, reasoningTokens: played.reasoningTokens }
  switch (played.end) {
    case 'answered':
      return whole
    case 'failed':
      return NOTHING
    case 'interrupted':
      return started ? { ...whole, ...generated } : NOTHING
    case 'cancelled':
      if (isChargedWhole(card, played, stream)) return whole
      // Nothing was written to the prompt cache yet.
      return started ? { ...whole, ...generated } : { ...withoutWrites(whole), ...generated }
  }
}

const withoutWrites = (usage: Usage): Usage => ({ ...usage, cacheWriteTokens: 0, cacheWriteTokensByTtl: {} })
