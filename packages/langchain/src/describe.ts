import { createDescriber, estimateTokens, mediaTokens, type Block, type CallContext, type Features, type Media } from '@routewise/core'
import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import { isBaseMessage, type AIMessage, type BaseMessage } from '@langchain/core/messages'
import { isMarkedMessage, isMarkedTool } from './cache-marker.ts'
import type { ChatCall } from './call.ts'
import { outputLimits } from './call-limits.ts'
import { readMedia } from './media.ts'
import { ownCacheKey } from './routing-key.ts'
import { describeTool } from './tools.ts'

type Item = BaseMessage | BindToolsInput

/**
 * Describes calls for the core; `maxTokens` is the limit of those that have none of their own.
 * Messages and tools are remembered by identity, so keep them from turn to turn.
 */
export function createCallDescriber(maxTokens: number | undefined): (call: ChatCall, context: CallContext) => Features {
  const describer = createDescriber<Item>({ read: item => (isBaseMessage(item) ? readMessage(item) : readTool(item)) })
  const schemaTexts = new WeakMap<object, string>()

  const textOf = (schema: object): string => {
    let text = schemaTexts.get(schema)
    if (text === undefined) schemaTexts.set(schema, (text = JSON.stringify(schema)))
    return text
  }

  return (call, context) => {
    const { messages, tools, structured, options } = call
    const schema = structured?.jsonSchema ?? answerSchemaOf(options)
    const features = describer.describe({
      messages,
      tools,
      schema: schema === undefined ? undefined : textOf(schema),
      maxOutputTokens: limitAmong(options) ?? maxTokens,
      needs: {
        forcedTool: forcesTool(options['tool_choice']),
        streaming: call.kind !== 'generate',
        logprobs: options['logprobs'] === true,
      },
      task: context.task,
      tenant: context.tenant,
      cacheKey: ownCacheKey(options),
    })
    // Anthropic sets the caller's marker at the end of the prompt, whatever that is.
    const isMarked = options['cache_control'] != null && features.prefix.length > 0
    if (structured === undefined && !isMarked) return features
    return {
      ...features,
      ...(isMarked && { prefix: [...features.prefix.slice(0, -1), { ...features.prefix.at(-1)!, marked: true }] }),
      // Each candidate takes the schema as it can, by tool or by format: no capability is needed of all of them.
      ...(structured !== undefined && { needs: { ...features.needs, jsonSchema: false } }),
    }
  }
}

/** What a model reads of a call: its tools, one each, the schema of the answer as one of them, then its messages. */
export function readBlocks({ messages, tools = [], structured, options }: ChatCall): readonly Block[] {
  const schema = structured?.jsonSchema ?? answerSchemaOf(options)
  return [
    ...tools.map(readTool),
    ...(schema === undefined ? [] : [{ role: 'tools' as const, texts: ['answer schema', '', JSON.stringify(schema)] }]),
    ...messages.map(readMessage),
  ]
}

function readMessage(message: BaseMessage): Block {
  const texts: string[] = []
  const media: Media[] = []
  if (typeof message.content === 'string') {
    // A call of tools has no words, and is known by the same prefix however it is written.
    if (message.content !== '' || message.type !== 'ai') texts.push(message.content)
  } else {
    for (const block of message.content) {
      const medium = readMedia(block)
      if (medium !== undefined) media.push(medium)
      else texts.push(textOfBlock(block))
    }
  }
  const { tool_calls: toolCalls = [] } = message as AIMessage
  return {
    role: roleOf(message),
    texts,
    ...(media.length > 0 && { media }),
    ...(isMarkedMessage(message) && { marked: true }),
    ...(toolCalls.length > 0 && { toolCalls: toolCalls.map(({ name, args }) => ({ name, arguments: JSON.stringify(args) })) }),
  }
}

function roleOf(message: BaseMessage): Block['role'] {
  switch (message.type) {
    case 'system':
    case 'developer':
      return 'system'
    case 'ai':
      return 'assistant'
    case 'tool':
    case 'function':
      return 'tool'
    default:
      return 'user'
  }
}

/** Blocks that hold no words: those that repeat a tool call, which is counted itself, and hidden thoughts, of which there is a signature. */
const unread = new Set(['tool_use', 'tool_call', 'tool_call_chunk', 'input_json_delta', 'functionCall', 'thinking', 'redacted_thinking'])

function textOfBlock(block: object): string {
  const { type, text, thinking, reasoning } = block as Record<string, unknown>
  for (const value of [text, thinking, reasoning]) if (typeof value === 'string') return value
  return unread.has(String(type)) ? '' : JSON.stringify(block)
}

function readTool(tool: BindToolsInput): Block {
  const { name, description, schema } = describeTool(tool)
  return { role: 'tools', texts: [name, description, JSON.stringify(schema)], ...(isMarkedTool(tool) && { marked: true }) }
}

/** Schema of the answer among provider options, as agents pass it for native structured output. */
export function answerSchemaOf(options: Readonly<Record<string, unknown>>): object | undefined {
  const format = options['response_format'] as { type?: unknown; json_schema?: { schema?: unknown } } | undefined
  const config = (options['outputConfig'] ?? options['output_config']) as { format?: { schema?: unknown } } | undefined
  const found =
    (format?.type === 'json_schema' ? format.json_schema?.schema : undefined) ?? config?.format?.schema ?? options['responseSchema']
  return typeof found === 'object' && found !== null ? found : undefined
}

function limitAmong(options: Readonly<Record<string, unknown>>): number | undefined {
  for (const name of outputLimits) {
    const value = options[name]
    if (typeof value === 'number' && value > 0) return value
  }
  return undefined
}

const forcesTool = (choice: unknown): boolean => choice !== undefined && choice !== null && choice !== 'auto' && choice !== 'none'

// OpenAI's framing, which the core adds to every message as well.
const TOKENS_PER_MESSAGE = 3

/** Estimated `o200k` tokens of one message. */
export function countMessageTokens(message: BaseMessage): number {
  const { texts, media = [], toolCalls = [] } = readMessage(message)
  const spoken = [...texts, ...toolCalls.flatMap(call => [call.name, call.arguments])]
  const tokens = spoken.reduce((sum, text) => sum + estimateTokens(text), 0) + media.reduce((sum, medium) => sum + mediaTokens(medium), 0)
  return Math.ceil(tokens) + TOKENS_PER_MESSAGE
}
