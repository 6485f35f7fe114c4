import type { FinishReason } from '@routewise/core'
import type { Answer, AnswerHead, AnswerPart } from '../types.ts'
import { anthropicUsage } from './anthropic-usage.ts'
import { sign } from './signature.ts'

/** What ended the message, with the fields that say so. */
export interface Stop {
  stop_reason: string
  stop_sequence: string | null
  stop_details: { type: 'refusal'; category: null; explanation: string | null } | null
}

/** The message object, as answered whole or opened by `message_start`. */
export function messageOf(head: AnswerHead, usage: Record<string, unknown>): Record<string, unknown> {
  return {
    id: `msg_01${head.id}`,
    type: 'message',
    role: 'assistant',
    model: head.card.id,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    container: null,
    diagnostics: null,
    usage,
  }
}

/** Body of a call that does not stream. */
export function anthropicBody(head: AnswerHead, answer: Answer, showThinking: boolean): unknown {
  const explanation = answer.parts.find(part => part.type === 'refusal')?.text
  return {
    ...messageOf(head, anthropicUsage(answer.usage)),
    content: answer.parts.flatMap(part => blockOf(part, showThinking)),
    ...stopOf(answer.reason, answer.stopSequence, explanation),
  }
}

function blockOf(part: AnswerPart, showThinking: boolean): object[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'reasoning':
      return [{ type: 'thinking', thinking: showThinking ? part.text : '', signature: sign('anthropic', part.text) }]
    case 'tool-call':
      return [{ ...toolUse(part.id, part.name), input: inputOf(part.json) }]
    case 'refusal':
      // A refusal is told in `stop_details`; the content stays as far as it had come.
      return []
  }
}

/** A tool call before its input is known. */
export const toolUse = (id: string, name: string): object => ({
  type: 'tool_use',
  id: `toolu_01${id}`,
  name,
  input: {},
  caller: { type: 'direct' },
})

// Where generation broke off inside the arguments, the API still answers an object.
function inputOf(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

/** Stop fields for a finish. */
export function stopOf(reason: FinishReason, stopSequence?: string, explanation?: string): Stop {
  const refused = reason === 'refusal' || reason === 'content-filter'
  return {
    stop_reason: stopSequence === undefined ? STOP_REASONS[reason] : 'stop_sequence',
    stop_sequence: stopSequence ?? null,
    stop_details: refused ? { type: 'refusal', category: null, explanation: explanation ?? null } : null,
  }
}

const STOP_REASONS: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  refusal: 'refusal',
  error: 'end_turn',
  other: 'end_turn',
}
