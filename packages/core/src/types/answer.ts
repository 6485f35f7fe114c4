import type { FinishReason, TokenLogprob, Usage } from './call.ts'

/** A tool call of an answer; `arguments` is JSON as the model wrote it. */
export interface ToolCall {
  name: string
  arguments: string
}

/** What a target has said, as far as it has come. */
export interface Answer {
  /** Without reasoning. */
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  /** Empty where the provider gives none. */
  readonly logprobs: readonly TokenLogprob[]
  /** `undefined` until it has ended. */
  readonly finish: FinishReason | undefined
  readonly usage: Partial<Usage>
}

/** Says what is wrong with a value, in words that a model can act on; `undefined` when nothing is. */
export type Check = (value: unknown) => string | undefined

/** What the call itself asks an answer to be. */
export interface Expected {
  /** Checks the parsed JSON of the answer, when the call asks for structured output. */
  output?: Check
  /** Checks the parsed arguments of a tool call, by the tool's name; a tool that is not among them was not offered. */
  tools?: ReadonlyMap<string, Check>
}
