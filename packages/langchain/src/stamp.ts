import { plainReceipt, type FinishReason, type Receipt } from '@routewise/core'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import type { BaseMessage } from '@langchain/core/messages'
import type { ChatGeneration, ChatGenerationChunk } from '@langchain/core/outputs'
import { metadataProvider } from './family.ts'
import { emptyChunk } from './pieces.ts'
import type { ChatCandidate } from './target.ts'

type FinishEvent = Extract<ChatModelStreamEvent, { event: 'message-finish' }>

/** Fields of `response_metadata` that every routed answer has, whatever the integration gives. */
const fields = ['model', 'model_name', 'model_provider', 'finish_reason'] as const

/** Puts the receipt, and what an integration leaves out about the model that answered, on the answer. One per call. */
export function createStamp(candidates: readonly ChatCandidate[]) {
  const present = new Set<string>()

  const note = ({ generationInfo, message }: ChatGeneration | ChatGenerationChunk): void => {
    if (present.size === fields.length) return
    for (const field of fields) {
      const value: unknown = message.response_metadata?.[field] ?? (generationInfo as Record<string, unknown> | undefined)?.[field]
      if (value !== undefined && value !== null) present.add(field)
    }
  }

  /** What is to be added: LangChain joins strings of chunks, so a field that is there must not come again. */
  const additions = (receipt: Receipt): Record<string, unknown> => {
    const { target, model, attempts } = receipt
    const candidate = candidates.find(({ id }) => id === target)
    const family = candidate?.family
    // Judges' attempts answer, too, but not the caller.
    const end = attempts.find(attempt => attempt.end.type === 'answered' && attempt.reason !== 'judge' && attempt.reason !== 'sample')?.end
    const finish = end?.type === 'answered' ? end.finish : undefined
    const known: Record<(typeof fields)[number], unknown> = {
      model,
      model_name: model,
      model_provider: family === undefined ? candidate?.card.provider : metadataProvider[family],
      finish_reason: finish === undefined ? undefined : finishWord(finish),
    }
    const missing = fields.filter(field => !present.has(field) && known[field] !== undefined)
    return { ...Object.fromEntries(missing.map(field => [field, known[field]])), routewise: plainReceipt(receipt) }
  }

  const add = (message: BaseMessage, receipt: Receipt): void => {
    message.response_metadata = { ...message.response_metadata, ...additions(receipt) }
  }

  return {
    note,
    onMessage(generation: ChatGeneration, receipt: Receipt): void {
      note(generation)
      add(generation.message, receipt)
    },
    /** The last chunk with the receipt on it; a chunk of its own where none was left. */
    onChunk(last: ChatGenerationChunk | undefined, receipt: Receipt): ChatGenerationChunk {
      const chunk = last ?? emptyChunk()
      add(chunk.message, receipt)
      return chunk
    },
    onEvent(finish: FinishEvent | undefined, receipt: Receipt): FinishEvent {
      const given = finish?.responseMetadata ?? {}
      for (const field of fields) if (given[field] !== undefined) present.add(field)
      return { ...(finish ?? { event: 'message-finish' }), responseMetadata: { ...given, ...additions(receipt) } }
    },
  }
}

/** Finish reasons in OpenAI's words, which most code that reads `finish_reason` expects. */
function finishWord(finish: FinishReason): string {
  switch (finish) {
    case 'tool-calls':
      return 'tool_calls'
    case 'content-filter':
      return 'content_filter'
    default:
      return finish
  }
}

export type Stamp = ReturnType<typeof createStamp>
