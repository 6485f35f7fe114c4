import type { FinishReason, Reading, Usage } from '@routewise/core'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages'
import type { ChatGeneration, ChatGenerationChunk } from '@langchain/core/outputs'
import { anthropicFinish, chatFinish, geminiFinish } from './finish.ts'
import { fromUsageMetadata, usageMetadataOf } from './usage-metadata.ts'

/** What a whole answer says, as LangChain holds it. */
export function readGeneration(generation: ChatGeneration): Reading {
  const message = generation.message as AIMessageChunk
  const finish = finishOf(generation)
  const usage = usageMetadataOf(message)
  return {
    meaningful: true,
    contentChars: contentChars(message) + (message.tool_calls ?? []).reduce((sum, { args }) => sum + JSON.stringify(args).length, 0),
    ...(usage !== undefined && { usage: fromUsageMetadata(usage) }),
    ...(finish !== undefined && { finish }),
  }
}

/** What a chunk of a stream says; its usage is a part that adds to the parts before. */
export function readChunk(chunk: ChatGenerationChunk): Reading & { usagePart?: Usage } {
  const message = chunk.message as AIMessageChunk
  let chars = contentChars(message)
  let calls = false
  for (const { args, name } of message.tool_call_chunks ?? []) {
    calls = true
    chars += (args?.length ?? 0) + (name?.length ?? 0)
  }
  const finish = finishOf(chunk)
  const usage = usageMetadataOf(message)
  return {
    meaningful: chars > 0 || calls,
    ...(chars > 0 && { contentChars: chars }),
    ...(usage !== undefined && typeof usage.input_tokens === 'number' && { usagePart: fromUsageMetadata(usage) }),
    ...(finish !== undefined && { finish }),
  }
}

/** What an event of the content-block protocol says; its usage is a running total. */
export function readEvent(event: ChatModelStreamEvent): Reading {
  switch (event.event) {
    case 'content-block-start':
      return content(blockChars(event.content))
    case 'content-block-delta':
      return content(deltaChars(event.delta as unknown as Record<string, unknown>))
    case 'usage':
      return { meaningful: false, ...usageOf(event.usage) }
    case 'message-finish':
      return { meaningful: false, ...usageOf(event.usage), ...(event.reason !== undefined && { finish: eventFinish(event.reason) }) }
    default:
      return { meaningful: false }
  }
}

const content = (chars: number): Reading => (chars > 0 ? { meaningful: true, contentChars: chars } : { meaningful: false })

function deltaChars(delta: Record<string, unknown>): number {
  for (const key of ['text', 'reasoning', 'args', 'data']) {
    const value = delta[key]
    if (typeof value === 'string') return value.length
  }
  return 'fields' in delta ? 1 : 0
}

const usageOf = (usage: unknown) => {
  const { input_tokens: input, output_tokens: output } = (usage ?? {}) as { input_tokens?: unknown; output_tokens?: unknown }
  return typeof input === 'number' && typeof output === 'number'
    ? { usage: fromUsageMetadata(usage as Parameters<typeof fromUsageMetadata>[0]) }
    : {}
}

function eventFinish(reason: string): FinishReason {
  if (reason === 'tool_use') return 'tool-calls'
  return chatFinish(reason)
}

function contentChars({ content: body, additional_kwargs: extra }: BaseMessage): number {
  let chars = typeof extra?.['reasoning_content'] === 'string' ? extra['reasoning_content'].length : 0
  if (typeof body === 'string') return chars + body.length
  for (const block of body) chars += blockChars(block)
  return chars
}

/** Fields of content blocks that hold what the model has generated, whatever the integration calls the block. */
const generated = ['text', 'thinking', 'reasoning', 'input', 'refusal', 'args', 'name'] as const

function blockChars(block: object): number {
  let chars = 0
  for (const key of generated) {
    const value = (block as Record<string, unknown>)[key]
    if (typeof value === 'string') chars += value.length
  }
  return chars
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
