import type { Task } from '@routewise/core'

/** The part of JSON Schema that the workload's tools and answers use. */
export interface JsonSchema {
  type?: JsonType | readonly JsonType[]
  description?: string
  enum?: readonly (string | number | null)[]
  pattern?: string
  minimum?: number
  maximum?: number
  properties?: Readonly<Record<string, JsonSchema>>
  required?: readonly string[]
  additionalProperties?: false
  items?: JsonSchema
}

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'

/** A tool the desk's assistant may call. */
export interface Tool {
  name: string
  description: string
  parameters: JsonSchema
}

/** A named schema that every answer of a conversation is held to. */
export interface AnswerSchema {
  name: string
  schema: JsonSchema
}

export interface ToolCall {
  name: string
  arguments: Readonly<Record<string, unknown>>
}

/** What a model gave back; either part may be empty, not both. */
export interface Answer {
  text: string
  toolCalls: readonly ToolCall[]
}

/** How an answer is scored from itself alone. Text is compared without regard to case, spacing or emphasis. */
export type Check =
  /** The share of terms found; a term may be a list of wordings of which one is enough. */
  | { type: 'contains-all'; terms: readonly (string | readonly string[])[] }
  | { type: 'not-contains'; terms: readonly string[] }
  /** The share of patterns that match; case is ignored. */
  | { type: 'matches-all'; patterns: readonly string[] }
  /** Some number in the text lies within `tolerance` of `value`. */
  | { type: 'number'; value: number; tolerance: number }
  /** Of all `labels`, the text names `value` and no other. */
  | { type: 'label'; value: string; labels: readonly string[] }
  /** The share of fields that are equal; the text is JSON, bare or in a code fence. */
  | { type: 'json-equals'; value: unknown }
  /** The share of calls made with exactly these arguments, in any order; a call too many counts against it. */
  | { type: 'tool-calls'; calls: readonly ToolCall[] }
  | { type: 'words'; min: number; max: number }
  /** As good as the worst of its parts. */
  | { type: 'all'; checks: readonly Check[] }

/** One answer of a model: a good one, a plausible mistake of a weaker model, and how to tell. */
export interface Reply {
  right: Answer
  wrong: Answer
  check: Check
}

/** What happens after the right tool calls: their results, in the order of the calls, and the reply that follows. */
export interface AfterTools extends Reply {
  toolResults: readonly string[]
  afterTools?: AfterTools
}

/** A user's message and what answers it. `afterTools` is present exactly when the right answer calls tools. */
export interface Turn extends Reply {
  user: string
  task: Task
  /** 0 is what any model gets right, 1 is what few do. Easy ends below 0.4, middling below 0.7. */
  difficulty: number
  afterTools?: AfterTools
}

export interface Conversation {
  id: string
  /** Id of the shared system prompt. */
  system: string
  /** What most of its turns are. */
  task: Task
  /** Names of the tools offered. Default: none. */
  tools?: readonly string[]
  /** Name of the schema that its answers satisfy. Default: answers are text. */
  schema?: string
  turns: readonly Turn[]
}

/** The demo's own input: everything that its conversations refer to, by id or name. */
export interface Workload {
  systems: Readonly<Record<string, string>>
  tools: Readonly<Record<string, Tool>>
  schemas: Readonly<Record<string, AnswerSchema>>
  conversations: readonly Conversation[]
}
