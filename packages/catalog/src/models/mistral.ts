import type { CacheRule, Capabilities } from '@routewise/core'
import type { ProviderFacts } from '../facts.ts'

const mixed: Capabilities = {
  tools: true,
  forcedTool: true,
  parallelTools: true,
  jsonSchema: true,
  vision: true,
  pdf: false,
  audio: false,
  streaming: true,
  reasoning: true,
  sampling: true,
  logprobs: 'no',
}

/** Only for requests that carry the key. Minimum and lifetime are unpublished: 1,024 tokens and five minutes are our assumption. */
const cache: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  key: { via: 'body:prompt_cache_key' },
  readableAfter: 'response-end',
  scope: 'account',
  guaranteed: false,
}
const shared = { contextTokens: 262_144, maxOutputTokens: 262_144, cache, multipliers: { batch: 0.5 } }

export const mistral: ProviderFacts = {
  id: 'mistral',
  names: ['mistralai'],
  wire: 'openai-chat',
  cancelStopsBilling: false,
  toolIdPattern: '^[a-zA-Z0-9]{9}$',
  source: 'https://mistral.ai/pricing/api',
  verifiedAt: '2026-11-21',
  models: [
    { id: 'mistral-medium-3-5', aliases: ['mistral-medium-3.5', 'mistral-medium-2604'], tier: 'mid', ...shared, capabilities: mixed },
    { id: 'mistral-small-2603', tier: 'small', ...shared, capabilities: mixed },
    { id: 'mistral-large-2512', tier: 'mid', ...shared, capabilities: { ...mixed, reasoning: false } },
  ],
}
