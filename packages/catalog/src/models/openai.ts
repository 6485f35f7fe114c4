import type { CacheRule, Capabilities } from '@routewise/core'
import type { ProviderFacts } from '../facts.ts'

const reasoning: Capabilities = {
  tools: true,
  forcedTool: true,
  parallelTools: true,
  jsonSchema: true,
  vision: true,
  pdf: true,
  audio: false,
  streaming: true,
  reasoning: true,
  // `temperature` and the like only at effort `none`, where the model has that at all.
  sampling: false,
  logprobs: 'no',
}
const optionalReasoning: Capabilities = { ...reasoning, logprobs: 'without-reasoning' }
const plain: Capabilities = { ...reasoning, reasoning: false, sampling: true, logprobs: 'yes' }

/** Before gpt-5.6: automatic, writes are free. Entries live 5 to 10 minutes of idleness in memory, at most an hour. */
const inMemory: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  stepTokens: 128,
  ttls: [{ id: '5m', seconds: 300, sliding: true }],
  key: { via: 'body:prompt_cache_key', softRequestsPerMinute: 15 },
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: false,
}
const retained: CacheRule = { ...inMemory, ttls: [...inMemory.ttls, { id: '24h', seconds: 86_400, sliding: true }] }
const alwaysRetained: CacheRule = { ...inMemory, ttls: [{ id: '24h', seconds: 86_400, sliding: true }] }
/** From gpt-5.6: writes cost 1.25 × input, the latest message ends with a marker of the provider's own, and the key is needed for reliable matching. */
const marked: CacheRule = {
  kind: 'breakpoints',
  minTokens: 1_024,
  maxWrites: 4,
  implicitBreakpoint: true,
  // The SDK says 80; an older guide said 50.
  lookback: 80,
  ttls: [
    { id: '30m', seconds: 1_800, sliding: true },
    { id: '12h', seconds: 43_200, sliding: true },
  ],
  key: { via: 'body:prompt_cache_key', softRequestsPerMinute: 15 },
  readableAfter: 'first-token',
  scope: 'org',
  guaranteed: true,
}

const big = { contextTokens: 1_050_000, maxOutputTokens: 128_000 }
const medium = { contextTokens: 400_000, maxOutputTokens: 128_000 }
/** `fast` is the name that `priority` has had since 2026-07-30. Source: openai.com/api-fast-mode. */
const tiers = (fast: number, extra: { residency?: number } = {}) => ({ batch: 0.5, flex: 0.5, priority: fast, fast, ...extra })
const regional = { residency: 1.1 }

export const openai: ProviderFacts = {
  id: 'openai',
  wire: 'openai-chat',
  cancelStopsBilling: true,
  toolIdPattern: '^.{1,40}$',
  source: 'https://developers.openai.com/api/docs/pricing',
  verifiedAt: '2026-11-21',
  models: [
    { id: 'gpt-6-astra', tier: 'frontier', ...big, capabilities: reasoning, cache: marked, multipliers: tiers(2, regional) },
    { id: 'gpt-6-sol', tier: 'strong', ...big, capabilities: reasoning, cache: marked, multipliers: tiers(2, regional) },
    { id: 'gpt-6-luna', tier: 'small', ...big, capabilities: reasoning, cache: marked, multipliers: tiers(2, regional) },
    // On Chat Completions, gpt-5.6 cannot combine function tools with reasoning; on Responses it can.
    {
      id: 'gpt-5.6-sol',
      aliases: ['gpt-5.6'],
      tier: 'frontier',
      wire: 'openai-responses',
      ...big,
      capabilities: optionalReasoning,
      cache: marked,
      multipliers: tiers(2, regional),
    },
    {
      id: 'gpt-5.6-terra',
      tier: 'strong',
      wire: 'openai-responses',
      ...big,
      capabilities: optionalReasoning,
      cache: marked,
      multipliers: tiers(2, regional),
    },
    {
      id: 'gpt-5.6-luna',
      tier: 'mid',
      wire: 'openai-responses',
      ...big,
      capabilities: optionalReasoning,
      cache: marked,
      multipliers: tiers(2, regional),
    },
    {
      id: 'gpt-5.5',
      aliases: ['gpt-5.5-2026-04-23', 'gpt-5.5-2026-04-24'],
      tier: 'frontier',
      ...big,
      capabilities: optionalReasoning,
      cache: alwaysRetained,
      multipliers: tiers(2.5, regional),
    },
    {
      id: 'gpt-5.4',
      aliases: ['gpt-5.4-2026-03-05'],
      tier: 'strong',
      ...big,
      capabilities: optionalReasoning,
      cache: retained,
      multipliers: tiers(2, regional),
    },
    {
      id: 'gpt-5.4-mini',
      aliases: ['gpt-5.4-mini-2026-03-17'],
      tier: 'mid',
      ...medium,
      capabilities: optionalReasoning,
      cache: retained,
      multipliers: tiers(2, regional),
    },
    {
      id: 'gpt-5.4-nano',
      aliases: ['gpt-5.4-nano-2026-03-17'],
      tier: 'small',
      ...medium,
      capabilities: optionalReasoning,
      cache: retained,
      multipliers: { batch: 0.5, flex: 0.5, ...regional },
    },
    {
      id: 'gpt-5.2',
      aliases: ['gpt-5.2-2025-12-11'],
      tier: 'strong',
      ...medium,
      capabilities: optionalReasoning,
      cache: retained,
      multipliers: tiers(2),
    },
    {
      id: 'gpt-5.1',
      aliases: ['gpt-5.1-2025-11-13'],
      tier: 'strong',
      ...medium,
      capabilities: optionalReasoning,
      cache: retained,
      multipliers: tiers(2),
    },
    {
      id: 'gpt-5',
      aliases: ['gpt-5-2025-08-07'],
      tier: 'strong',
      ...medium,
      capabilities: reasoning,
      cache: retained,
      multipliers: tiers(2),
    },
    {
      id: 'gpt-5-mini',
      aliases: ['gpt-5-mini-2025-08-07'],
      tier: 'mid',
      ...medium,
      capabilities: reasoning,
      cache: retained,
      multipliers: tiers(1.8),
    },
    {
      id: 'gpt-5-nano',
      aliases: ['gpt-5-nano-2025-08-07'],
      tier: 'small',
      ...medium,
      capabilities: reasoning,
      cache: retained,
      multipliers: { batch: 0.5, flex: 0.5 },
    },
    {
      id: 'gpt-4.1',
      aliases: ['gpt-4.1-2025-04-14'],
      tier: 'mid',
      contextTokens: 1_047_576,
      maxOutputTokens: 32_768,
      capabilities: plain,
      cache: retained,
      multipliers: { batch: 0.5, priority: 1.75 },
    },
    {
      id: 'gpt-4.1-mini',
      aliases: ['gpt-4.1-mini-2025-04-14'],
      tier: 'small',
      contextTokens: 1_047_576,
      maxOutputTokens: 32_768,
      capabilities: plain,
      cache: inMemory,
      multipliers: { batch: 0.5, priority: 1.75 },
    },
    {
      id: 'gpt-4.1-nano',
      aliases: ['gpt-4.1-nano-2025-04-14'],
      tier: 'small',
      contextTokens: 1_047_576,
      maxOutputTokens: 32_768,
      capabilities: { ...plain, pdf: false },
      cache: inMemory,
      multipliers: { batch: 0.5, priority: 2 },
    },
    {
      id: 'gpt-4o',
      aliases: ['gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'],
      tier: 'mid',
      contextTokens: 128_000,
      maxOutputTokens: 16_384,
      capabilities: plain,
      cache: inMemory,
      multipliers: { batch: 0.5, priority: 1.7 },
    },
    {
      id: 'gpt-4o-mini',
      aliases: ['gpt-4o-mini-2024-07-18'],
      tier: 'small',
      contextTokens: 128_000,
      maxOutputTokens: 16_384,
      capabilities: plain,
      cache: inMemory,
      multipliers: { batch: 0.5, priority: 5 / 3 },
    },
  ],
}
