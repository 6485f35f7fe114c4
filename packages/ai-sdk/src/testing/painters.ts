import { APICallError, type ImageModelV4, type ImageModelV4CallOptions } from '@ai-sdk/provider'
import type { Receipt } from '@routewise/core'
import { MockImageModelV4 } from 'ai/test'

/** What a promise was rejected with. */
export const caught = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => new Error('Nothing was thrown.'),
    (error: unknown) => error,
  )
/** An HTTP error, as the provider packages throw it. */
export const apiError = (statusCode: number) =>
  new APICallError({ message: `status ${statusCode}`, url: 'http://mock', requestBodyValues: {}, statusCode })
/** The receipt among provider metadata. */
export const receiptIn = (metadata: Record<string, unknown> | undefined) => metadata?.['routewise'] as Receipt
/** What a result tells of its response. */
export const response = (modelId: string) => ({ timestamp: new Date(0), modelId, headers: { from: modelId } })

/** A picture whose bytes say whose it is. */
export const picture = (who: number) => new Uint8Array([137, 80, 78, 71, who])

type ImageAnswer = (options: ImageModelV4CallOptions) => ReturnType<ImageModelV4['doGenerate']>

/** An image model that remembers its calls. */
export const painter = (
  who: number,
  { answer, ...facts }: { answer?: ImageAnswer; maxImagesPerCall?: ImageModelV4['maxImagesPerCall'] } & Partial<ImageModelV4> = {},
) => {
  const calls: ImageModelV4CallOptions[] = []
  const model = new MockImageModelV4({
    modelId: `painter-${who}`,
    ...facts,
    doGenerate: async options => {
      calls.push(options)
      if (answer !== undefined) return answer(options)
      return {
        images: Array.from({ length: options.n }, () => picture(who)),
        warnings: [],
        response: response(`painter-${who}`),
        providerMetadata: { mock: { images: Array.from({ length: options.n }, (_, at) => ({ at })) } },
        usage: { inputTokens: 5, outputTokens: 100, totalTokens: 105 },
      }
    },
  })
  // The SDK's mocks are not written for exact optional properties.
  return Object.assign(model as ImageModelV4, { calls })
}
/** One that gives an HTTP error. */
export const brokenPainter = (statusCode: number) =>
  painter(0, {
    answer: async () => {
      throw apiError(statusCode)
    },
  })
/** One that gives no image. */
export const emptyPainter = (isRetryable?: boolean) =>
  painter(0, {
    answer: async () => ({ images: [], warnings: [], response: response('empty'), ...(isRetryable !== undefined && { isRetryable }) }),
  })

/** Whose a picture is. */
export const by = (image: { uint8Array: Uint8Array }) => image.uint8Array[4]
