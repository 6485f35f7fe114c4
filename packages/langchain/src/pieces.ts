import type { FinishReason, Usage } from '@routewise/core'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { convertChunksToEvents } from '@langchain/core/language_models/compat'
import type { ChatModelStreamEvent, FinishReason as EventReason } from '@langchain/core/language_models/event'
import { AIMessageChunk, type AIMessage, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatGeneration, type ChatResult } from '@langchain/core/outputs'
import type { CandidateOptions, ChatPiece } from './call.ts'
import { readChunk, readEvent, readGeneration } from './chunk-reading.ts'
import type { Observer } from './observe.ts'
import type { Runner } from './runner.ts'
import { setUsageMetadata, tokenUsageOf, toUsageMetadata, usageMetadataOf, usageSince, usageSum } from './usage-metadata.ts'

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
    if (seen.usage !== undefined) yield { reading: { meaningful: false, usage: seen.usage } }
    throw error
  }
  const generation = result.generations[0]
  if (generation === undefined) throw new Error('The model returned no generation.')
  const reading = readGeneration(generation)
  if (seen.usage !== undefined && !exact) {
    setUsageMetadata(generation.message, seen.usage)
    result.llmOutput = { ...result.llmOutput, tokenUsage: tokenUsageOf(seen.usage) }
  }
  const usage = seen.usage ?? reading.usage
  yield {
    result,
    reading: {
      ...reading,
      // A body that could be parsed is whole, whether or not it names a reason.
      finish: seen.finish ?? reading.finish ?? 'other',
      ...(usage !== undefined && { usage }),
      ...(seen.model !== undefined && { model: seen.model }),
    },
  }
}

/** Chunks as they come; usage that the integration miscounts is replaced by what the provider has said. */
export async function* streamPieces(attempt: Attempt): AsyncGenerator<ChatPiece> {
  const { runner, exact, observer } = attempt
  if (!runner.streams) return yield* onlyChunk(attempt)
  const { seen } = observer
  let reported: Usage | undefined
  let finish: FinishReason | undefined
  for await (const chunk of attempt.model._streamResponseChunks(attempt.messages, attempt.options)) {
    const { usagePart, ...reading } = readChunk(chunk)
    if (!runner.observable) {
      if (usagePart !== undefined) reported = usageSum(reported, usagePart)
      yield { chunk, reading: usagePart === undefined ? reading : { ...reading, usage: reported! } }
      continue
    }
    const news = seen.usage !== reported
    if (!exact) repair(chunk, news ? usageSince(reported, seen.usage!) : undefined, seen.finish !== undefined)
    if (news) reported = seen.usage
    const end = seen.finish ?? reading.finish
    yield {
      chunk,
      reading:
        news || end !== undefined
          ? {
              ...reading,
              ...(news && { usage: reported! }),
              ...(end !== undefined && { finish: end }),
              ...(seen.model !== undefined && { model: seen.model }),
            }
          : reading,
    }
    finish = end
  }
  if (!runner.observable || (seen.usage === reported && seen.finish === finish)) return
  // The integration has made no chunk of the provider's last words.
  const rest = seen.usage !== undefined && seen.usage !== reported && !exact ? usageSince(reported, seen.usage) : undefined
  yield {
    ...(rest !== undefined && { chunk: usageChunk(rest) }),
    reading: {
      meaningful: false,
      ...(seen.usage !== undefined && { usage: seen.usage }),
      ...(seen.finish !== undefined && { finish: seen.finish }),
      ...(seen.model !== undefined && { model: seen.model }),
    },
  }
}

/** Events of the content-block protocol, by the candidate's own implementation where it has one. */
export async function* eventPieces(attempt: Attempt): AsyncGenerator<ChatPiece> {
  const { runner, model, messages, options, observer, exact } = attempt
  const { seen } = observer
  const events = runner.streams ? model._streamChatModelEvents(messages, options) : convertChunksToEvents(chunksOf(onlyChunk(attempt)))
  let reported: Usage | undefined
  for await (const given of events) {
    const reading = readEvent(given)
    if (!runner.observable) {
      yield { event: given, reading }
      continue
    }
    const news = seen.usage !== undefined && seen.usage !== reported
    if (news) reported = seen.usage
    // The observer knows whether the stream has ended; integrations write `message-finish` even when it broke off.
    const { usage: _usage, finish: _finish, ...rest } = reading
    yield {
      event: repairEvent(given, seen.usage, seen.finish, exact),
      reading: {
        ...rest,
        ...(news && { usage: reported! }),
        ...(seen.finish !== undefined && { finish: seen.finish }),
        ...(seen.model !== undefined && { model: seen.model }),
      },
    }
  }
}

/** The chunk that stands for a whole answer. */
async function* onlyChunk(attempt: Attempt): AsyncGenerator<ChatPiece> {
  for await (const { result, reading } of generatePieces(attempt)) {
    yield result === undefined ? { reading } : { chunk: toChunk(result.generations[0]!), reading }
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
