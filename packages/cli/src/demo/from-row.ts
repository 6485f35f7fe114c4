import type { RecordedAnswer } from '@routewise/simulator'
import type { Outcome, Row, RowTurn } from '../input/row.ts'
import type { Conversation, Step } from './conversation.ts'

/** What stands for the text of a recorded answer that has only its score. */
const NO_TEXT = '(The text of this answer was not recorded.)'

/** One row of the user's input as a conversation. `live`: what was recorded is left aside, as real models will answer. */
export function fromRow(row: Row, { live = false }: { live?: boolean } = {}): Conversation {
  const outcomes = live ? undefined : row.outcomes
  return {
    id: `${row.line}:${row.id}`,
    start: row.start,
    tools: row.tools,
    turns: row.turns.map((turn, at) => ({ id: `${row.line}/${at + 1}`, task: row.task, steps: [stepOf(turn, outcomes)] })),
  }
}

function stepOf({ messages, reply }: RowTurn, outcomes: Row['outcomes']): Step {
  const ask = { type: 'messages', messages } as const
  if (outcomes !== undefined) {
    const models = Object.fromEntries([...outcomes].map(([model, outcome]) => [model, recorded(outcome)]))
    return { ask, recording: { models }, score: (_, model) => outcomes.get(model)?.score }
  }
  if (reply === undefined) return { ask }
  const { text, toolCalls } = reply
  const answer = toolCalls.length > 0 ? { toolCalls: toolCalls.map(({ name, arguments: input }) => ({ name, input })) } : { text }
  return { ask, recording: { answer }, reference: { text, toolCalls } }
}

const recorded = ({ text, inputTokens, outputTokens, latencyMs }: Outcome): RecordedAnswer => ({
  text: text ?? NO_TEXT,
  ...(inputTokens === undefined ? {} : { inputTokens }),
  ...(outputTokens === undefined ? {} : { outputTokens }),
  ...(latencyMs === undefined ? {} : { latencyMs }),
})
