import { AIMessage } from '@langchain/core/messages'
import { metadataProvider } from './family.ts'
import { withHiddenThoughts } from './hidden-thoughts.ts'
import { originOf, sharesAccount } from './origin.ts'
import type { Reader } from './reader.ts'
import type { ChatCandidate } from './target.ts'
import { callsAs, type IdMap, type ToolCall } from './tool-ids.ts'

type Block = Readonly<Record<string, unknown>>

/**
 * What a model has said, as another takes it: what it thought, signed or sealed means nothing to another provider, or is refused by it, and
 * text and tool calls go on. For the model that said it, it stays the same object. `undefined`: nothing was said, in a turn that failed or
 * was broken off, and providers refuse to hear that.
 */
export function createModelTurns(
  reader: Reader,
  candidates: ReadonlyMap<string, ChatCandidate>,
  ids: IdMap,
): (message: AIMessage) => AIMessage | undefined {
  const { family, model, form } = reader
  const provider = family === undefined ? undefined : metadataProvider[family]

  return message => {
    const calls = message.tool_calls ?? []
    const mapped = callsAs(calls, ids)
    const stays = mapped === calls && takes(message) && staysAsItIs(message)
    const made = stays ? (family === 'anthropic' ? withHiddenThoughts(message) : message) : reduced(message, mapped, family)
    return saysNothing(made) ? undefined : made
  }

  /** Plain text with tool calls is valid everywhere; anything more only for the model that said it. */
  function staysAsItIs(message: AIMessage): boolean {
    const from = originOf(message, candidates)
    if (from.candidate !== undefined && from.candidate.id === reader.candidate?.id) return true
    if (provider === undefined || from.provider !== provider) return isPlain(message)
    if (!holdsSealed(message)) return true
    const isSameModel = from.model === undefined || isModel(from.model, model)
    // OpenAI seals for an account; signatures of the others are their models'.
    return (
      isSameModel &&
      (family !== 'openai' ||
        from.candidate === undefined ||
        reader.candidate === undefined ||
        sharesAccount(from.candidate, reader.candidate))
    )
  }

  /** Whether the class sends the blocks of its own provider's answers: some refuse what they themselves have made. */
  function takes({ content, response_metadata: metadata }: AIMessage): boolean {
    if (typeof content === 'string') return true
    switch (form) {
      case 'google':
        return content.every(block => geminiBlocks.has(block.type))
      case 'mistral':
        return content.every(({ type }) => type === 'text' || type === 'image_url')
      case 'groq':
        return false
      case 'chat':
        // Blocks of OpenAI's other API have fields that this one refuses.
        return metadata['output_version'] === 'v1' || content.every(isPlainText)
      default:
        return true
    }
  }
}

/** Blocks that `ChatGoogleGenerativeAI` knows, without those that it would send a second time as a tool call. */
const geminiBlocks = new Set(['text', 'thinking', 'functionCall', 'executableCode', 'codeExecutionResult', 'media', 'image_url'])

/** Text and tool calls alone. */
export function reduced(message: AIMessage, calls: readonly ToolCall[] = message.tool_calls ?? [], family?: Reader['family']): AIMessage {
  const { name, id } = message
  return new AIMessage({
    content: textOf(message),
    tool_calls: [...calls],
    ...(name !== undefined && family !== 'google' && name !== 'model' && { name }),
    // OpenAI's id of an answer stands for all of it, also for what is left out here.
    ...(id !== undefined && !id.startsWith('msg_') && { id }),
  })
}

// Answers name dated versions: `gpt-6-luna-2026-10-01` is `gpt-6-luna`.
const isModel = (said: string, model: string): boolean => said.startsWith(model) || model.startsWith(said)

const isPlainText = (block: Block): boolean => block['type'] === 'text' && Object.keys(block).every(key => key === 'type' || key === 'text')

const thoughts = new Set(['thinking', 'redacted_thinking', 'reasoning'])
/** Fields of `additional_kwargs` that integrations send back to their provider. */
const sentBack = [
  'reasoning',
  'reasoning_content',
  'tool_outputs',
  'audio',
  '__openai_function_call_ids__',
  '__openai_custom_tool_call_ids__',
] as const
const signatures = '__gemini_function_call_thought_signatures__'

function isPlain({ content, additional_kwargs: extra, response_metadata: metadata }: AIMessage): boolean {
  const fields = metadata ?? {}
  if (fields['output_version'] === 'v1' || Array.isArray(fields['output'])) return false
  if (sentBack.some(key => extra?.[key] !== undefined)) return false
  return typeof content === 'string' || content.every(isPlainText)
}

/** What one model, or one account, has sealed. */
function holdsSealed({ content, additional_kwargs: extra, response_metadata: metadata, id }: AIMessage): boolean {
  if (extra?.['reasoning'] !== undefined || extra?.['__openai_function_call_ids__'] !== undefined || id?.startsWith('msg_') === true)
    return true
  if (Array.isArray((metadata as Block | undefined)?.['output'])) return true
  if (Object.keys(extra?.[signatures] ?? {}).length > 0) return true
  return typeof content !== 'string' && content.some(({ type }) => thoughts.has(type))
}

function textOf({ content, additional_kwargs: extra }: AIMessage): string {
  const text =
    typeof content === 'string'
      ? content
      : content.map(block => (block['type'] === 'text' && typeof block['text'] === 'string' ? block['text'] : '')).join('')
  const refusal: unknown = extra?.['refusal']
  if (text.trim() !== '') return text
  return typeof refusal === 'string' ? refusal : ''
}

/** Of an answer that failed or was broken off before it began. */
export function saysNothing(message: AIMessage): boolean {
  const {
    content,
    tool_calls: calls = [],
    invalid_tool_calls: invalid = [],
    additional_kwargs: extra,
    response_metadata: metadata,
  } = message
  if (calls.length > 0 || invalid.length > 0) return false
  if (['function_call', 'tool_outputs', 'audio', 'refusal'].some(key => extra?.[key] != null)) return false
  if (typeof content !== 'string' && !content.every(isSilent)) return false
  if (typeof content === 'string' && content.trim() !== '') return false
  const { output } = (metadata ?? {}) as { output?: unknown }
  return !Array.isArray(output) || output.every(item => (item as Block | null)?.['type'] === 'reasoning')
}

const isSilent = ({ type, text }: Block): boolean =>
  type === 'text' ? typeof text !== 'string' || text.trim() === '' : thoughts.has(String(type)) || type === 'input_json_delta'
