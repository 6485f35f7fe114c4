import { isJson, objectsOf, type Json, type ModelCard } from '@routewise/core'
import type { FlavourTraits } from './flavour.ts'
import { withPairedCalls } from './pairing.ts'
import { ownDetails } from './own-thoughts.ts'
import { withFittingIds } from './tool-ids.ts'

/** What vendors say beside a message, and clients send back with it; a server that checks members refuses what is not its own. */
const BESIDE = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking_blocks', 'provider_metadata', 'images'] as const
/** What OpenAI's clients keep of an answer and send back; servers that check members know none of it. */
const OPENAIS = ['refusal', 'annotations', 'audio', 'function_call'] as const

/** Who is to read the messages. */
export interface MessageReader {
  traits: FlavourTraits
  /** Name that the provider takes. */
  model: string
  card: ModelCard
}

/**
 * The messages of a chat as the server takes them: roles it knows, thoughts of its own alone, ids in its form, results behind their calls;
 * `undefined`: it takes them as they are. The same every time, so that what is cached of them is found again.
 */
export function messagesFor(messages: unknown, reader: MessageReader): readonly unknown[] | undefined {
  if (!Array.isArray(messages)) return undefined
  const given: readonly unknown[] = messages
  // Nearly all are as they should be: a list is made where one is not.
  let mended: (Json | undefined)[] | undefined
  let hasTools = false
  let answered: number | undefined
  for (let at = 0; at < given.length; at += 1) {
    const message = given[at]
    if (!isObject(message)) continue
    const { role, content } = message
    hasTools ||= role === 'tool' || (role === 'assistant' && Array.isArray(message['tool_calls']))
    let taken: Json | undefined = messageFor(message, reader)
    if (Array.isArray(content) && !reader.card.capabilities.vision) {
      answered ??= given.findLastIndex(other => isObject(other) && other['role'] === 'assistant')
      if (at < answered) taken = taken && withoutImages(taken)
    }
    if (taken !== message) (mended ??= [...given] as (Json | undefined)[])[at] = taken
  }
  const taken = mended === undefined ? given : mended.filter(message => message !== undefined)
  const fitting = hasTools ? withToolsInOrder(taken, reader) : taken
  return fitting === given ? undefined : fitting
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** `undefined`: it says nothing, as an answer that broke off before its first word, which servers refuse. */
function messageFor(message: Json, reader: MessageReader): Json | undefined {
  const { traits } = reader
  const { role } = message
  if (role === 'developer') return traits.developer ? message : { ...message, role: 'system' }
  if (role !== 'assistant') return message
  if (isEmpty(message)) return undefined
  const spoken = traits.provider === 'openai' || traits.provider === 'azure' ? message : withoutRefusal(message, traits)
  const details = message['reasoning_details']
  const own = details !== undefined && traits.thoughts.includes('reasoning_details') ? ownDetails(details, reader.model) : undefined
  const foreign: readonly string[] = BESIDE.filter(name => name in spoken && !traits.thoughts.some(known => known === name))
  const calls = objectsOf(spoken['tool_calls'])
  const marked = calls.some(call => 'provider_metadata' in call)
  const parts = Array.isArray(spoken['content']) && !traits.thinkingParts ? withoutThinking(spoken['content']) : spoken['content']
  if (spoken === message && foreign.length === 0 && !marked && parts === message['content'] && own === details) return message
  const kept: Record<string, unknown> = Object.fromEntries(Object.entries(spoken).filter(([name]) => !foreign.includes(name)))
  if (parts !== spoken['content']) kept['content'] = parts
  if (own !== details && 'reasoning_details' in kept) {
    if (own === undefined) delete kept['reasoning_details']
    else kept['reasoning_details'] = own
  }
  return marked ? { ...kept, tool_calls: calls.map(({ provider_metadata: _, ...call }) => call) } : kept
}

function isEmpty({ content, tool_calls: calls, refusal, audio, function_call: call }: Json): boolean {
  if (content !== '' && content != null && !(Array.isArray(content) && content.length === 0)) return false
  return (!Array.isArray(calls) || calls.length === 0) && !refusal && !isJson(audio) && !isJson(call)
}

/** A refusal is what was said; elsewhere there is no word of its own for it. */
function withoutRefusal(message: Json, { checksMembers = false }: FlavourTraits): Json {
  const { refusal, content } = message
  const names = checksMembers ? OPENAIS.filter(name => name in message) : typeof refusal === 'string' ? (['refusal'] as const) : []
  const parts = Array.isArray(content) && content.some(part => isJson(part) && part['type'] === 'refusal')
  if (names.length === 0 && !parts) return message
  const kept: Record<string, unknown> = { ...message }
  for (const name of names) delete kept[name]
  if (typeof refusal === 'string' && (content === null || content === undefined || content === '')) kept['content'] = refusal
  if (parts) kept['content'] = objectsOf(content).map(part => (part['type'] === 'refusal' ? { type: 'text', text: part['refusal'] } : part))
  return kept
}

/** Mistral's thoughts are parts of the content. */
function withoutThinking(content: readonly unknown[]): unknown {
  const said = content.filter(part => !isJson(part) || part['type'] !== 'thinking')
  if (said.length === content.length) return content
  return said.every(part => isJson(part) && part['type'] === 'text')
    ? objectsOf(said)
        .map(({ text }) => String(text))
        .join('')
    : said
}

/** Images that were answered are named in place of being shown to a model that sees none. */
function withoutImages(message: Json): Json {
  const content = objectsOf(message['content'])
  if (!content.some(isImage)) return message
  return {
    ...message,
    content: content.map(part => (isImage(part) ? { type: 'text', text: '[An image, which cannot be shown here.]' } : part)),
  }
}

const isImage = ({ type }: Json): boolean => type === 'image_url'

function withToolsInOrder(messages: readonly unknown[], { traits, card }: MessageReader): readonly unknown[] {
  const paired = withPairedCalls(messages)
  const pattern = traits.toolIdPattern ?? patternOf(card)
  const named = pattern === undefined ? paired : withFittingIds(paired, pattern)
  return traits.thinkingParts ? withAnswersBetween(named) : named
}

const patterns = new Map<string, RegExp>()

function patternOf({ toolIdPattern }: ModelCard): RegExp | undefined {
  if (toolIdPattern === undefined) return undefined
  let pattern = patterns.get(toolIdPattern)
  if (pattern === undefined) patterns.set(toolIdPattern, (pattern = new RegExp(toolIdPattern)))
  return pattern
}

/** After a tool's result Mistral wants the assistant to speak. */
function withAnswersBetween(messages: readonly unknown[]): readonly unknown[] {
  let ordered: unknown[] | undefined
  for (const [at, message] of messages.entries()) {
    const before = messages[at - 1]
    if (isJson(message) && message['role'] === 'user' && isJson(before) && before['role'] === 'tool') {
      ordered ??= messages.slice(0, at)
      ordered.push({ role: 'assistant', content: 'I have the result.' })
    }
    ordered?.push(message)
  }
  return ordered ?? messages
}
