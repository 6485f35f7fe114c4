import type { FinishReason, Reading, Usage } from '@routewise/core'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { convertChunksToEvents } from '@langchain/core/language_models/compat'
import type { ChatModelStreamEvent, FinishReason as EventReason } from '@langchain/core/language_models/event'
import { AIMessageChunk, type AIMessage, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatGeneration, type ChatResult } from '@langchain/core/outputs'
import type { CandidateOptions, ChatPiece } from './call.ts'
import { createChunkReader, noteEventEnd, readEvent, readGeneration } from './chunk-reading.ts'
import type { Observed, Observer } from './observe.ts'
import type { Runner } from './runner.ts'
import { setUsageMetadata, tokenUsageOf, toUsageMetadata, usageMetadataOf, usagePartOf, usageSince, usageSum } from './usage-metadata.ts'

/** One attempt at a candidate. */
export interface Attempt {
  runner: Runner
  model: BaseChatModel
  messages: BaseMessage[]
  options: CandidateOptions
  observer: Observer
  /** The integration's own usage figures are right: they are left as they are. */
  exact: boolean
}

/** The whole answer in one piece. */
export async function* generatePieces({ model, messages, options, observer: { seen }, exact }: Attempt): AsyncGenerator<ChatPiece> {
  let result: ChatResult
  try {
    result = await model._generate(messages, options)
  } catch (error) {
    // The provider has answered, and charged, and the integration makes an error of it: an answer without content, say.
    if (seen.usage !== undefined) yield { reading: { meaningful: false, usage: seen.usage }, attempt: seen }
    throw error
  }
  const generation = result.generations[0]
  if (generation === undefined) throw new Error('The model returned no generation.')
  const reading = readGeneration(generation)
  if (seen.usage !== undefined && !exact) {
    setUsageMetadata(generation.message, seen.usage)
    result.llmOutput = { ...result.llmOutput, tokenUsage: tokenUsageOf(seen.usage) }
  }
  if (seen.usage !== undefined) reading.usage = seen.usage
  noteSeen(reading, seen)
  // A body that could be parsed is whole, whether or not it names a reason.
  reading.finish ??= 'other'
  // One that was refused, or filtered, is not passed on before its end is looked at: another model may have to answer.
  reading.meaningful = reading.finish !== 'refusal' && reading.finish !== 'content-filter'
  yield { result, reading, attempt: seen }
}

/** What the provider itself has said goes before what the integration makes of it. */
function noteSeen(reading: Reading, seen: Observed): void {
  if (seen.finish !== undefined) reading.finish = seen.finish
  if (seen.model !== undefined) reading.model = seen.model
  if (seen.logprobs === undefined) return
  reading.logprobs = seen.logprobs
  seen.logprobs = undefined
}

/** Chunks as they come; usage that the integration miscounts is replaced by what the provider has said. */
export async function* streamPieces(attempt: Attempt): AsyncGenerator<ChatPiece> {
  const { runner, exact, observer } = attempt
  if (!runner.streams) return yield* onlyChunk(attempt)
  const { seen } = observer
  const read = createChunkReader()
  let reported: Usage | undefined
  let finish: FinishReason | undefined
  for await (const chunk of attempt.model._streamResponseChunks(attempt.messages, attempt.options)) {
    const reading = read(chunk)
    if (!runner.observable) {
      const part = usagePartOf(chunk.message)
      if (part !== undefined) reading.usage = reported = usageSum(reported, part)
      yield { chunk, reading, attempt: seen }
      continue
    }
    const news = seen.usage !== reported
    if (!exact) repair(chunk, news ? usageSince(reported, seen.usage!) : undefined, seen.finish !== undefined)
    if (news) reading.usage = reported = seen.usage!
    noteSeen(reading, seen)
    finish = reading.finish
    yield { chunk, reading, attempt: seen }
  }
  if (!runner.observable || (seen.usage === reported && seen.finish === finish)) return
  // The integration has made no chunk of the provider's last words.
  const rest = seen.usage !== undefined && seen.usage !== reported && !exact ? usageSince(reported, seen.usage) : undefined
  const reading: Reading = { meaningful: false }
  if (seen.usage !== undefined) reading.usage = seen.usage
  noteSeen(reading, seen)
  yield { ...(rest !== undefined && { chunk: usageChunk(rest) }), reading, attempt: seen }
}

/** Events of the content-block protocol, by the candidate's own implementation where it has one. */
export async function* eventPieces(attempt: Attempt): AsyncGenerator<ChatPiece> {
  const { runner, model, messages, options, observer, exact } = attempt
  const { seen } = observer
  const events = runner.streams ? model._streamChatModelEvents(messages, options) : convertChunksToEvents(chunksOf(onlyChunk(attempt)))
  let reported: Usage | undefined
  for await (const event of events) {
    const reading = readEvent(event)
    if (!runner.observable) {
      noteEventEnd(reading, event)
      yield { event, reading, attempt: seen }
      continue
    }
    if (seen.usage !== undefined && seen.usage !== reported) reading.usage = reported = seen.usage
    // The observer knows whether the stream has ended; integrations write `message-finish` even when it broke off.
    noteSeen(reading, seen)
    yield { event: repairEvent(event, seen.usage, seen.finish, exact), reading, attempt: seen }
  }
}

/** The chunk that stands for a whole answer. */
async function* onlyChunk(attempt: Attempt): AsyncGenerator<ChatPiece> {
  for await (const { result, ...piece } of generatePieces(attempt)) {
    yield result === undefined ? piece : { ...piece, chunk: toChunk(result.generations[0]!) }
  }
}

async function* chunksOf(pieces: AsyncIterable<ChatPiece>): AsyncGenerator<ChatGenerationChunk> {
  for await (const { chunk } of pieces) if (chunk !== undefined) yield chunk
}

export function toChunk({ message, text, generationInfo }: ChatGeneration): ChatGenerationChunk {
  const { content, additional_kwargs, response_metadata, id, name, tool_calls: calls = [] } = message as AIMessage
  const usage = usageMetadataOf(message)
  return new ChatGenerationChunk({
    text,
    ...(generationInfo !== undefined && { generationInfo }),
    message: new AIMessageChunk({
      content,
      additional_kwargs,
      response_metadata,
      ...(id !== undefined && { id }),
      ...(name !== undefined && { name }),
      ...(usage !== undefined && { usage_metadata: usage as never }),
      tool_call_chunks: calls.map(({ id: callId, name: tool, args }, index) => ({
        type: 'tool_call_chunk' as const,
        name: tool,
        args: JSON.stringify(args),
        index,
        ...(callId !== undefined && { id: callId }),
      })),
    }),
  })
}

/** A chunk that says nothing, to carry what is not text. */
export const emptyChunk = (): ChatGenerationChunk => new ChatGenerationChunk({ text: '', message: new AIMessageChunk({ content: '' }) })

function usageChunk(usage: Usage): ChatGenerationChunk {
  const chunk = emptyChunk()
  setUsageMetadata(chunk.message, usage)
  return chunk
}

/** What LangChain would double when it adds chunks up is left on one of them: usage as a difference, metadata on the last. */
function repair(chunk: ChatGenerationChunk, usage: Usage | undefined, ended: boolean): void {
  const { message } = chunk
  setUsageMetadata(message, usage)
  const metadata = message.response_metadata as Record<string, unknown> | undefined
  if (usage === undefined && metadata !== undefined && 'usage' in metadata) delete metadata['usage']
  if (!ended && chunk.generationInfo !== undefined && 'model' in chunk.generationInfo) delete chunk.generationInfo['model']
}

function repairEvent(
  event: ChatModelStreamEvent,
  usage: Usage | undefined,
  finish: FinishReason | undefined,
  exact: boolean,
): ChatModelStreamEvent {
  if (event.event !== 'usage' && event.event !== 'message-finish' && event.event !== 'message-start') return event
  // OpenAI's own events leave out only what was written to the prompt cache.
  const wrong = usage !== undefined && event.usage !== undefined && (!exact || usage.cacheWriteTokens > 0)
  const figures = wrong ? { usage: toUsageMetadata(usage) } : {}
  if (event.event !== 'message-finish') return wrong ? { ...event, ...figures } : event
  const reason = exact || finish === undefined ? event.reason : eventReason(finish)
  return { ...event, ...figures, ...(reason !== undefined && { reason }) }
}

function eventReason(finish: FinishReason): EventReason {
  switch (finish) {
    case 'tool-calls':
      return 'tool_use'
    case 'length':
      return 'length'
    case 'content-filter':
    case 'refusal':
      return 'content_filter'
    default:
      return 'stop'
  }
}
