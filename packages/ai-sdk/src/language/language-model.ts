import type { LanguageModelV4, LanguageModelV4GenerateResult } from '@ai-sdk/provider'
import { RouterError, type Receipt, type Router, type RouterErrorCode } from '@routewise/core'
import type { LanguageCall, LanguagePiece } from './call.ts'
import { readCall, type Callee } from './call-routing.ts'
import { toAiSdkError } from '../errors.ts'
import { withReceipt } from '../receipt.ts'
import { releaseParts } from './release.ts'
import { createSharedUrls } from './supported-urls.ts'

interface LanguageModelOptions extends Callee {
  /** Name of the provider, in traces and as a registry sees it. */
  provider: string
  modelId: string
  router: Router<LanguageCall, LanguagePiece>
  /** Those that may answer. */
  models: readonly LanguageModelV4[]
  /** An answer that breaks off may be gone on with by another model. */
  mayResume: boolean
}

/** A language model that routes every call, and is used like any of those it routes between. */
export function createLanguageModel(options: LanguageModelOptions): LanguageModelV4 {
  const { provider, modelId, router, models, mayResume } = options
  const sharedUrls = createSharedUrls(models)
  return {
    specificationVersion: 'v4',
    provider,
    modelId,
    get supportedUrls() {
      return sharedUrls()
    },

    async doGenerate(given) {
      const { call, routing } = readCall('generate', given, options)
      try {
        const { chunks, receipt } = await router.answer(call, routing)
        return stamped(chunks.findLast(piece => piece.result !== undefined)!.result!, receipt)
      } catch (error) {
        const receipt = receiptOfOne(error)
        const result = call.trace.latest?.result
        // An answer that its provider calls an error is the only one there is.
        if (receipt !== undefined && result !== undefined) return stamped(result, receipt)
        throw toAiSdkError(error, given.abortSignal)
      }
    },

    async doStream(given) {
      const { call, routing } = readCall('stream', given, options)
      const { trace } = call
      trace.alone = models.length === 1
      const opened = new Promise<undefined>(resolve => (trace.onOpened = () => resolve(undefined)))
      const pieces = router.run(call, routing)
      const first = pieces.next()
      try {
        // Until something is said another model may still answer, and nobody knows whose request and headers these will be.
        const step = await (trace.alone ? Promise.race([first, opened]) : first)
        const attempt = step === undefined ? trace.latest : step.done === true ? undefined : step.value.attempt
        return { stream: releaseParts(pieces, first, { trace, signal: given.abortSignal, mayResume }), ...attempt?.opened }
      } catch (error) {
        const said = toAiSdkError(error, given.abortSignal)
        // The SDK takes a stream that breaks for the caller's abort, and a call that throws for a fault.
        if (hasCode(error, 'aborted') && trace.latest?.opened !== undefined) return { stream: brokenStream(said), ...trace.latest.opened }
        throw said
      }
    },
  }
}

/** The receipt of a call that made one attempt, and had nobody else to ask. */
const receiptOfOne = (error: unknown): Receipt | undefined =>
  hasCode(error, 'all_attempts_failed') && error.receipt?.attempts.length === 1 ? error.receipt : undefined

const hasCode = (error: unknown, code: RouterErrorCode): error is RouterError => RouterError.isInstance(error) && error.code === code

const brokenStream = (error: unknown): ReadableStream<never> => new ReadableStream({ start: controller => controller.error(error) })

function stamped(result: LanguageModelV4GenerateResult, receipt: Receipt): LanguageModelV4GenerateResult {
  const modelId = result.response?.modelId ?? receipt.model
  const known = withReceipt(result, receipt)
  return modelId === undefined ? known : { ...known, response: { ...result.response, modelId } }
}
