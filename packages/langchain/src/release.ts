import type { Receipt } from '@routewise/core'
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import type { ChatGenerationChunk, ChatResult } from '@langchain/core/outputs'
import type { ChatPiece } from './call.ts'
import { toLangChainError } from './errors.ts'
import type { Stamp } from './stamp.ts'
import { fromUsageMetadata, tokenUsageOf, usageMetadataOf } from './usage-metadata.ts'

type Pieces = AsyncGenerator<ChatPiece, Receipt, void>

/** Hands the winner's chunks to the caller and its callbacks, each once, the receipt on the last. Leaving early cancels the provider. */
export async function* releaseChunks(
  pieces: Pieces,
  stamp: Stamp,
  runManager: CallbackManagerForLLMRun | undefined,
): AsyncGenerator<ChatGenerationChunk> {
  // What follows the terminal event waits for its successor, so that the receipt goes with the last chunk there is.
  let last: ChatGenerationChunk | undefined
  try {
    for (;;) {
      const step = await pieces.next()
      if (step.done === true) {
        const chunk = stamp.onChunk(last, step.value)
        yield chunk
        await tell(runManager, chunk)
        return
      }
      const { chunk, reading } = step.value
      if (chunk === undefined) continue
      stamp.note(chunk)
      const ready = last
      last = reading.finish === undefined && ready === undefined ? undefined : chunk
      const out = last === undefined ? chunk : ready
      if (out === undefined) continue
      yield out
      await tell(runManager, out)
    }
  } catch (error) {
    throw toLangChainError(error)
  } finally {
    await pieces.return(undefined as never)
  }
}

/** The whole answer, from its chunks. */
export async function gatherChunks(chunks: AsyncIterable<ChatGenerationChunk>): Promise<ChatResult> {
  let whole: ChatGenerationChunk | undefined
  for await (const chunk of chunks) whole = whole === undefined ? chunk : whole.concat(chunk)
  const usage = usageMetadataOf(whole!.message)
  return { generations: [whole!], ...(usage !== undefined && { llmOutput: { tokenUsage: tokenUsageOf(fromUsageMetadata(usage)) } }) }
}

/** Hands the winner's events to the caller, the receipt on `message-finish`. */
export async function* releaseEvents(pieces: Pieces, stamp: Stamp): AsyncGenerator<ChatModelStreamEvent> {
  let finish: Extract<ChatModelStreamEvent, { event: 'message-finish' }> | undefined
  try {
    for (;;) {
      const step = await pieces.next()
      if (step.done === true) {
        yield stamp.onEvent(finish, step.value)
        return
      }
      const { event } = step.value
      if (event === undefined) continue
      if (event.event === 'message-finish') finish = event
      else yield event
    }
  } catch (error) {
    throw toLangChainError(error)
  } finally {
    await pieces.return(undefined as never)
  }
}

async function tell(runManager: CallbackManagerForLLMRun | undefined, chunk: ChatGenerationChunk): Promise<void> {
  if (runManager === undefined) return
  const { prompt, completion } = (chunk.generationInfo ?? {}) as { prompt?: number; completion?: number }
  const indices = completion === undefined ? undefined : { prompt: prompt ?? 0, completion }
  await runManager.handleLLMNewToken(chunk.text ?? '', indices, undefined, undefined, undefined, { chunk })
}
