import type { ModelCard } from '@routewise/core'

/** A model that can do everything; the higher its rank, the better and the dearer. */
export const cardOf = (id: string, rank: number): ModelCard => ({
  id: `model-${id}`,
  provider: 'modelled',
  wire: 'openai-chat',
  contextTokens: 100_000,
  tokenFactor: 1,
  prices: [{ rates: { input: 4 ** rank, output: 4 ** rank } }],
  cache: { kind: 'none', minTokens: 0, ttls: [], readableAfter: 'first-token', scope: 'org', guaranteed: false },
  capabilities: {
    tools: true,
    forcedTool: true,
    parallelTools: true,
    jsonSchema: true,
    vision: true,
    pdf: true,
    audio: true,
    streaming: true,
    reasoning: false,
    sampling: true,
    logprobs: 'yes',
  },
  quality: { default: 0.5 + rank / 10 },
  firstToken: { baseMs: 1, msPerInputToken: 0 },
  outputTokensPerSecond: 1_000,
  cancelStopsBilling: true,
  source: 'modelled',
  verifiedAt: '2026-11-21',
})
