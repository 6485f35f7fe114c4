import { jsonOf, objectsOf, type Json } from '@routewise/core'
import { blockPlaces } from '../dialect/item-blocks.ts'
import { noWords } from './no-words.ts'
import { unsealed } from './sealed-thoughts.ts'

/** How input is translated. */
export interface InputOptions {
  /** Thoughts of earlier turns go along, as `reasoning_content`; some vendors ask for them, others refuse them. */
  keepsReasoning: boolean
  /** Gets where each block of the input, as it is described, ends among the messages. */
  places?: number[]
}

/** A message that is being put together. */
interface Message extends Json {
  role: string
  content?: unknown
  tool_calls?: Json[]
  reasoning_content?: string
  reasoning_details?: readonly Json[]
}

/**
 * Chat messages that say what the input of a Responses request says.
 * @throws RouterError `unsupported` for what a chat has no words for; it names the item.
 */
export function chatMessages(request: Json, { keepsReasoning, places }: InputOptions): readonly Json[] {
  const { instructions, input } = request
  const messages: Message[] = []
  /** Images and files that tools gave: a tool's message is text, so that they follow as the user's. */
  let shown: Json[] = []
  let thoughts: string[] = []
  /** Signed thoughts whose answer has not come yet. */
  let sealed: readonly Json[] = []
  const blocks = places === undefined ? undefined : blockPlaces(request)
  if (places !== undefined && typeof instructions === 'string') places[0] = 0
  if (typeof instructions === 'string') messages.push({ role: 'system', content: instructions })
  if (typeof input === 'string') return [...messages, { role: 'user', content: input }]

  function push(message: Message): void {
    if (message.role !== 'tool' && shown.length > 0) {
      messages.push({ role: 'user', content: shown })
      shown = []
    }
    messages.push(message)
  }

  /** What the model says in one turn is one message: its text, and its calls. */
  function assistant(): Message {
    const last = messages.at(-1)
    const message: Message = last?.role === 'assistant' ? last : { role: 'assistant', content: null }
    if (message !== last) push(message)
    if (thoughts.length > 0 && keepsReasoning) message.reasoning_content = thoughts.join('\n')
    thoughts = []
    if (sealed.length > 0) addDetails(message, sealed)
    sealed = []
    return message
  }

  /** They come behind the answer that they led to. */
  function addSealed(details: readonly Json[]): void {
    const last = messages.at(-1)
    if (last?.role === 'assistant') addDetails(last, details)
    else sealed = details
  }

  function addCall(call: Json): void {
    const message = assistant()
    ;(message.tool_calls ??= []).push(call)
  }

  function addMessage(item: Json, at: number): void {
    const role = String(item['role'])
    if (role !== 'assistant') return push({ role: role === 'developer' ? 'system' : role, content: contentOf(item['content'], at) })
    const message = assistant()
    const text = `${typeof message.content === 'string' ? message.content : ''}${spokenText(item['content'])}`
    message.content = text === '' && message.tool_calls !== undefined ? null : text
  }

  function addOutput({ call_id: id, output }: Json, at: number): void {
    const parts = typeof output === 'string' ? [] : objectsOf(output)
    const texts = parts.filter(isText).map(({ text }) => String(text))
    const others = parts.filter(part => !isText(part)).map(part => partOf(part, at))
    push({ role: 'tool', tool_call_id: id, content: typeof output === 'string' ? output : texts.join('\n') })
    if (others.length > 0) shown.push({ type: 'text', text: `Output of the tool call ${String(id)}:` }, ...others)
  }

  for (const [at, item] of objectsOf(input).entries()) {
    switch (item['type'] ?? 'message') {
      case 'message':
        addMessage(item, at)
        break
      case 'function_call':
        addCall({ id: item['call_id'], type: 'function', function: { name: item['name'], arguments: item['arguments'] } })
        break
      case 'custom_tool_call':
        addCall({ id: item['call_id'], type: 'custom', custom: { name: item['name'], input: item['input'] } })
        break
      case 'function_call_output':
      case 'custom_tool_call_output':
        addOutput(item, at)
        break
      case 'reasoning':
        thoughts.push(...objectsOf(item['summary']).map(({ text }) => String(text)))
        addSealed(unsealed(item['encrypted_content']))
        break
      default:
        throw noWords(`input[${at}]`, item['type'])
    }
    const block = blocks?.[at]
    if (places !== undefined && block !== undefined && block >= 0) places[block] = messages.length - 1
  }
  if (shown.length > 0) messages.push({ role: 'user', content: shown })
  return messages
}

const addDetails = (message: Message, details: readonly Json[]): void => {
  if (details.length > 0) message.reasoning_details = [...(message.reasoning_details ?? []), ...details]
}

const isText = ({ type }: Json): boolean => type === 'input_text' || type === 'output_text' || type === 'text'

/** Plain text stays plain: not every vendor takes parts everywhere. */
function contentOf(content: unknown, at: number): unknown {
  if (!Array.isArray(content)) return content
  const parts = objectsOf(content)
  const [only] = parts
  if (parts.length === 1 && only !== undefined && isText(only) && only['prompt_cache_breakpoint'] === undefined) return only['text']
  return parts.map(part => partOf(part, at))
}

/** What the model itself has said: its text, and why it has said none. */
function spokenText(content: unknown): string {
  if (typeof content === 'string') return content
  return objectsOf(content)
    .map(({ text, refusal }) => [text, refusal].filter(said => typeof said === 'string').join(''))
    .join('')
}

function partOf(part: Json, at: number): Json {
  const mark = part['prompt_cache_breakpoint'] === undefined ? {} : { prompt_cache_breakpoint: part['prompt_cache_breakpoint'] }
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: part['text'], ...mark }
    case 'input_image':
      if (typeof part['image_url'] !== 'string') throw noWords(`input[${at}]`, 'an image without `image_url`')
      return {
        type: 'image_url',
        image_url: { url: part['image_url'], ...(part['detail'] != null && { detail: part['detail'] }) },
        ...mark,
      }
    case 'input_file': {
      const { file_data, file_id, filename } = part
      if (typeof file_data !== 'string' && typeof file_id !== 'string') throw noWords(`input[${at}]`, 'a file without `file_data`')
      const file = { ...(file_data != null && { file_data }), ...(file_id != null && { file_id }), ...(filename != null && { filename }) }
      return { type: 'file', file, ...mark }
    }
    case 'input_audio':
      return { type: 'input_audio', input_audio: jsonOf(part['input_audio']), ...mark }
    default:
      throw noWords(`input[${at}]`, part['type'])
  }
}
