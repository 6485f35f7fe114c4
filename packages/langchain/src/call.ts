import type { Answer, Reading } from '@routewise/core'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import type { BaseMessage } from '@langchain/core/messages'
import type { ChatGenerationChunk, ChatResult } from '@langchain/core/outputs'
import type { StructuredOutputSpec } from './structured-output.ts'

/** Which of LangChain's three raw methods is called on the candidate that answers. */
export type CallKind = 'generate' | 'stream' | 'events'

/** A call as LangChain makes it, on its way through the router. */
export interface ChatCall {
  kind: CallKind
  messages: readonly BaseMessage[]
  /** Tools as the caller gave them; each candidate binds them in its own way. */
  tools: readonly BindToolsInput[] | undefined
  /** Structured output asked for; each candidate binds it in its own way. */
  structured: StructuredOutputSpec | undefined
  /** What the last of the messages ask for, where they ask to mend an answer. */
  mending?: Mending
  /** Log-probabilities are wanted of those who give them. */
  logprobs?: boolean
  /** Call options for the candidate, without the router's own. */
  options: CandidateOptions
  /** The current turn holds calls of another model, without thoughts, which a model that is set to think refuses to go on from. */
  withoutThinking?: boolean
  /** A cache marker for the end of the tools, once they are bound. */
  toolsMark?: Readonly<Record<string, unknown>>
  /** The provider's routing key, where it is no call option of the class. */
  cacheKey?: string
}

/** An answer that had a fault, and the conversation it was given in. */
export interface Mending {
  messages: readonly BaseMessage[]
  answer: Answer
  fault: string
}

/** Call options as a candidate's raw methods take them: whatever its class knows. */
export type CandidateOptions = Readonly<Record<string, unknown>>

/** One step of an answer: what LangChain calls it, and what it says. A step without a value only informs the router. */
export interface ChatPiece {
  result?: ChatResult
  chunk?: ChatGenerationChunk
  event?: ChatModelStreamEvent
  reading: Reading
  /** What tells its attempt from others: an answer that broke off may go on with the pieces of another. */
  attempt: object
}
