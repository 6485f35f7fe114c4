import type { CacheRule, Capabilities } from '@routewise/core'
import type { ProviderFacts } from '../facts.ts'

const open: Capabilities = {
  tools: true,
  forcedTool: true,
  parallelTools: true,
  jsonSchema: false,
  vision: false,
  pdf: false,
  audio: false,
  streaming: true,
  reasoning: false,
  sampling: true,
  logprobs: 'no',
}
const oss: Capabilities = { ...open, parallelTools: false, jsonSchema: true, reasoning: true }

/** Two idle hours. The minimum is unpublished: 1,024 tokens is our assumption. */
const cache: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  ttls: [{ id: '2h', seconds: 7_200, sliding: true }],
  readableAfter: 'response-end',
  scope: 'org',
  guaranteed: false,
}
const uncached: CacheRule = { ...cache, kind: 'none', minTokens: 0, ttls: [] }
const contextTokens = 131_072

export const groq: ProviderFacts = {
  id: 'groq',
  wire: 'openai-chat',
  cancelStopsBilling: false,
  speed: { baseMs: 200, msPerInputToken: 0.01, outputTokensPerSecond: 400 },
  source: 'https://groq.com/pricing',
  verifiedAt: '2026-11-21',
  models: [
    { id: 'openai/gpt-oss-120b', tier: 'mid', contextTokens, maxOutputTokens: 65_536, capabilities: oss, cache },
    { id: 'openai/gpt-oss-20b', tier: 'small', contextTokens, maxOutputTokens: 65_536, capabilities: oss, cache },
    { id: 'llama-3.3-70b-versatile', tier: 'mid', contextTokens, maxOutputTokens: 32_768, capabilities: open, cache: uncached },
    { id: 'llama-3.1-8b-instant', tier: 'small', contextTokens, maxOutputTokens: 131_072, capabilities: open, cache: uncached },
    {
      id: 'meta-llama/llama-4-scout-17b-16e-instruct',
      tier: 'small',
      contextTokens,
      maxOutputTokens: 8_192,
      capabilities: { ...open, jsonSchema: true, vision: true },
      cache: uncached,
    },
    {
      id: 'meta-llama/llama-4-maverick-17b-128e-instruct',
      tier: 'mid',
      contextTokens,
      maxOutputTokens: 8_192,
      capabilities: { ...open, jsonSchema: true, vision: true },
      cache: uncached,
    },
    {
      id: 'qwen/qwen3-32b',
      tier: 'mid',
      contextTokens,
      maxOutputTokens: 40_960,
      capabilities: { ...open, reasoning: true },
      cache: uncached,
    },
  ],
}
