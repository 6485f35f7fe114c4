import type { FinishReason, Usage } from '@routewise/core'
import type { HttpReply, Problem, PromptBlock, SimRequest } from '../types.ts'
import type { JsonObject } from './json.ts'

/** What sets a vendor apart on OpenAI's chat wire. */
export interface Flavour {
  id: string
  /** The body of `usage`. */
  usage(usage: Usage): JsonObject
  /**
   * Where a stream carries usage. `own-chunk`: after the finish, in a chunk without choices, if `include_usage` was asked for.
   * `finish-chunk`: with the finish reason, always, unless `include_usage` asks for a chunk of its own. `x-groq`: in `x_groq` of the last chunk, always.
   */
  streamUsage: 'own-chunk' | 'finish-chunk' | 'x-groq'
  /** A tool-call id from 24 hexadecimal digits. */
  callId(id: string): string
  /** Throws for an id in the history that the vendor refuses. */
  checkCallId(id: string, param: string): void
  /** Tool calls come whole, in one chunk. */
  wholeCalls: boolean
  /** Field of a message that shows the reasoning; `undefined`: it is never shown. */
  reasoningField?: 'reasoning_content' | 'reasoning' | 'content'
  /** Whether the request lets the model reason. */
  reasons(body: JsonObject): boolean
  showsReasoning(body: JsonObject): boolean
  /** A refusal has a field of its own; else it is text. */
  refusalField: boolean
  finishReason(reason: FinishReason): string
  /** Steers to a machine by a header. */
  cacheKey(headers: Readonly<Record<string, string>>): string | undefined
  promptCache(asked: SimRequest['promptCache'], blocks: readonly PromptBlock[]): SimRequest['promptCache']
  error(problem: Problem): HttpReply
}
