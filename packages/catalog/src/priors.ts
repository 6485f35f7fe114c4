import type { Task } from '@routewise/core'

/** How able a model is meant to be, as its provider places it in its own range. */
export type Tier = 'small' | 'mid' | 'strong' | 'frontier'

type BuiltInTask = 'chat' | 'code' | 'extraction' | 'classification' | 'summarization' | 'translation' | 'reasoning' | 'writing' | 'agent'

/**
 * Expected share of good answers before anything was measured. An assumption, not a measurement: it says only that a
 * higher tier is better and that the gap is wide for reasoning and agents and narrow for extraction. Replace it with
 * your own figures through `quality` in `overrides` or `defineModel`.
 */
export const qualityByTier: Readonly<Record<Tier, Readonly<Record<'default' | BuiltInTask, number>>>> = {
  small: {
    default: 0.72,
    chat: 0.82,
    code: 0.56,
    extraction: 0.84,
    classification: 0.86,
    summarization: 0.82,
    translation: 0.78,
    reasoning: 0.5,
    writing: 0.7,
    agent: 0.45,
  },
  mid: {
    default: 0.82,
    chat: 0.88,
    code: 0.72,
    extraction: 0.9,
    classification: 0.91,
    summarization: 0.88,
    translation: 0.87,
    reasoning: 0.68,
    writing: 0.8,
    agent: 0.66,
  },
  strong: {
    default: 0.9,
    chat: 0.93,
    code: 0.85,
    extraction: 0.94,
    classification: 0.94,
    summarization: 0.93,
    translation: 0.92,
    reasoning: 0.84,
    writing: 0.88,
    agent: 0.82,
  },
  frontier: {
    default: 0.94,
    chat: 0.95,
    code: 0.92,
    extraction: 0.96,
    classification: 0.95,
    summarization: 0.95,
    translation: 0.94,
    reasoning: 0.92,
    writing: 0.92,
    agent: 0.9,
  },
} satisfies Record<Tier, Record<'default' | Extract<Task, BuiltInTask>, number>>

/** Expected speed before anything was measured; the first measured calls replace it. An assumption as well. */
export const speedByTier: Readonly<Record<Tier, { baseMs: number; msPerInputToken: number; outputTokensPerSecond: number }>> = {
  small: { baseMs: 350, msPerInputToken: 0.01, outputTokensPerSecond: 150 },
  mid: { baseMs: 500, msPerInputToken: 0.02, outputTokensPerSecond: 110 },
  strong: { baseMs: 800, msPerInputToken: 0.03, outputTokensPerSecond: 75 },
  frontier: { baseMs: 1_200, msPerInputToken: 0.05, outputTokensPerSecond: 55 },
}
