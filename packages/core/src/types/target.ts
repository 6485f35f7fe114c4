import type { Answer, Expected } from './answer.ts'
import type { Block, CachePlan, CallContext, Features, Reading } from './call.ts'
import type { Failure } from './failure.ts'
import type { ModelCard } from './model-card.ts'

/** What is known of a target without calling it. */
export interface TargetFacts {
  id: string
  card: ModelCard
  /** Account or key it is billed to: prompt caches and rate limits are per account. Default: the provider. */
  account?: string
  /**
   * Targets of one group are the same model on several keys, regions or providers: calls are spread among them so that prompts find
   * their caches. Default: targets of one model that name different accounts.
   */
  group?: string
  /** Labels that `allow` and `deny` select by. */
  tags?: readonly string[]
  /** `false`: the target may end a stream without saying so. Default `true`: such an end is a failure. */
  terminalEvent?: boolean
}

/** One callable model endpoint. */
export interface Target<Call, Chunk> extends TargetFacts {
  open(call: Call, io: TargetIo): AsyncIterable<Chunk>
}

export interface TargetIo {
  /** Aborted when the attempt is over, for whatever reason. */
  signal: AbortSignal
  /** To be called when the response's headers are there, with them where they can be seen: they tell of rate limits. */
  onHeaders(headers?: ResponseHeaders): void
}

/** Response headers as a web `Headers` or as a plain record in any case. */
export type ResponseHeaders = { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>

/** What a call is prepared with. */
export interface Wishes {
  /** Asks for log-probabilities, where the target gives them. */
  logprobs?: boolean
  /** Presents the prompt to the provider's cache. */
  cache?: CachePlan | undefined
}

/** Speaks a framework's types for the core. */
export interface Dialect<Call, Chunk> {
  /** A call that one target alone is admitted to is asked of it whatever its card says of its window and capabilities. Default `false`: it is refused. */
  asksLone?: boolean
  /** Describes a call: tokens, needs, prefix blocks, task. */
  describe(call: Call, context: CallContext): Features
  /**
   * Why this target cannot take the conversation, in words that follow "unsupported: "; `undefined`: it can, once it is prepared.
   * Asked for each target of every call, so it should be cheap. Default: all can.
   */
  unfit?(call: Call, target: Target<Call, Chunk>): string | undefined
  /** Makes the call valid for this target, the same way every time, or what is cached of it would be lost. */
  prepare(call: Call, target: Target<Call, Chunk>, wishes?: Wishes): Call
  /** Reads what a chunk says. */
  read(chunk: Chunk, target: Target<Call, Chunk>): Reading
  /** Classifies what a target threw. */
  failure(error: unknown, target: Target<Call, Chunk>): Failure
  /** What a model reads of the call: its tools, one each, then its messages. Asked only where prompts are compared. Default: they cannot be. */
  blocks?(call: Call): readonly Block[]
  /** What the call asks an answer to be, for judges. Default: nothing. */
  expects?(call: Call): Expected
  /** The call again, with the answer that had a `fault` and the request to mend it. Without it nothing is repaired. */
  repair?(call: Call, answer: Answer, fault: string): Call
  /** The call again, with what has been said so far and the request to go on from there; `undefined` when that cannot be asked. */
  resume?(call: Call, text: string): Call | undefined
}
