import type { Answer, ToolCall } from '@routewise/core'
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import type { ChatCall, Mending } from './call.ts'
import { answerSchemaOf } from './describe.ts'

/**
 * The call again, with the answer and what is wrong with it. Tool calls are answered by their results, as a tool that fails does: after
 * these, Mistral takes no message of the user's.
 */
export function mend(call: ChatCall, answer: Answer, fault: string): ChatCall {
  const mending: Mending = { messages: call.messages, answer, fault }
  const offered = call.tools !== undefined || call.structured !== undefined
  return { ...call, mending, messages: (offered ? mendingByResults(mending) : undefined) ?? mendingInWords(mending) }
}

/** `undefined` when there are no tool calls, or arguments that no provider takes back. */
function mendingByResults({ messages, answer: { text, toolCalls }, fault }: Mending): readonly BaseMessage[] | undefined {
  const calls = toolCalls.map((call, at) => ({ type: 'tool_call' as const, id: idOf(at), name: call.name, args: argumentsOf(call) }))
  if (calls.length === 0 || !calls.every(isWhole)) return undefined
  const content = `Nothing was done. ${fault}\n\nMake ${calls.length > 1 ? 'these calls' : 'the call'} again, corrected, and say nothing else.`
  const results = calls.map(({ id, name }) => new ToolMessage({ tool_call_id: id, name, status: 'error', content }))
  return [...messages, new AIMessage({ content: text, tool_calls: calls }), ...results]
}

/** In words alone: valid for every provider, whatever it demands of tool calls that come back to it. */
export function mendingInWords({ messages, answer: { text, toolCalls }, fault }: Mending): readonly BaseMessage[] {
  const said = [text, ...toolCalls.map(call => `${call.name}(${call.arguments})`)].filter(part => part.trim() !== '')
  const again = toolCalls.length > 0 ? 'Call again, corrected, and say nothing else.' : 'Give the corrected answer, and nothing else.'
  return [...messages, new AIMessage(said.join('\n\n') || '(No answer.)'), new HumanMessage(`${fault}\n\n${again}`)]
}

/** Asks for the rest of an answer. */
export const GO_ON =
  'Your answer was cut off. Go on exactly where it stopped, with the very next character: repeat nothing of it, and say nothing about this.'

/** The call again, to go on from `text`; `undefined` where more than text is asked for. */
export function goOn(call: ChatCall, text: string): ChatCall | undefined {
  const { tools, structured, options, messages } = call
  const asksForMore =
    tools !== undefined || structured !== undefined || answerSchemaOf(options) !== undefined || options['response_format'] !== undefined
  if (asksForMore || text.trim() === '') return undefined
  return { ...call, messages: [...messages, new AIMessage(text), new HumanMessage(GO_ON)] }
}

/** Nine letters and digits, which every provider takes as an id. */
const idOf = (at: number): string => `mend${String(at).padStart(5, '0')}`

function argumentsOf({ arguments: json }: ToolCall): Record<string, unknown> | undefined {
  try {
    const args: unknown = JSON.parse(json === '' ? '{}' : json)
    return typeof args === 'object' && args !== null && !Array.isArray(args) ? (args as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

const isWhole = <Call extends { name: string; args: unknown }>(call: Call): call is Call & { args: Record<string, unknown> } =>
  call.args !== undefined && call.name !== ''
