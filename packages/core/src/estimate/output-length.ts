import { LRUCache } from 'lru-cache'
import type { Task } from '../types.ts'

/** Answer lengths before anything was seen, in tokens, by task. */
const PRIOR_TOKENS: Readonly<Record<string, number>> = {
  chat: 250,
  code: 600,
  extraction: 150,
  classification: 20,
  summarization: 250,
  translation: 300,
  reasoning: 500,
  writing: 600,
  agent: 150,
}
const OTHER_TOKENS = 300
/** The prior counts as this many answers; after that the newest answers weigh at least `MIN_WEIGHT`. */
const PRIOR_ANSWERS = 3
const MIN_WEIGHT = 0.05

/** Learns how long a model's answers to a task are. Bounded: 2,000 pairs of model and task. */
export function createOutputLengths() {
  const lengths = new LRUCache<string, { mean: number; seen: number }>({ max: 2_000 })
  return {
    /** Expected output tokens; the caller's limit caps it. */
    expect(target: string, task: Task, maxOutputTokens: number | undefined): number {
      const mean = lengths.get(`${target} ${task}`)?.mean ?? PRIOR_TOKENS[task] ?? OTHER_TOKENS
      return Math.round(Math.min(mean, maxOutputTokens ?? Number.POSITIVE_INFINITY))
    },
    observe(target: string, task: Task, outputTokens: number): void {
      const key = `${target} ${task}`
      const length = lengths.get(key) ?? { mean: PRIOR_TOKENS[task] ?? OTHER_TOKENS, seen: PRIOR_ANSWERS }
      length.seen += 1
      length.mean += Math.max(MIN_WEIGHT, 1 / length.seen) * (outputTokens - length.mean)
      lengths.set(key, length)
    },
  }
}
