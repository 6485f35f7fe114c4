import type { LanguageModelV4, LanguageModelV4GenerateResult, LanguageModelV4StreamResult } from '@ai-sdk/provider'
import { RouterError, type Receipt, type Router, type RouterErrorCode } from '@routewise/core'
import type { CallTrace, LanguageCall, LanguagePiece } from './call.ts'
import { readCall, type Callee } from './call-routing.ts'
import { toAiSdkError } from './errors.ts'
import { keepReceipt, withReceipt } from './receipt.ts'
import { releaseParts, streamOf } from './release.ts'
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
      try {
        const pieces = router.run(call, routing)
        // Until something is said another model may still answer, and nobody knows whose request and headers these will be.
        const first = await pieces.next()
        if (first.done === true) return { stream: streamOf([]) }
        const stream = releaseParts(pieces, first.value, { signal: given.abortSignal, mayResume })
        return { stream, ...first.value.attempt.opened }
      } catch (error) {
        const said = toAiSdkError(error, given.abortSignal)
        const stream = unsaid(call.trace, error, said)
        if (stream !== undefined) return stream
        throw said
      }
    },
  }
}

/** The receipt of a call that made one attempt, and had nobody else to ask. */
const receiptOfOne = (error: unknown): Receipt | undefined =>
  hasCode(error, 'all_attempts_failed') ? receiptOfOneAttempt(error) : undefined

const hasCode = (error: unknown, code: RouterErrorCode): error is RouterError => RouterError.isInstance(error) && error.code === code

const receiptOfOneAttempt = ({ receipt }: RouterError): Receipt | undefined => (receipt?.attempts.length === 1 ? receipt : undefined)

/** A stream that had begun before it failed, with nothing said: it is what the model itself would have given. */
function unsaid({ latest }: CallTrace, error: unknown, said: unknown): LanguageModelV4StreamResult | undefined {
  const isAborted = hasCode(error, 'aborted')
  const receipt = isAborted ? receiptOfOneAttempt(error) : receiptOfOne(error)
  if (receipt === undefined || latest?.opened === undefined || latest.silent === undefined) return undefined
  const { silent, opened } = latest
  const broken = isAborted ? { error: said } : latest.broken
  const parts = silent.map(part => (part.type === 'finish' ? withReceipt(part, receipt) : part))
  for (const part of silent) if (part.type === 'error') keepReceipt(part.error, receipt)
  keepReceipt(broken?.error, receipt)
  const end = silent.findIndex(({ type }) => type === 'finish')
  // The packages write a `finish` after a stream that was cut, too, and nothing of a fault.
  const isCut = hasCode(error, 'all_attempts_failed') && error.failures.at(-1)?.kind === 'truncated'
  const isTold = broken !== undefined || silent.some(({ type }) => type === 'error') || (end >= 0 && !isCut)
  if (!isTold) parts.splice(end < 0 ? parts.length : end, 0, { type: 'error', error: said })
  return { stream: streamOf(parts, broken), ...opened }
}

function stamped(result: LanguageModelV4GenerateResult, receipt: Receipt): LanguageModelV4GenerateResult {
  const modelId = result.response?.modelId ?? receipt.model
  const known = withReceipt(result, receipt)
  return modelId === undefined ? known : { ...known, response: { ...result.response, modelId } }
}
