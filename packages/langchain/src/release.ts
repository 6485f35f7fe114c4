import type { Receipt } from '@routewise/core'
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import type { ChatGenerationChunk, ChatResult } from '@langchain/core/outputs'
import type { ChatPiece } from './call.ts'
import { continuingChunk, createEventJoin } from './continuation.ts'
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
  let first: object | undefined
  let id: string | undefined
  try {
    for (;;) {
      const step = await pieces.next()
      if (step.done === true) {
        const chunk = stamp.onChunk(last, step.value)
        yield chunk
        await tell(runManager, chunk)
        return
      }
      const { chunk: given, reading, attempt } = step.value
      if (given === undefined) continue
      first ??= attempt
      if (attempt === first) id ??= given.message.id
      const chunk = attempt === first ? given : continuingChunk(given, id)
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
  const join = createEventJoin()
  let first: object | undefined
  try {
    for (;;) {
      const step = await pieces.next()
      if (step.done === true) {
        yield stamp.onEvent(finish, step.value)
        return
      }
      const { event: given, attempt } = step.value
      if (given === undefined) continue
      first ??= attempt
      if (attempt === first) join.note(given)
      else yield* join.ends()
      const event = attempt === first ? given : join.goOn(given)
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
