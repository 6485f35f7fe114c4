import type { ModelCard, Usage } from '@routewise/core'
import type { PlannedAnswer } from './answer/plan.ts'
import type { CachePlan } from './prompt-cache/rule.ts'
import type { RecordedAnswer } from './recording.ts'
import type { SimRequest } from './types.ts'

export interface UsageQuestion {
  request: SimRequest
  card: ModelCard
  cache: CachePlan
  /** Our count of the prompt. */
  inputTokens: number
  recorded: RecordedAnswer | undefined
}

/** Tokens of the prompt as the provider reports them. A recorded count is reported verbatim, its cached share is ours. */
export function inputUsage({ request, card, cache, inputTokens, recorded }: UsageQuestion): Usage {
  const total = recorded?.inputTokens ?? inputTokens
  const scale = inputTokens === 0 ? 0 : Math.min(1, total / inputTokens)
  const scaled = (tokens: number) => Math.floor(tokens * scale)
  const byTtl = Object.entries(cache.writeTokensByTtl).map(([ttl, tokens]): [string, number] => [ttl, scaled(tokens)])
  const tier = request.serviceTier
  return {
    inputTokens: total,
    cacheReadTokens: scaled(cache.readTokens),
    cacheWriteTokens: scaled(cache.writeTokens),
    ...(byTtl.length > 0 && { cacheWriteTokensByTtl: Object.fromEntries(byTtl) }),
    outputTokens: 0,
    reasoningTokens: 0,
    ...(tier !== undefined && servesTier(card, tier) && { serviceTier: tier }),
  }
}

/** The same with the answer. */
export const withOutput = (input: Usage, answer: PlannedAnswer): Usage => ({
  ...input,
  outputTokens: answer.outputTokens,
  reasoningTokens: answer.reasoningTokens,
})

const servesTier = ({ multipliers }: ModelCard, tier: string): boolean =>
  (tier === 'flex' || tier === 'priority' || tier === 'fast') && multipliers?.[tier] !== undefined
