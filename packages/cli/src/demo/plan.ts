import type { ModelCard, Policy } from '@routewise/core'
import type { Skill } from '@routewise/simulator'
import type { Source } from './conversation.ts'

/** All that the two runs need to know. */
export interface DemoPlan {
  source: Source
  /** Called alone before; in the pool after. */
  flagship: ModelCard
  /** Cards with the quality that the user has told the router. */
  pool: readonly ModelCard[]
  /** Of simulated models, where answers are right or wrong by skill. */
  skills: Readonly<Record<string, Skill>>
  policy: Policy
  /** What a reader must know to judge the figures. */
  notes: readonly string[]
}

/** What the user has asked for, whatever the input. */
export interface DemoOptions {
  seed: number
  /** At most so many conversations, or rows of the input. */
  limit: number
  /** Conversations at once. */
  concurrency: number
  /** Provider milliseconds per real millisecond; `undefined`: by the length of the input. */
  timeScale: number | undefined
}
