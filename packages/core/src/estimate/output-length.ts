import type { Task } from '../types.ts'

/** Answer lengths before anything was seen, in tokens, by task. */
const PRIOR_TOKENS: ReadonlyMap<Task, number> = new Map([
  ['chat', 250],
  ['code', 600],
  ['extraction', 150],
  ['classification', 20],
  ['summarization', 250],
  ['translation', 300],
  ['reasoning', 500],
  ['writing', 600],
  ['agent', 150],
])
const OTHER_TOKENS = 300
/** The prior counts as this many answers; after that the newest answers weigh at least `MIN_WEIGHT`. */
const PRIOR_ANSWERS = 3
const MIN_WEIGHT = 0.05
/** Tasks may be named by users: the first so many are learned, the rest keep their prior. */
const MAX_TASKS = 100

const priorTokens = (task: Task): number => PRIOR_TOKENS.get(task) ?? OTHER_TOKENS

/**
 * Learns how long one target's answers are, by task. `prior`: tokens before anything was seen; what other targets' answers to such calls
 * come to is a better guess than ours.
 */
export function createOutputLengths(prior: (task: Task) => number = priorTokens) {
  const lengths = new Map<Task, { mean: number; seen: number }>()
  return {
    /** Expected output tokens; the caller's limit caps it. */
    expect(task: Task, maxOutputTokens: number | undefined): number {
      const mean = lengths.get(task)?.mean ?? prior(task)
      return Math.round(Math.min(mean, maxOutputTokens ?? Number.POSITIVE_INFINITY))
    },
    observe(task: Task, outputTokens: number): void {
      let length = lengths.get(task)
      if (length === undefined) {
        if (lengths.size >= MAX_TASKS) return
        length = { mean: prior(task), seen: PRIOR_ANSWERS }
        lengths.set(task, length)
      }
      length.seen += 1
      length.mean += Math.max(MIN_WEIGHT, 1 / length.seen) * (outputTokens - length.mean)
    },
  }
}
