import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { Answer, ToolCall } from '@routewise/core'
import type { LanguageCall, Mending } from './call.ts'

/**
 * The call again, with the answer and what is wrong with it. Tool calls are answered by their results, as a tool that fails does: after
 * these, Mistral takes no message of the user's.
 */
export function mend(call: LanguageCall, answer: Answer, fault: string): LanguageCall {
  const mending: Mending = { prompt: call.options.prompt, answer, fault }
  const offered = (call.options.tools?.length ?? 0) > 0
  const prompt = (offered ? mendingByResults(mending) : undefined) ?? mendingInWords(mending)
  return { ...call, mending, options: { ...call.options, prompt } }
}

/** `undefined` when there are no tool calls, or arguments that no provider takes back. */
function mendingByResults({ prompt, answer: { text, toolCalls }, fault }: Mending): LanguageModelV4Prompt | undefined {
  const calls = toolCalls.map((call, at) => ({ type: 'tool-call' as const, ...idAndName(call, at), input: argumentsOf(call) }))
  if (calls.length === 0 || calls.some(({ toolName, input }) => toolName === '' || input === undefined)) return undefined
  const value = `Nothing was done. ${fault}\n\nMake ${calls.length > 1 ? 'these calls' : 'the call'} again, corrected, and say nothing else.`
  const results = toolCalls.map((call, at) => ({
    type: 'tool-result' as const,
    ...idAndName(call, at),
    output: { type: 'error-text' as const, value },
  }))
  const said = text.trim() === '' ? [] : [{ type: 'text' as const, text }]
  return [...prompt, { role: 'assistant', content: [...said, ...calls] }, { role: 'tool', content: results }]
}

/** In words alone: valid for every provider, whatever it demands of tool calls that come back to it. */
export function mendingInWords({ prompt, answer: { text, toolCalls }, fault }: Mending): LanguageModelV4Prompt {
  const said = [text, ...toolCalls.map(call => `${call.name}(${call.arguments})`)].filter(part => part.trim() !== '')
  const again = toolCalls.length > 0 ? 'Call again, corrected, and say nothing else.' : 'Give the corrected answer, and nothing else.'
  return [...prompt, message('assistant', said.join('\n\n') || '(No answer.)'), message('user', `${fault}\n\n${again}`)]
}

const GO_ON =
  'Your answer was cut off. Go on exactly where it stopped, with the very next character: repeat nothing of it, and say nothing about this.'

/** The call again, to go on from `text`; `undefined` where more than text is asked for. */
export function goOn(call: LanguageCall, text: string): LanguageCall | undefined {
  const { prompt, tools, responseFormat } = call.options
  const asksForMore = (tools?.length ?? 0) > 0 || responseFormat?.type === 'json'
  if (asksForMore || text.trim() === '') return undefined
  return { ...call, options: { ...call.options, prompt: [...prompt, message('assistant', text), message('user', GO_ON)] } }
}

const message = (role: 'assistant' | 'user', text: string): LanguageModelV4Message => ({ role, content: [{ type: 'text', text }] })

/** Nine letters and digits, which every provider takes as an id. */
const idAndName = ({ name }: ToolCall, at: number) => ({ toolCallId: `mend${String(at).padStart(5, '0')}`, toolName: name })

function argumentsOf({ arguments: json }: ToolCall): object | undefined {
  try {
    const args: unknown = JSON.parse(json.trim() === '' ? '{}' : json)
    return typeof args === 'object' && args !== null && !Array.isArray(args) ? args : undefined
  } catch {
    return undefined
  }
}
