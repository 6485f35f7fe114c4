import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import type { LanguageCandidate } from '@routewise/ai-sdk/target'
import { isJson, jsonOf, type Json } from '@routewise/core'
import { promptOf } from './prompt.ts'
import { providerOptionsOf, reasoningOf } from './provider-options.ts'
import { toolsOf } from './tools.ts'
import { listAt, numberAt, UntranslatableError } from './untranslatable.ts'

/** A chat request as options of a call of the AI SDK's; `places` gets where each message ends in its prompt. @throws UntranslatableError for what it has no word for, naming the field. */
export function callOptionsOf(
  body: Json,
  candidate: Pick<LanguageCandidate, 'family' | 'model'>,
  headers?: Readonly<Record<string, string>>,
  places?: number[],
): LanguageModelV4CallOptions {
  refuse(body)
  const options: LanguageModelV4CallOptions = { prompt: promptOf(body['messages'], candidate.family, places), ...toolsOf(body) }
  const maxOutputTokens = numberAt(body['max_completion_tokens'] ?? body['max_tokens'], 'max_completion_tokens')
  if (maxOutputTokens !== undefined) options.maxOutputTokens = maxOutputTokens
  for (const [member, option] of numbers) {
    const value = numberAt(body[member], member)
    if (value !== undefined) options[option] = value
  }
  const stop = typeof body['stop'] === 'string' ? [body['stop']] : listAt(body['stop'], 'stop').map(String)
  if (stop.length > 0) options.stopSequences = stop
  const responseFormat = responseFormatOf(body['response_format'])
  if (responseFormat !== undefined) options.responseFormat = responseFormat
  const reasoning = reasoningOf(body)
  if (reasoning !== undefined) options.reasoning = reasoning
  const providerOptions = providerOptionsOf(body, candidate)
  if (providerOptions !== undefined) options.providerOptions = providerOptions
  if (headers !== undefined) options.headers = { ...headers }
  return options
}

const numbers = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['seed', 'seed'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['presence_penalty', 'presencePenalty'],
] as const

/** Members that would change what comes back, and that nobody here could keep. @throws UntranslatableError */
function refuse({ n, modalities, audio, functions, function_call: call, web_search_options: search }: Json): void {
  if (n !== undefined && n !== null && n !== 1) throw new UntranslatableError('n', 'this model gives one answer: leave it out')
  if (isJson(audio) || (Array.isArray(modalities) && modalities.includes('audio')))
    throw new UntranslatableError('modalities', 'this model does not answer in audio: ask for text')
  if (functions !== undefined && functions !== null) throw new UntranslatableError('functions', 'offer them as `tools`')
  if (call !== undefined && call !== null) throw new UntranslatableError('function_call', 'say so by `tool_choice`')
  if (isJson(search)) throw new UntranslatableError('web_search_options', 'this model does not search by them: offer a tool')
}

function responseFormatOf(format: unknown): LanguageModelV4CallOptions['responseFormat'] {
  const { type, json_schema: given } = jsonOf(format)
  if (type === 'json_object') return { type: 'json' }
  if (type !== 'json_schema') return undefined
  const { schema, name, description } = jsonOf(given)
  return {
    type: 'json',
    ...(isJson(schema) && { schema }),
    ...(typeof name === 'string' && { name }),
    ...(typeof description === 'string' && { description }),
  }
}
