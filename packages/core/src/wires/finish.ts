import type { FinishReason } from '../types.ts'
import { jsonOf, objectsOf, type Json } from './json.ts'

/** Finish reasons of OpenAI's chat completions and the vendors that speak it. */
export function chatFinish(reason: string, refused = false): FinishReason {
  switch (reason) {
    case 'stop':
    case 'eos':
      return refused ? 'refusal' : 'stop'
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return 'length'
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls'
    case 'content_filter':
      return 'content-filter'
    case 'error':
    case 'insufficient_system_resource':
      return 'error'
    default:
      return 'other'
  }
}

/** The end of a response of OpenAI's Responses, which has no word for it but its status; `undefined`: it has not ended, or has failed. */
export function responsesFinish({ status, incomplete_details: details, output }: Json): FinishReason | undefined {
  if (status === 'incomplete') return jsonOf(details)['reason'] === 'content_filter' ? 'content-filter' : 'length'
  if (status !== 'completed') return undefined
  const items = objectsOf(output)
  if (items.some(({ type }) => type === 'function_call' || type === 'custom_tool_call')) return 'tool-calls'
  const refused = items.some(({ content }) => objectsOf(content).some(({ type }) => type === 'refusal'))
  return refused ? 'refusal' : 'stop'
}

/** Stop reasons of Anthropic's Messages. */
export function anthropicFinish(reason: string): FinishReason {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'tool_use':
      return 'tool-calls'
    case 'refusal':
      return 'refusal'
    default:
      return 'other'
  }
}

/** Finish reasons of Gemini, which has none of its own for tool calls. */
export function geminiFinish(reason: string, calledTool: boolean): FinishReason {
  switch (reason) {
    case 'STOP':
      return calledTool ? 'tool-calls' : 'stop'
    case 'MAX_TOKENS':
      return 'length'
    case 'SAFETY':
    case 'RECITATION':
    case 'LANGUAGE':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
    case 'IMAGE_SAFETY':
      return 'content-filter'
    case 'MALFORMED_FUNCTION_CALL':
    case 'UNEXPECTED_TOOL_CALL':
      return 'error'
    default:
      return 'other'
  }
}
