import type { CacheRule, Capabilities } from '@routewise/core'
import type { ProviderFacts } from '../facts.ts'

const claude: Capabilities = {
  tools: true,
  forcedTool: true,
  parallelTools: true,
  jsonSchema: true,
  vision: true,
  pdf: true,
  audio: false,
  streaming: true,
  reasoning: true,
  sampling: true,
  logprobs: 'no',
}
/** Opus 4.7, Sonnet 5 and newer refuse `temperature` and the like. */
const withoutSampling: Capabilities = { ...claude, sampling: false }
/** Opus 5.5 and Fable 5.1 always think, and then a tool cannot be demanded. */
const alwaysThinking: Capabilities = { ...withoutSampling, forcedTool: false }

/** Source: platform.claude.com, prompt caching. Minimums are the newest quoted; sources differ by model and time. */
const cache = (minTokens: number): CacheRule => ({
  kind: 'breakpoints',
  minTokens,
  maxWrites: 4,
  lookback: 20,
  ttls: [
    { id: '5m', seconds: 300, sliding: true },
    { id: '1h', seconds: 3_600, sliding: true },
  ],
  readableAfter: 'first-token',
  scope: 'workspace',
  guaranteed: true,
})

/** The tokenizer of Opus 4.7, Sonnet 5 and Fable 5 makes about 30 % more tokens of the same text. */
const newTokenizer = 1.3
const discounts = { batch: 0.5 }
const regional = { batch: 0.5, residency: 1.1 }
const million = 1_000_000

export const anthropic: ProviderFacts = {
  id: 'anthropic',
  wire: 'anthropic',
  cancelStopsBilling: true,
  toolIdPattern: '^[a-zA-Z0-9_-]{1,64}$',
  source: 'https://platform.claude.com/docs/en/about-claude/pricing',
  verifiedAt: '2026-11-21',
  models: [
    {
      id: 'claude-fable-5-1',
      tier: 'frontier',
      contextTokens: million,
      maxOutputTokens: 128_000,
      tokenFactor: newTokenizer,
      capabilities: alwaysThinking,
      cache: cache(512),
      multipliers: regional,
    },
    {
      id: 'claude-fable-5',
      tier: 'frontier',
      contextTokens: million,
      maxOutputTokens: 128_000,
      tokenFactor: newTokenizer,
      capabilities: withoutSampling,
      cache: cache(512),
      multipliers: regional,
    },
    {
      id: 'claude-opus-5-5',
      tier: 'frontier',
      contextTokens: million,
      maxOutputTokens: 128_000,
      tokenFactor: newTokenizer,
      capabilities: alwaysThinking,
      cache: cache(512),
      multipliers: { ...regional, fast: 2 },
    },
    {
      id: 'claude-opus-5',
      tier: 'frontier',
      contextTokens: million,
      maxOutputTokens: 128_000,
      tokenFactor: newTokenizer,
      capabilities: withoutSampling,
      cache: cache(512),
      multipliers: { ...regional, fast: 2 },
    },
    // Sources give 2 and 6 for fast mode on 4.8; the provider's own later pages and resellers give 2.
    {
      id: 'claude-opus-4-8',
      tier: 'frontier',
      contextTokens: million,
      maxOutputTokens: 128_000,
      tokenFactor: newTokenizer,
      capabilities: withoutSampling,
      cache: cache(1_024),
      multipliers: { ...regional, fast: 2 },
    },
    {
      id: 'claude-opus-4-7',
      tier: 'frontier',
      contextTokens: million,
      maxOutputTokens: 128_000,
      tokenFactor: newTokenizer,
      capabilities: withoutSampling,
      cache: cache(2_048),
      multipliers: { ...regional, fast: 6 },
    },
    {
      id: 'claude-opus-4-6',
      tier: 'strong',
      contextTokens: million,
      maxOutputTokens: 128_000,
      capabilities: claude,
      cache: cache(4_096),
      multipliers: { ...regional, fast: 6 },
    },
    {
      id: 'claude-opus-4-5',
      aliases: ['claude-opus-4-5-20251101'],
      tier: 'strong',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      capabilities: claude,
      cache: cache(4_096),
      multipliers: discounts,
    },
    {
      id: 'claude-opus-4-1',
      aliases: ['claude-opus-4-1-20250805'],
      tier: 'strong',
      contextTokens: 200_000,
      maxOutputTokens: 32_000,
      capabilities: claude,
      cache: cache(1_024),
      multipliers: discounts,
    },
    {
      id: 'claude-sonnet-5',
      tier: 'strong',
      contextTokens: million,
      maxOutputTokens: 128_000,
      tokenFactor: newTokenizer,
      capabilities: withoutSampling,
      cache: cache(1_024),
      multipliers: regional,
    },
    {
      id: 'claude-sonnet-4-6',
      tier: 'strong',
      contextTokens: million,
      maxOutputTokens: 64_000,
      capabilities: claude,
      cache: cache(1_024),
      multipliers: regional,
    },
    {
      id: 'claude-sonnet-4-5',
      aliases: ['claude-sonnet-4-5-20250929'],
      tier: 'strong',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      capabilities: claude,
      cache: cache(1_024),
      multipliers: discounts,
    },
    {
      id: 'claude-sonnet-4-0',
      aliases: ['claude-sonnet-4-20250514'],
      tier: 'mid',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      capabilities: { ...claude, jsonSchema: false },
      cache: cache(1_024),
      multipliers: discounts,
    },
    {
      id: 'claude-haiku-4-5',
      aliases: ['claude-haiku-4-5-20251001'],
      tier: 'mid',
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      capabilities: claude,
      cache: cache(4_096),
      multipliers: discounts,
    },
  ],
}
