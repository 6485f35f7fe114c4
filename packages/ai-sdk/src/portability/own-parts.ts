import type { LanguageModelV4Message, LanguageModelV4Prompt, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { fitsPattern } from '@routewise/core'
import { jsonOf } from '../language/tools.ts'
import { readMaker } from './maker.ts'
import { isName, type Reader } from './reader.ts'

type AssistantMessage = Extract<LanguageModelV4Message, { role: 'assistant' }>
type Part = AssistantMessage['content'][number]

/**
 * What assistants have said, as this reader can take it. Thoughts with their signatures, ids of items and encrypted content are for their
 * own provider, and where they are bound to one, for the model or key that made them; all others do without. What a provider's own tool
 * has done is told in words to others. Each message is read by itself, so that the same message always becomes the same.
 */
export function withReadableParts(prompt: LanguageModelV4Prompt, reader: Reader, trustsUnmarked = true): LanguageModelV4Prompt {
  let readable: LanguageModelV4Message[] | undefined
  for (const [at, message] of prompt.entries()) {
    const kept = message.role === 'assistant' ? readableMessage(message, reader, trustsUnmarked) : message
    if (kept !== message) readable ??= prompt.slice(0, at)
    // What had nothing but thoughts says nothing.
    if (kept !== undefined) readable?.push(kept)
  }
  return readable ?? prompt
}

function readableMessage(message: AssistantMessage, reader: Reader, trustsUnmarked: boolean): AssistantMessage | undefined {
  if (message.content.every(isOrdinary)) return message
  const isBroken = message.content.some(({ providerOptions }) => readMaker(providerOptions)?.unfinished === true)
  let content: Part[] | undefined
  for (const [at, part] of message.content.entries()) {
    const kept = readablePart(part, { message, reader, isBroken, trustsUnmarked })
    if (kept !== part) content ??= message.content.slice(0, at)
    if (kept !== undefined) content?.push(kept)
  }
  const complete = withoutLooseThoughts(content ?? message.content, reader)
  if (complete === message.content) return message
  return complete.length === 0 ? undefined : { ...message, content: complete }
}

/** Words, and calls of the caller's tools, that nobody has said more of. */
const isOrdinary = (part: Part): boolean =>
  part.providerOptions === undefined && (part.type === 'text' || (part.type === 'tool-call' && part.providerExecuted !== true))

interface Context {
  message: AssistantMessage
  reader: Reader
  /** The answer was cut off: its provider has kept none of it. */
  isBroken: boolean
  /** What does not say who made it is taken for the reader's own, where it is in the reader's words. */
  trustsUnmarked: boolean
}

function readablePart(part: Part, context: Context): Part | undefined {
  const { reader } = context
  switch (part.type) {
    case 'reasoning':
    case 'reasoning-file':
      if (part.type === 'reasoning-file' && reader.family !== 'google') return undefined
      return isForeign(part, context) || isElsewhere(part, context) ? undefined : part
    case 'custom':
      // Mistral's package throws at all of them; others pass over what is not theirs, but not over what is of another key.
      return reader.family === 'mistral' || (isItem(part) && isElsewhere(part, context)) ? undefined : part
    case 'file':
      return takesFilesBack(part, reader) ? part : { type: 'text', text: `[A file of type ${part.mediaType}, made by the assistant.]` }
    case 'text':
      return isSigned(part, reader) && isElsewhere(part, context) ? withoutItem(part, reader) : part
    case 'tool-call':
      if (part.providerExecuted === true && isForeignTool(part, context)) return inWords(`Used the tool ${part.toolName}`, part.input)
      return isSigned(part, reader) && isElsewhere(part, context) ? withoutItem(part, reader) : part
    case 'tool-result':
      return isForeignTool(part, context)
        ? inWords(`The tool ${part.toolName} gave`, part.output.type === 'execution-denied' ? 'nothing: it was denied' : part.output.value)
        : part
  }
}

const hasOwn = (options: SharedV4ProviderOptions | undefined, { names }: Reader): boolean =>
  names.some(name => options?.[name] !== undefined)
const hasNamed = (options: SharedV4ProviderOptions | undefined): boolean => options !== undefined && Object.keys(options).some(isName)

/** Another provider's: by what stands beside it, by its maker's mark, or by its company. */
function isForeign({ providerOptions }: Part, { message, reader }: Context): boolean {
  if (hasOwn(providerOptions, reader)) return false
  if (hasNamed(providerOptions)) return true
  const maker = readMaker(providerOptions)
  if (maker !== undefined) return maker.provider !== reader.provider
  const others = message.content.filter(part => hasNamed(part.providerOptions))
  if (others.length > 0) return !others.some(part => hasOwn(part.providerOptions, reader))
  return message.content.some(part => part.type === 'tool-call' && !fitsPattern(part.toolCallId, reader.toolIdPattern))
}

/** Of the same provider, and bound to another model or key of it, or to an answer that it has not kept. */
function isElsewhere({ providerOptions }: Part, { reader, isBroken, trustsUnmarked }: Context): boolean {
  if (isBroken) return hasOwn(providerOptions, reader)
  const maker = readMaker(providerOptions)
  const bindsToKey = reader.family === 'openai' || reader.family === 'xai'
  if (maker === undefined) return bindsToKey && !trustsUnmarked
  switch (reader.family) {
    case 'openai':
    case 'xai':
      // Items are kept, and encrypted, for one account.
      return maker.provider !== reader.provider || maker.key !== reader.key
    case 'anthropic':
    case 'bedrock':
    case 'google':
      return maker.provider !== reader.provider || maker.model !== reader.model
    default:
      return false
  }
}

const itemNames = ['itemId', 'encryptedContent', 'reasoningEncryptedContent'] as const

const isItem = ({ providerOptions }: Part): boolean =>
  providerOptions !== undefined &&
  Object.values(providerOptions).some(options => options !== undefined && itemNames.some(name => options[name] !== undefined))

const isSigned = (part: Part, { names }: Reader): boolean =>
  isItem(part) || names.some(name => part.providerOptions?.[name]?.['thoughtSignature'] !== undefined)

/** The part without what refers to an answer that the reader's provider does not hold, or signs it for another model. */
function withoutItem<Bound extends Part>(part: Bound, { names }: Reader): Bound {
  const providerOptions: SharedV4ProviderOptions = { ...part.providerOptions }
  for (const name of names) {
    if (providerOptions[name] === undefined) continue
    const { itemId: _, encryptedContent: __, reasoningEncryptedContent: ___, thoughtSignature: ____, ...others } = providerOptions[name]
    if (Object.keys(others).length > 0) providerOptions[name] = others
    else delete providerOptions[name]
  }
  return { ...part, providerOptions }
}

/** Ids that providers give to the calls of their own tools. */
const ownCallIds: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^(srvtoolu|mcptoolu)_/, 'anthropic'],
  [/^(ws|fs|ci|ig|mcp|mcpr|cu|lsh|sh|tsc|prog)_/, 'openai'],
]

function isForeignTool(part: Extract<Part, { type: 'tool-call' | 'tool-result' }>, context: Context): boolean {
  const { reader, message } = context
  switch (reader.family) {
    case 'anthropic':
    case 'google':
    case 'bedrock':
    case 'openrouter':
      break
    case 'openai':
    case 'xai':
      if (!reader.responses || isElsewhere(part, context)) return true
      break
    default:
      // Their wires have no place for it.
      return true
  }
  const maker = readMaker(part.providerOptions)
  if (maker !== undefined) return maker.provider !== reader.provider
  const name = ownCallIds.find(([pattern]) => pattern.test(part.toolCallId))?.[1]
  if (name !== undefined) return !reader.names.includes(name)
  return isForeign(part, { ...context, message: { ...message, content: message.content.filter(({ type }) => type !== 'tool-call') } })
}

/** Longest account of what a tool was given, or gave. */
const MAX_CHARACTERS = 8_000

const inWords = (what: string, value: unknown): Part => {
  // Encrypted content says nothing to another.
  const text = typeof value === 'string' ? value : jsonOf(value, name => /encrypted/i.test(name))
  return { type: 'text', text: `[${what}: ${text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text}]` }
}

function takesFilesBack({ data }: Extract<Part, { type: 'file' }>, { family }: Reader): boolean {
  if (family === 'mistral') return false
  return family !== 'google' || data.type === 'data' || data.type === 'text'
}

/** OpenAI takes thoughts with what they led to, and refuses them alone. */
function withoutLooseThoughts(content: Part[], { family }: Reader): Part[] {
  if (family !== 'openai' && family !== 'xai') return content
  const last = content.findLastIndex(({ type }) => type !== 'reasoning' && type !== 'custom')
  return content.slice(last + 1).some(({ type }) => type === 'reasoning')
    ? content.filter(({ type }, at) => at <= last || type !== 'reasoning')
    : content
}
