import type { LanguageModelV4Message, LanguageModelV4Prompt, LanguageModelV4ToolResultPart } from '@ai-sdk/provider'
import { isJson, jsonOf, type Json } from '@routewise/core'
import type { Family } from '@routewise/ai-sdk/target'
import { partOf, type ContentPart } from './content.ts'
import { marked, marksOf, mergeOptions } from './marks.ts'
import { thoughtsOf } from './thoughts.ts'
import { saidByUser } from '../openai/pairing.ts'
import { listAt, shown, textAt, UntranslatableError } from './untranslatable.ts'

type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content']

/**
 * Messages of a chat request as the AI SDK makes them of a conversation of its own, so that both ways to a model share its prompt cache.
 * `places` gets where each message ends in it.
 * @throws UntranslatableError for what the AI SDK has no word for, naming the field.
 */
export function promptOf(messages: unknown, family: Family | undefined, places: number[] = []): LanguageModelV4Prompt {
  const prompt: LanguageModelV4Prompt = []
  const toolNames = new Map<string, string>()
  for (const [at, given] of listAt(messages, 'messages').entries()) {
    const field = `messages[${at}]`
    if (!isJson(given)) throw new UntranslatableError(field, 'expected an object')
    switch (given['role']) {
      case 'system':
      case 'developer':
        prompt.push(...systemMessages(given, field))
        break
      case 'user':
        prompt.push({ role: 'user', content: contentOf(given['content'], field), ...marked(given) })
        break
      case 'assistant': {
        const content = assistantContent(given, field, family, toolNames)
        // An empty turn says nothing, and some providers refuse one.
        if (content.length > 0) prompt.push({ role: 'assistant', content, ...marked(given) })
        break
      }
      case 'tool': {
        const result = toolResult(given, field, family, toolNames)
        if (result === undefined) {
          prompt.push({ role: 'user', content: [{ type: 'text', text: saidByUser(given) }] })
          break
        }
        const last = prompt.at(-1)
        if (last?.role === 'tool') last.content.push(result)
        else prompt.push({ role: 'tool', content: [result] })
        break
      }
      default:
        throw new UntranslatableError(`${field}.role`, `${shown(given['role'])} is no role of a message`)
    }
    places.push(prompt.length - 1)
  }
  return prompt
}

/** One message, or one for each part where a part ends what is to be cached. */
function systemMessages(message: Json, field: string): LanguageModelV4Prompt {
  const content = message['content']
  if (typeof content === 'string') return [{ role: 'system', content, ...marked(message) }]
  const parts = contentOf(content, field)
  if (!parts.some(({ providerOptions }) => providerOptions !== undefined))
    return [{ role: 'system', content: parts.map(textOf).join(''), ...marked(message) }]
  return parts.map((part, at) => {
    const { providerOptions } = part
    const own = at === parts.length - 1 ? marked(message).providerOptions : undefined
    const marks = own === undefined ? providerOptions : mergeOptions(own, providerOptions)
    return { role: 'system', content: textOf(part), ...(marks !== undefined && { providerOptions: marks }) }
  })
}

const textOf = (part: ContentPart): string => (part.type === 'text' ? part.text : '')

/** Parts of a message; texts of nothing are left out of a list, as the AI SDK leaves them out. */
function contentOf(content: unknown, field: string): ContentPart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return listAt(content, `${field}.content`)
    .map((part, at) => partOf(jsonOf(part), `${field}.content[${at}]`))
    .filter(part => part.type !== 'text' || part.text !== '')
}

function assistantContent(message: Json, field: string, family: Family | undefined, toolNames: Map<string, string>): AssistantContent {
  const { content, refusal, tool_calls: calls, provider_metadata: metadata } = message
  const thoughts = thoughtsOf(message, family)
  // Mistral's thoughts are parts of the content.
  const spoken = Array.isArray(content) ? content.filter(part => jsonOf(part)['type'] !== 'thinking') : content
  const said = spoken === null || spoken === undefined || spoken === '' ? [] : contentOf(spoken, field)
  if (said.length === 0 && typeof refusal === 'string' && refusal !== '') said.push({ type: 'text', text: refusal })
  const last = said.at(-1)
  const kept = isJson(metadata) ? metadata : thoughts.ofText
  if (kept !== undefined && last !== undefined) last.providerOptions = mergeOptions(kept, last.providerOptions)
  const parts: AssistantContent = [...thoughts.parts, ...said]
  for (const [at, given] of listAt(calls, `${field}.tool_calls`).entries()) {
    const call = jsonOf(given)
    const where = `${field}.tool_calls[${at}]`
    const id = textAt(call['id'], `${where}.id`)
    const { name, arguments: json } = jsonOf(call['function'])
    if (call['type'] === 'custom') throw new UntranslatableError(where, 'calls of custom tools cannot be sent to this model')
    const toolName = textAt(name, `${where}.function.name`)
    toolNames.set(id, toolName)
    const kept = call['provider_metadata']
    const marks = mergeOptions(isJson(kept) ? kept : thoughts.ofCalls.get(id), marksOf(call))
    const hasMarks = Object.keys(marks).length > 0
    parts.push({ type: 'tool-call', toolCallId: id, toolName, input: inputOf(json), ...(hasMarks && { providerOptions: marks }) })
  }
  return parts
}

/** Arguments that are no JSON object are what a call of the AI SDK's has after it was refused for them: none. */
function inputOf(json: unknown): Json {
  try {
    return jsonOf(JSON.parse(String(json)))
  } catch {
    return {}
  }
}

/** `undefined`: its call is gone, as where a history was cut. */
function toolResult(
  message: Json,
  field: string,
  family: Family | undefined,
  toolNames: ReadonlyMap<string, string>,
): LanguageModelV4ToolResultPart | undefined {
  const toolCallId = textAt(message['tool_call_id'], `${field}.tool_call_id`)
  const toolName = toolNames.get(toolCallId)
  if (toolName === undefined) return undefined
  const { content } = message
  const parts = typeof content === 'string' ? [] : contentOf(content, field)
  const items = typeof content === 'string' ? [] : listAt(content, `${field}.content`).map(jsonOf)
  // Some packages fetch what a result names by its address: no client may say what is fetched from here.
  const isFetched = parts.some(part => part.type === 'file' && part.data.type === 'url')
  if (isFetched && family !== 'anthropic')
    throw new UntranslatableError(`${field}.content`, 'media in the result of a tool must come as a `data:` URL')
  const isText = parts.every(({ type }) => type === 'text')
  return {
    type: 'tool-result',
    toolCallId,
    toolName,
    output: isText
      ? { type: 'text', value: typeof content === 'string' ? content : parts.map(textOf).join('') }
      : { type: 'content', value: parts },
    // Texts become one, and what is said of the last of them holds for it.
    ...marked(...(isText ? items.slice(-1) : []), message),
  }
}
