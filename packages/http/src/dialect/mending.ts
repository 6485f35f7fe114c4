import { isJson, objectsOf, type Answer, type Json, type ToolCall } from '@routewise/core'
import type { Mending, WireCall } from '../call.ts'
import { asksForJson } from './format.ts'

/**
 * The call again, with the answer and what is wrong with it. Tool calls are answered by their results, as a tool that fails does: after
 * these, Mistral takes no message of the user's.
 */
export function mend(call: WireCall, answer: Answer, fault: string): WireCall {
  const mending: Mending = { body: call.body, answer, fault }
  const offered = objectsOf(call.body['tools']).length > 0
  const said = (offered ? mendingByResults(call, mending) : undefined) ?? inWords(mending)
  return { ...withTurns(call, call.body, said), mending }
}

/** The same call, asking in words alone: valid for every provider, whatever it demands of tool calls that come back to it. */
export const mendInWords = (call: WireCall, mending: Mending): WireCall => withTurns(call, mending.body, inWords(mending))

const GO_ON =
  'Your answer was cut off. Go on exactly where it stopped, with the very next character: repeat nothing of it, and say nothing about this.'

/**
 * The call again, to go on from `text`; `undefined` where more than text is asked for. Nor can a stream of the Responses API be gone on
 * with: its events count on the items that another one has begun.
 */
export function goOn(call: WireCall, text: string): WireCall | undefined {
  const { api, body, stream } = call
  const asksForMore = objectsOf(body['tools']).length > 0 || asksForJson(api, body)
  if (asksForMore || text.trim() === '' || (api === 'responses' && stream)) return undefined
  return withTurns(call, body, [message('assistant', text), message('user', GO_ON)])
}

/** `undefined` when there are no tool calls, or arguments that no provider takes back. */
function mendingByResults({ api }: WireCall, { answer: { text, toolCalls }, fault }: Mending): readonly Json[] | undefined {
  if (toolCalls.length === 0 || !toolCalls.every(isWhole)) return undefined
  const value = `Nothing was done. ${fault}\n\nMake ${toolCalls.length > 1 ? 'these calls' : 'the call'} again, corrected, and say nothing else.`
  const calls = toolCalls.map(({ name, arguments: json }, at) => ({ id: idOf(at), name, arguments: json.trim() === '' ? '{}' : json }))
  const said = text.trim() === '' ? null : text
  if (api === 'chat') {
    const toolCalls = calls.map(({ id, ...called }) => ({ id, type: 'function', function: called }))
    const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: value }))
    return [{ role: 'assistant', content: said, tool_calls: toolCalls }, ...results]
  }
  return [
    ...(said === null ? [] : [message('assistant', said)]),
    ...calls.map(({ id, ...called }) => ({ type: 'function_call', call_id: id, ...called })),
    ...calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: value })),
  ]
}

function inWords({ answer: { text, toolCalls }, fault }: Mending): readonly Json[] {
  const said = [text, ...toolCalls.map(call => `${call.name}(${call.arguments})`)].filter(part => part.trim() !== '')
  const again = toolCalls.length > 0 ? 'Call again, corrected, and say nothing else.' : 'Give the corrected answer, and nothing else.'
  return [message('assistant', said.join('\n\n') || '(No answer.)'), message('user', `${fault}\n\n${again}`)]
}

/** The call with more turns at its end. */
function withTurns(call: WireCall, body: Json, turns: readonly Json[]): WireCall {
  return {
    ...call,
    body: {
      ...body,
      ...(call.api === 'chat' ? { messages: [...objectsOf(body['messages']), ...turns] } : { input: [...inputOf(body), ...turns] }),
    },
    text: undefined,
  }
}

const inputOf = ({ input }: Json): readonly Json[] => (typeof input === 'string' ? [message('user', input)] : objectsOf(input))

/** Both APIs take it. */
const message = (role: 'assistant' | 'user', content: string): Json => ({ role, content })

/** Nine letters and digits, which every provider takes as an id. */
const idOf = (at: number): string => `mend${String(at).padStart(5, '0')}`

function isWhole({ name, arguments: json }: ToolCall): boolean {
  if (name === '') return false
  try {
    return isJson(JSON.parse(json.trim() === '' ? '{}' : json))
  } catch {
    return false
  }
}
