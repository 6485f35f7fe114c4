import type { CallContext, Features, Reading } from './call.ts'
import type { Failure } from './failure.ts'
import type { ModelCard } from './model-card.ts'

/** What is known of a target without calling it. */
export interface TargetFacts {
  id: string
  card: ModelCard
  /** Account or key it is billed to: prompt caches and rate limits are per account. Default: the provider. */
  account?: string
  /** Labels that `allow` and `deny` select by. */
  tags?: readonly string[]
  /** `false`: the target may end a stream without saying so. Default `true`: such an end is a failure. */
  terminalEvent?: boolean
}

/** One callable model endpoint. */
export interface Target<Call, Chunk> extends TargetFacts {
  open(call: Call, io: { signal: AbortSignal }): AsyncIterable<Chunk>
}

/** Speaks a framework's types for the core. */
export interface Dialect<Call, Chunk> {
  /** Describes a call: tokens, needs, prefix blocks, task. */
  describe(call: Call, context: CallContext): Features
  /** Makes the call valid for this target. */
  prepare(call: Call, target: Target<Call, Chunk>): Call
  /** Reads what a chunk says. */
  read(chunk: Chunk, target: Target<Call, Chunk>): Reading
  /** Classifies what a target threw. */
  failure(error: unknown, target: Target<Call, Chunk>): Failure
}
