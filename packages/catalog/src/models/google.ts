import type { CacheRule, Capabilities } from '@routewise/core'
import type { ModelFacts, ProviderFacts } from '../facts.ts'
import type { Tier } from '../priors.ts'

const gemini: Capabilities = {
  tools: true,
  forcedTool: true,
  parallelTools: true,
  jsonSchema: true,
  vision: true,
  pdf: true,
  audio: true,
  streaming: true,
  reasoning: true,
  sampling: true,
  // The parameter exists, and many models answer 400 to it.
  logprobs: 'no',
}

/**
 * Implicit caching. Its lifetime is unpublished ("a short time"): five minutes is our assumption. Cached contents that are made by API cost
 * storage. Source: ai.google.dev/gemini-api/docs/pricing.
 */
const implicit = (minTokens: number, storageUsdPerMillionTokenHours: number): CacheRule => ({
  kind: 'auto-prefix',
  minTokens,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  readableAfter: 'response-end',
  scope: 'project',
  guaranteed: false,
  storageUsdPerMillionTokenHours,
})

const model = (id: string, tier: Tier, minCacheTokens: number, storageUsd = 1): ModelFacts => ({
  id,
  // The API itself names models so.
  aliases: [`models/${id}`],
  tier,
  contextTokens: 1_048_576,
  maxOutputTokens: 65_536,
  capabilities: gemini,
  cache: implicit(minCacheTokens, storageUsd),
  multipliers: { batch: 0.5, flex: 0.5, priority: 1.8 },
})

export const google: ProviderFacts = {
  id: 'google',
  names: ['gemini', 'google-genai', 'vertex', 'google-vertex', 'googlevertex'],
  wire: 'gemini',
  cancelStopsBilling: false,
  source: 'https://ai.google.dev/gemini-api/docs/pricing',
  verifiedAt: '2026-11-21',
  models: [
    model('gemini-3.8-flash', 'strong', 4_096, 0.5),
    model('gemini-3.7-flash', 'mid', 4_096, 0.5),
    model('gemini-3.6-flash', 'mid', 4_096, 0.5),
    model('gemini-3.5-flash', 'mid', 4_096),
    model('gemini-3.5-flash-lite', 'small', 4_096),
    model('gemini-3.1-pro-preview', 'frontier', 4_096, 4.5),
    model('gemini-3.1-flash-lite', 'small', 4_096),
    model('gemini-3-flash-preview', 'mid', 4_096),
    model('gemini-2.5-pro', 'strong', 2_048, 4.5),
    model('gemini-2.5-flash', 'mid', 2_048),
    model('gemini-2.5-flash-lite', 'small', 2_048),
  ],
}
