import type { CacheRule, Capabilities, PricePeriod } from '@routewise/core'
import type { ProviderFacts } from '../facts.ts'

const qwen: Capabilities = {
  tools: true,
  forcedTool: false,
  parallelTools: true,
  jsonSchema: false,
  vision: false,
  pdf: false,
  audio: false,
  streaming: true,
  reasoning: true,
  sampling: true,
  logprobs: 'no',
}

/** The implicit cache, which cannot be turned off: reads at 0.2 × input, writes free. Its lifetime is unpublished: five minutes is our assumption. */
const cache: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  readableAfter: 'response-end',
  scope: 'account',
  guaranteed: false,
}

/** Rates of a model whose explicit cache marks write at 1.25 × input. */
const rates = (input: number, output: number) => ({ input, output, cacheRead: input / 5, cacheWrite: (input * 5) / 4 })
// The published prices have no entry for this provider.
const plusPrices: readonly PricePeriod[] = [
  { rates: rates(0.5, 3), tiers: [{ thresholdTokens: 256_000, inclusive: false, rates: rates(2, 6) }] },
]
const checked = { source: 'https://models.dev', verifiedAt: '2026-07-02' }

export const alibaba: ProviderFacts = {
  id: 'alibaba',
  names: ['qwen', 'dashscope'],
  wire: 'openai-chat',
  cancelStopsBilling: false,
  source: 'https://www.alibabacloud.com/help/en/model-studio/context-cache',
  verifiedAt: '2026-11-21',
  models: [
    {
      id: 'qwen3.7-max',
      tier: 'strong',
      contextTokens: 1_000_000,
      maxOutputTokens: 65_536,
      capabilities: qwen,
      cache,
      correct: () => [{ rates: rates(2.5, 7.5) }],
      ...checked,
    },
    {
      id: 'qwen3.7-plus',
      tier: 'mid',
      contextTokens: 1_000_000,
      maxOutputTokens: 65_536,
      capabilities: { ...qwen, vision: true },
      cache,
      correct: () => plusPrices,
      ...checked,
    },
  ],
}
