import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider'
import { RouterError, type Receipt } from '@routewise/core'
import type { LanguagePiece } from './call.ts'
import { createPartJoin } from './continuation.ts'
import { toAiSdkError } from './errors.ts'
import { keepReceipt, withReceipt } from './receipt.ts'

type Pieces = AsyncGenerator<LanguagePiece, Receipt, void>

interface ReleaseOptions {
  /** The caller's. */
  signal: AbortSignal | undefined
  /** An answer that breaks off may be gone on with by another model. */
  mayResume: boolean
}

/**
 * The winner's parts as a stream that is read at its reader's pace, the receipt on `finish`. A fault that comes now is an `error` part.
 * To cancel it is to leave: the provider stops.
 */
export function releaseParts(pieces: Pieces, first: LanguagePiece, { signal, mayResume }: ReleaseOptions): ReadableStream<Part> {
  let next: LanguagePiece | undefined = first
  const join = mayResume ? createPartJoin() : undefined
  /** The model that the answer says it is of. */
  let model: string | undefined
  let toldOfFault = false
  /** `finish` and what follows it wait for the end, where the receipt is. */
  let ending: Part[] | undefined
  let latest = first.attempt

  function partOf({ part, attempt }: LanguagePiece): Part | undefined {
    latest = attempt
    if (part === undefined || join === undefined) return part
    if (attempt !== first.attempt) return join.goOn(part)
    join.note(part)
    return part
  }

  /** Whether it was passed on now. */
  function pass(part: Part | undefined, controller: ReadableStreamDefaultController<Part>): boolean {
    if (part === undefined) return false
    if (part.type === 'response-metadata') model = part.modelId ?? model
    else if (part.type === 'error') toldOfFault = true
    else if (part.type === 'finish') ending ??= []
    if (ending === undefined) controller.enqueue(part)
    else ending.push(part)
    return ending === undefined
  }

  function close(controller: ReadableStreamDefaultController<Part>, receipt: Receipt | undefined): void {
    for (const part of ending ?? []) {
      if (part.type !== 'finish' || receipt === undefined) {
        controller.enqueue(part)
        continue
      }
      if (receipt.model !== undefined && receipt.model !== model) controller.enqueue({ type: 'response-metadata', modelId: receipt.model })
      controller.enqueue(withReceipt(part, receipt))
    }
    controller.close()
  }

  function fail(controller: ReadableStreamDefaultController<Part>, error: unknown): void {
    const { code, receipt } = RouterError.isInstance(error) ? error : {}
    const said = toAiSdkError(error, signal)
    if (code === 'aborted') return controller.error(said)
    if (latest.broken !== undefined) {
      keepReceipt(latest.broken.error, receipt)
      return controller.error(latest.broken.error)
    }
    // What the model itself has told of its fault was passed on.
    if (!toldOfFault) controller.enqueue({ type: 'error', error: said })
    close(controller, receipt)
  }

  return new ReadableStream<Part>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const piece = next
            next = undefined
            if (piece?.part !== undefined && piece.attempt !== first.attempt)
              join?.endsBefore(piece.part).forEach(end => controller.enqueue(end))
            if (piece !== undefined && pass(partOf(piece), controller)) return
            const step = await pieces.next()
            if (step.done === true) return close(controller, step.value)
            next = step.value
          }
        } catch (error) {
          fail(controller, error)
        }
      },
      async cancel() {
        await pieces.return(undefined as never)
      },
    },
    { highWaterMark: 0 },
  )
}

/** Parts that are all there, and how their stream broke, if it did. */
export function streamOf(parts: readonly Part[], broken?: { error: unknown }): ReadableStream<Part> {
  let next = 0
  return new ReadableStream({
    pull(controller) {
      const part = parts[next++]
      if (part !== undefined) controller.enqueue(part)
      else if (broken !== undefined) controller.error(broken.error)
      else controller.close()
    },
  })
}
