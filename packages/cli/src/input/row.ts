/** A call of a tool, free of any wire. */
export interface ToolCall {
  id?: string
  name: string
  arguments: Readonly<Record<string, unknown>>
}

/** A message of a transcript, free of any wire. */
export type Message =
  /** `marked`: worth caching, and marked so for providers that cache only what is. */
  | { role: 'system'; text: string; marked?: boolean }
  | { role: 'user'; text: string; images?: readonly string[] }
  | { role: 'assistant'; text: string; toolCalls: readonly ToolCall[] }
  | { role: 'tool'; text: string; toolCallId: string }

/** A tool that the caller offers. */
export interface ToolDefinition {
  name: string
  description: string
  /** JSON Schema. */
  parameters: Record<string, unknown>
}

/** What one model did with one row, as recorded. */
export interface Outcome {
  /** Quality, 0 to 1; `undefined`: not judged. */
  score: number | undefined
  costUsd: number | undefined
  inputTokens: number | undefined
  outputTokens: number | undefined
  latencyMs: number | undefined
  text: string | undefined
}

/** What a model is asked next. */
export interface RowTurn {
  /** A user's message, or what tools have returned. */
  messages: readonly Message[]
  /** What the transcript says was answered; the conversation goes on with it, whatever a model says. */
  reply?: Extract<Message, { role: 'assistant' }>
}

/** One line of input, whatever its shape was. */
export interface Row {
  line: number
  id: string
  /** For the report; the router does not see it. */
  task: string
  /** What precedes the first turn. */
  start: readonly Message[]
  turns: readonly RowTurn[]
  tools: readonly ToolDefinition[]
  /** By model id, where the row has recorded outcomes. */
  outcomes?: ReadonlyMap<string, Outcome>
}
