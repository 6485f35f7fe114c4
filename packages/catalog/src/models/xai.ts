import type { CacheRule, Capabilities } from '@routewise/core'
import type { ProviderFacts } from '../facts.ts'

const grok: Capabilities = {
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
  logprobs: 'yes',
}

/** Automatic, per server, may be evicted at any time: five minutes is our assumption, blocks of 128 tokens are measured by others. */
const cache: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 128,
  stepTokens: 128,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  key: { via: 'header:x-grok-conv-id' },
  readableAfter: 'response-end',
  scope: 'server',
  guaranteed: false,
}

export const xai: ProviderFacts = {
  id: 'xai',
  names: ['x-ai'],
  publishedAs: 'x-ai',
  wire: 'openai-chat',
  cancelStopsBilling: true,
  source: 'https://docs.x.ai/docs/models',
  verifiedAt: '2026-11-21',
  models: [
    { id: 'grok-4.6', aliases: ['grok-4.6-latest'], tier: 'strong', contextTokens: 500_000, capabilities: grok, cache },
    { id: 'grok-4.5', aliases: ['grok-4.5-latest'], tier: 'strong', contextTokens: 500_000, capabilities: grok, cache },
    {
      id: 'grok-4.3',
      aliases: ['grok-4.3-latest'],
      tier: 'strong',
      contextTokens: 1_000_000,
      maxOutputTokens: 30_000,
      capabilities: { ...grok, pdf: true },
      cache,
    },
  ],
}
