import {
  anthropicFinish,
  chatFinish,
  geminiFinish,
  readLogprobs,
  type FinishReason,
  type Reading,
  type ToolCallPart,
} from '@routewise/core'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import type { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import type { ChatGeneration, ChatGenerationChunk } from '@langchain/core/outputs'
import { blockChars, contentChars, visibleText, visibleTextOf } from './content.ts'
import { createToolCallNumbering, part, wholeToolCalls } from './tool-call-parts.ts'
import { fromUsageMetadata, usageMetadataOf } from './usage-metadata.ts'

// Readings are made for each chunk of a stream: fields are set where there is something to say, without objects in between.

/** What a whole answer says, as LangChain holds it. */
export function readGeneration(generation: ChatGeneration): Reading {
  const message = generation.message as AIMessage
  const reading: Reading = { meaningful: true, contentChars: contentChars(message) }
  const text = visibleText(message)
  if (text !== '') reading.text = text
  const calls = wholeToolCalls(message)
  if (calls !== undefined) {
    reading.toolCalls = calls
    for (const { arguments: json = '' } of calls) reading.contentChars! += json.length
  }
  noteEnd(reading, generation)
  const usage = usageMetadataOf(message)
  if (usage !== undefined) reading.usage = fromUsageMetadata(usage)
  return reading
}

/** Reads the chunks of one stream, but for their usage. */
export function createChunkReader(): (chunk: ChatGenerationChunk) => Reading {
  let numberCalls: ReturnType<typeof createToolCallNumbering> | undefined
  return chunk => {
    const message = chunk.message as AIMessageChunk
    const calls = message.tool_call_chunks
    const reading: Reading = { meaningful: false }
    let chars = contentChars(message)
    if (calls !== undefined && calls.length > 0) {
      reading.meaningful = true
      for (const { args, name } of calls) chars += (args?.length ?? 0) + (name?.length ?? 0)
      reading.toolCalls = (numberCalls ??= createToolCallNumbering())(calls)
    }
    if (chars > 0) {
      reading.meaningful = true
      reading.contentChars = chars
      const text = visibleText(message)
      if (text !== '') reading.text = text
    }
    noteEnd(reading, chunk)
    return reading
  }
}

/** What the content of an event of the content-block protocol says. */
export function readEvent(event: ChatModelStreamEvent): Reading {
  switch (event.event) {
    case 'content-block-start':
      return said(blockChars(event.content), visibleTextOf(event.content))
    case 'content-block-delta': {
      const delta = event.delta as unknown as Record<string, unknown>
      return said(deltaChars(delta), delta['type'] === 'text-delta' ? String(delta['text']) : '')
    }
    case 'content-block-finish': {
      const call = toolCallOf(event.index, event.content)
      return call === undefined ? { meaningful: false } : { meaningful: false, toolCalls: [call] }
    }
    default:
      return { meaningful: false }
  }
}

/** What an event says of usage, a running total, and of the end. */
export function noteEventEnd(reading: Reading, event: ChatModelStreamEvent): void {
  if (event.event !== 'usage' && event.event !== 'message-finish') return
  const { input_tokens: input, output_tokens: output } = event.usage ?? {}
  if (typeof input === 'number' && typeof output === 'number') {
    reading.usage = fromUsageMetadata(event.usage as Parameters<typeof fromUsageMetadata>[0])
  }
  if (event.event === 'message-finish' && event.reason !== undefined) {
    reading.finish = event.reason === 'tool_use' ? 'tool-calls' : chatFinish(event.reason)
  }
}

function said(chars: number, text: string): Reading {
  if (chars === 0) return { meaningful: false }
  return text === '' ? { meaningful: true, contentChars: chars } : { meaningful: true, contentChars: chars, text }
}

function deltaChars(delta: Record<string, unknown>): number {
  for (const key of ['text', 'reasoning', 'args', 'data']) {
    const value = delta[key]
    if (typeof value === 'string') return value.length
  }
  const { fields } = delta as { fields?: object }
  // A signature is no word of the model's.
  return fields === undefined || 'signature' in fields ? 0 : 1
}

/** A call as its last event gives it. Its deltas are pieces of arguments with some integrations and all of them so far with others. */
function toolCallOf(index: number, block: object): ToolCallPart | undefined {
  const { type, name, args } = block as { type?: unknown; name?: string; args?: unknown }
  if (type !== 'tool_call' && type !== 'invalid_tool_call') return undefined
  return { index, ...part(name, typeof args === 'string' ? args : JSON.stringify(args)) }
}

/** The end, and the log-probabilities that the integration itself hands on. */
function noteEnd(reading: Reading, generation: ChatGeneration | ChatGenerationChunk): void {
  const finish = finishOf(generation)
  if (finish !== undefined) reading.finish = finish
  const { logprobs } = (generation.generationInfo ?? {}) as { logprobs?: { content?: unknown } | null }
  const tokens = logprobs == null ? undefined : readLogprobs(logprobs.content)
  if (tokens !== undefined) reading.logprobs = tokens
}

/** Integrations name the end in three ways: OpenAI's, Gemini's camel case, Anthropic's `stop_reason`. */
function finishOf({ generationInfo, message }: ChatGeneration | ChatGenerationChunk): FinishReason | undefined {
  const metadata = message.response_metadata as Record<string, unknown> | undefined
  const find = (name: string): string | undefined => {
    const value = (generationInfo as Record<string, unknown> | undefined)?.[name] ?? metadata?.[name] ?? message.additional_kwargs?.[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const reason = find('finish_reason')
  if (reason !== undefined) return chatFinish(reason)
  const stopReason = find('stop_reason')
  if (stopReason !== undefined) return anthropicFinish(stopReason)
  const camel = find('finishReason')
  if (camel === undefined) return undefined
  return camel === camel.toUpperCase() ? geminiFinish(camel, hasToolCall(message as AIMessageChunk)) : chatFinish(camel)
}

const hasToolCall = (message: AIMessageChunk): boolean => (message.tool_calls?.length ?? 0) > 0
