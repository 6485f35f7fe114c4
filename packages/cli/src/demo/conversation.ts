import type { Recording } from '@routewise/simulator'
import type { Message, ToolCall, ToolDefinition } from '../input/row.ts'

/** What a model gave back; either part may be empty. */
export interface Answer {
  text: string
  toolCalls: readonly ToolCall[]
}

/** One call of the model: what is new, what a simulated model says to it, and how the answer is judged. */
export interface Step {
  /** Messages to add; or what tools returned for the calls of the step before, in their order. */
  ask: { type: 'messages'; messages: readonly Message[] } | { type: 'tool-results'; results: readonly string[] }
  /** What simulated models say; absent: an answer is drawn. */
  recording?: Recording
  /** Quality of an answer of this model, 0 to 1; absent or `undefined`: nobody can tell. */
  score?(answer: Answer, model: string): number | undefined
  /** What the conversation goes on with unless the answer was entirely right; absent: whatever was answered. */
  reference?: Answer
}

/** What happens until the user has an answer: one step, or several when tools are called. */
export interface Turn {
  /** Unique in a run; names its requests on the bill. */
  id: string
  task: string
  steps: readonly Step[]
}

export interface Conversation {
  id: string
  /** What the app tells the router about its work; absent: the router's own hint decides. */
  task?: string
  /** What precedes the first turn: the system prompt, earlier messages. */
  start: readonly Message[]
  tools: readonly ToolDefinition[]
  /** Every answer must be JSON of this schema. */
  schema?: { name: string; schema: Readonly<Record<string, unknown>> }
  turns: readonly Turn[]
}

/** The demo's input: read anew for each of the two runs, so that it need not fit in memory. */
export interface Source {
  /** Number of turns, for progress and for the timing of the outage. */
  turns: number
  open(signal: AbortSignal): AsyncIterable<Conversation> | Iterable<Conversation>
}
