import type { CacheRule, Capabilities, PricePeriod } from '@routewise/core'
import type { ProviderFacts } from '../facts.ts'

/** What the provider does not state for this model is taken as absent. */
const kimi: Capabilities = {
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

/** On by default, with billed writes; chunks of 256 tokens are measured by others. Its documentation names the key; tests of others disagree on what it does. */
const cache: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 256,
  stepTokens: 256,
  ttls: [
    { id: '5m', seconds: 300, sliding: true },
    { id: '1h', seconds: 3_600, sliding: true },
  ],
  key: { via: 'body:prompt_cache_key' },
  readableAfter: 'response-end',
  scope: 'account',
  guaranteed: false,
}

/** Writes cost 1 × input for five minutes and 2 × for an hour, which the published prices lack. Source: forum.moonshot.ai/t/613. */
const withWrites = (published: readonly PricePeriod[]): readonly PricePeriod[] =>
  published.map(period => ({
    ...period,
    rates: { ...period.rates, cacheWrite: period.rates.input, cacheWriteByTtl: { '1h': 2 * period.rates.input } },
  }))

export const moonshot: ProviderFacts = {
  id: 'moonshotai',
  names: ['moonshot', 'kimi'],
  wire: 'openai-chat',
  cancelStopsBilling: false,
  source: 'https://platform.kimi.ai/docs/pricing/chat-k3.md',
  verifiedAt: '2026-11-21',
  models: [{ id: 'kimi-k3', tier: 'strong', contextTokens: 1_048_576, capabilities: kimi, cache, correct: withWrites }],
}
