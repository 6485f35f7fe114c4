import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider'
import { RouterError, type Receipt } from '@routewise/core'
import type { AttemptTrace, CallTrace, LanguagePiece } from './call.ts'
import { createPartJoin } from './continuation.ts'
import { toAiSdkError } from '../errors.ts'
import { keepReceipt, withReceipt } from '../receipt.ts'

type Pieces = AsyncGenerator<LanguagePiece, Receipt, void>

interface ReleaseOptions {
  trace: CallTrace
  /** The caller's. */
  signal: AbortSignal | undefined
  /** An answer that breaks off may be gone on with by another model. */
  mayResume: boolean
}

type First = ReturnType<Pieces['next']>

/**
 * The winner's parts as a stream that is read at its reader's pace, the receipt on `finish`. A fault that comes now is an `error` part, and
 * the stream breaks: nobody shall take it for a short answer. To cancel it is to leave: the provider stops.
 */
export function releaseParts(pieces: Pieces, first: First, { trace, signal, mayResume }: ReleaseOptions): ReadableStream<Part> {
  let asked: First | undefined = first
  let next: LanguagePiece | undefined
  let firstAttempt: AttemptTrace | undefined
  const join = mayResume ? createPartJoin() : undefined
  /** The model that the answer says it is of. */
  let model: string | undefined
  let toldOfFault = false
  /** `finish` and what follows it wait for the end, where the receipt is. */
  let ending: Part[] | undefined
  let latest: AttemptTrace | undefined
  /** When all that was passed on has been read. */
  let breaking: Broken | undefined

  function partOf({ part, attempt }: LanguagePiece): Part | undefined {
    latest = attempt
    if (part === undefined || join === undefined) return part
    if (attempt !== firstAttempt) return join.goOn(part)
    join.note(part)
    return part
  }

  /** Whether the reader may be left with it for now: the end, and what follows a fault, comes at once. */
  function pass(part: Part | undefined, controller: ReadableStreamDefaultController<Part>): boolean {
    if (part === undefined) return false
    if (part.type === 'response-metadata') model = part.modelId ?? model
    else if (part.type === 'error') toldOfFault = true
    else if (part.type === 'finish' && !(toldOfFault && latest?.isTakenAsItIs === true)) ending ??= []
    if (ending === undefined) controller.enqueue(part)
    else ending.push(part)
    return ending === undefined && !toldOfFault
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

  /** What a model alone gave and told before it failed with nothing said. */
  function unsaid(controller: ReadableStreamDefaultController<Part>, { silent = [], broken }: AttemptTrace, receipt: Receipt): void {
    for (const part of silent) {
      if (part.type === 'error') keepReceipt(part.error, receipt)
      controller.enqueue(part.type === 'finish' ? withReceipt(part, receipt) : part)
    }
    if (broken === undefined) return controller.close()
    keepReceipt(broken.error, receipt)
    if (silent.length === 0) controller.error(broken.error)
    else breaking = broken
  }

  function fail(controller: ReadableStreamDefaultController<Part>, error: unknown): void {
    const { code, receipt, failures } = RouterError.isInstance(error) ? error : {}
    const said = toAiSdkError(error, signal)
    if (code === 'aborted') return controller.error(said)
    const attempt = latest ?? trace.latest
    if (latest === undefined && receipt?.attempts.length === 1 && isTold(attempt, failures?.[0]))
      return unsaid(controller, attempt, receipt)
    if (attempt?.broken !== undefined) {
      keepReceipt(attempt.broken.error, receipt)
      return controller.error(attempt.broken.error)
    }
    // What the model itself has told of its fault was passed on.
    if (toldOfFault) return close(controller, receipt)
    controller.enqueue({ type: 'error', error: said })
    breaking = { error: said }
  }

  return new ReadableStream<Part>(
    {
      async pull(controller) {
        if (breaking !== undefined) return controller.error(breaking.error)
        try {
          for (;;) {
            const piece = next
            next = undefined
            if (piece !== undefined) {
              firstAttempt ??= piece.attempt
              if (piece.part !== undefined && piece.attempt !== firstAttempt)
                join?.endsBefore(piece.part).forEach(end => controller.enqueue(end))
              if (pass(partOf(piece), controller)) return
            }
            const step = await (asked ?? pieces.next())
            asked = undefined
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

type Broken = NonNullable<AttemptTrace['broken']>

/** The model itself has told how it ended, or its stream has broken. */
function isTold(attempt: AttemptTrace | undefined, failure: RouterError['failures'][number] | undefined): attempt is AttemptTrace {
  if (attempt?.silent === undefined) return false
  // The packages write a `finish` after a stream that was cut, too.
  const isCut = failure?.kind === 'truncated'
  return attempt.broken !== undefined || attempt.silent.some(({ type }) => type === 'error' || (type === 'finish' && !isCut))
}
