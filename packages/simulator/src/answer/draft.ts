import type { Random } from '@routewise/core'
import { drawLognormal, seededId } from '../seed.ts'
import type { RecordedAnswer } from '../recording.ts'
import type { AnswerPart, SimRequest } from '../types.ts'
import { drawJson } from './json-value.ts'
import { drawText, drawWord } from './words.ts'

const MEDIAN_TEXT_TOKENS = 90
const TEXT_SPREAD = 0.6

/**
 * What the model would say if nothing cut it short: as recorded, else drawn. Tools that are offered are called (all of them, the forced one,
 * or the first where calls may not be parallel) until a tool has answered; a schema is obeyed; else there is text.
 */
export function draftAnswer(request: SimRequest, recorded: RecordedAnswer | undefined, random: Random, id: string): AnswerPart[] {
  const calls = toolCalls(request, recorded, random)
  if (calls.length > 0) {
    return calls.map((call, index) => ({
      type: 'tool-call',
      id: seededId(id, 'call', index),
      name: call.name,
      json: JSON.stringify(call.input),
    }))
  }
  return [{ type: 'text', text: recorded?.text ?? drawnText(request, random) }]
}

function toolCalls(request: SimRequest, recorded: RecordedAnswer | undefined, random: Random): { name: string; input: unknown }[] {
  const { tools, toolChoice, turn } = request
  if (tools.length === 0 || toolChoice.type === 'none') return []
  const demanded = toolChoice.type === 'required' || toolChoice.type === 'tool'
  if (recorded?.toolCalls !== undefined) return [...recorded.toolCalls]
  if (turn === 'tool' && !demanded) return []
  if (recorded?.text !== undefined && !demanded) return []
  const chosen = toolChoice.type === 'tool' ? tools.filter(tool => tool.name === toolChoice.name) : tools
  return (request.parallelTools ? chosen : chosen.slice(0, 1)).map(tool => ({ name: tool.name, input: drawJson(tool.schema, random) }))
}

function drawnText(request: SimRequest, random: Random): string {
  if (request.responseSchema === undefined) {
    return drawText(random, Math.max(4, Math.round(MEDIAN_TEXT_TOKENS * drawLognormal(random, TEXT_SPREAD))))
  }
  const value = request.responseSchema === true ? { answer: drawWord(random) } : drawJson(request.responseSchema, random)
  return JSON.stringify(value)
}
