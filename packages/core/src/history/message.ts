import { mediaTokens } from '../describe/media.ts'
import { estimateTokens } from '../describe/tokens.ts'
import { RouterError } from '../errors.ts'
import { isJson } from '../wires/json.ts'

/** Who a message is of; `tool` is a tool's result. */
export type HistoryRole = 'system' | 'user' | 'assistant' | 'tool'

/** How messages are read. The defaults read those of LangChain, of the AI SDK and of OpenAI's chats. */
export interface MessageReader<Message> {
  roleOf?: ((message: Message) => HistoryRole) | undefined
  /** Estimated `o200k` tokens. */
  tokensOf?: ((message: Message) => number) | undefined
}

const ROLES: Readonly<Record<string, HistoryRole>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  generic: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
}

// OpenAI's framing, as gpt-tokenizer counts it.
const TOKENS_PER_MESSAGE = 3
/** Members that say what something is, not what it says. */
const UNREAD = new Set([
  'type',
  'id',
  'role',
  'toolCallId',
  'tool_call_id',
  'providerOptions',
  'cache_control',
  'mediaType',
  'mimeType',
  'signature',
])
/** Deeper than this nobody's arguments are. */
const MAX_DEPTH = 50
/** Longer texts without a space are data of an image or a file. */
const LONGEST_WORD = 4_096

/**
 * Whose message it is, of LangChain, the AI SDK or an OpenAI chat.
 * @throws RouterError `invalid_option` for anything else: give `roleOf`.
 */
export function roleOfMessage(message: unknown): HistoryRole {
  const { role, type } = isJson(message) ? message : {}
  const known = ROLES[String(role)] ?? ROLES[String(type)]
  if (known !== undefined) return known
  throw new RouterError(
    'invalid_option',
    `A message with role ${JSON.stringify(role ?? type) ?? 'undefined'} is none of those that are known: give \`roleOf\`.`,
  )
}

/** Estimated `o200k` tokens of a message of LangChain, the AI SDK or an OpenAI chat, its tool calls and media included. */
export function tokensOfMessage(message: unknown): number {
  if (!isJson(message)) return 0
  const { content, tool_calls: calls, function_call: call } = message
  return Math.ceil(TOKENS_PER_MESSAGE + tokensOfValue(content, 0) + tokensOfValue(calls, 0) + tokensOfValue(call, 0))
}

function tokensOfValue(value: unknown, depth: number): number {
  if (typeof value === 'string') return tokensOfText(value)
  if (typeof value === 'number' || typeof value === 'boolean') return 1
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return 0
  if (ArrayBuffer.isView(value)) return 0
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + tokensOfValue(item, depth + 1), 0)
  const medium = mediumOf(value)
  if (medium !== undefined) return mediaTokens({ kind: medium, reference: '' })
  let tokens = 0
  for (const [name, member] of Object.entries(value)) {
    if (UNREAD.has(name)) continue
    tokens += tokensOfValue(member, depth + 1)
    // Names of arguments are read, too; those of a part of a message are its form.
    if (depth > 1) tokens += 1
  }
  return tokens
}

const tokensOfText = (text: string): number =>
  text.length > LONGEST_WORD && !text.slice(0, LONGEST_WORD).includes(' ')
    ? mediaTokens({ kind: 'image', reference: '' })
    : estimateTokens(text)

/** What a part of a message shows or plays. */
function mediumOf(part: object): 'image' | 'pdf' | 'audio' | undefined {
  const { type, mediaType, mimeType } = part as Record<string, unknown>
  const media = typeof mediaType === 'string' ? mediaType : typeof mimeType === 'string' ? mimeType : ''
  if (type === 'image' || type === 'image_url' || media.startsWith('image/')) return 'image'
  if (type === 'input_audio' || type === 'audio' || media.startsWith('audio/')) return 'audio'
  if (type === 'file' || type === 'document') return 'pdf'
  return undefined
}
