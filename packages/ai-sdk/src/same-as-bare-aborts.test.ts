import { APICallError, type LanguageModelV4, type LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { generateText } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { expectSame, routedAlone } from './testing/bare-and-routed.ts'
import { observeGenerate, observeStream } from './testing/observe.ts'
import { finish, hello, metadata, type Part, scriptedModel, start, text, usage } from './testing/scripted-model.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => vi.useRealTimers())

/** Falls silent after these parts, until its signal is aborted; then its stream breaks with the signal's reason, as those of packages do. */
const silentAfter = (parts: readonly Part[], delaysMs: readonly number[] = []) =>
  new MockLanguageModelV4({
    doStream: async ({ abortSignal }) => ({ stream: paced(parts, delaysMs, abortSignal) }),
    doGenerate: ({ abortSignal }) => aborted(abortSignal),
  })

const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    if (signal?.aborted === true) reject(signal.reason as Error)
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })

function paced(
  parts: readonly Part[],
  delaysMs: readonly number[],
  signal: LanguageModelV4CallOptions['abortSignal'],
): ReadableStream<Part> {
  let next = 0
  const broken = aborted(signal)
  broken.catch(() => undefined)
  return new ReadableStream({
    async pull(controller) {
      const part = parts[next]
      const delayMs = delaysMs[next++]
      if (delayMs !== undefined) await Promise.race([broken, new Promise(resolve => setTimeout(resolve, delayMs))])
      if (part === undefined && delaysMs.length > 0) controller.close()
      else controller.enqueue(part ?? (await broken))
    },
  })
}

/** Observes a call while time passes. */
async function inTime(observe: () => Promise<unknown>): Promise<unknown> {
  vi.setSystemTime(0)
  const observed = observe()
  await vi.advanceTimersByTimeAsync(30_000)
  return observed
}

/** What is seen of a call, without what its callbacks are told. */
const heard = (seen: unknown): object => ({ ...(seen as object), events: undefined })

/** The caller's own abort, `afterMs`. */
function abortIn(afterMs: number, reason?: unknown): { abortSignal: AbortSignal } {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), afterMs)
  return { abortSignal: controller.signal }
}

const whole: readonly Part[] = [start, metadata, ...hello, finish('stop', 'stop')]
const reasons = { 'no reason': undefined, 'an error': new Error('changed my mind'), 'a word': 'enough' } as const

describe.each(Object.entries(reasons))('an abort with %s is the same', (_, reason) => {
  test('of a stream that is silent', () =>
    expectSame(
      () => silentAfter([]),
      model => inTime(() => observeStream(model, abortIn(10, reason))),
    ))

  // Until something is said another model may have to, so what has only begun is not shown.
  test('of a stream that has begun, but for its beginning', async () => {
    const observe = async (model: LanguageModelV4) => {
      const seen = await inTime(() => observeStream(model, abortIn(10, reason)))
      return { ...heard(seen), parts: undefined }
    }
    await expectSame(() => silentAfter([start, { type: 'text-start', id: '1' }]), observe)
  })

  test('of a stream that has said something', () =>
    expectSame(
      () => silentAfter([start, ...hello.slice(0, 2)]),
      model => inTime(() => observeStream(model, abortIn(10, reason))),
    ))

  test('of a whole answer', () =>
    expectSame(
      () => silentAfter([]),
      model => inTime(() => observeGenerate(model, abortIn(10, reason))),
    ))

  test('before the call: the caller hears the same, and the model is not even asked', async () => {
    const abortSignal = AbortSignal.abort(reason)
    for (const observe of [observeStream, observeGenerate]) {
      const model = silentAfter([])
      const routed = await inTime(() => observe(routedAlone(model), { abortSignal }))
      const bare = await inTime(() => observe(silentAfter([]), { abortSignal }))
      expect(heard(routed)).toEqual(heard(bare))
      expect([...model.doStreamCalls, ...model.doGenerateCalls]).toEqual([])
    }
  })
})

test('an abort after the end changes nothing', () =>
  expectSame(
    () => scriptedModel({ streamed: [{ parts: whole }] }),
    model => inTime(() => observeStream(model, abortIn(100))),
  ))

describe('a limit of the SDK is the same', () => {
  const limits = { 'a number': 50, totalMs: { totalMs: 50 }, stepMs: { stepMs: 50 } }
  test.each(Object.entries({ ...limits, firstChunkMs: { firstChunkMs: 50 } }))('%s, of a stream that is silent', (_, timeout) =>
    expectSame(
      () => silentAfter([]),
      model => inTime(() => observeStream(model, { timeout })),
    ),
  )
  test.each(Object.entries({ ...limits, chunkMs: { chunkMs: 50 } }))('%s, of a stream that falls silent', (_, timeout) =>
    expectSame(
      () => silentAfter([start, ...hello.slice(0, 2)]),
      model => inTime(() => observeStream(model, { timeout })),
    ),
  )
  test.each(Object.entries(limits))('%s, of a whole answer', (_, timeout) =>
    expectSame(
      () => silentAfter([]),
      model => inTime(() => observeGenerate(model, { timeout })),
    ),
  )
  test('none is met by a stream that takes its time', () =>
    expectSame(
      () => silentAfter(whole, [0, 0, 0, 40, 40, 0, 0]),
      model => inTime(() => observeStream(model, { timeout: { chunkMs: 50, totalMs: 500 } })),
    ))
})

describe('a request that the provider could not serve this time', () => {
  const overloaded = () =>
    new APICallError({
      message: 'Overloaded',
      url: 'https://models.example',
      requestBodyValues: {},
      statusCode: 503,
      responseHeaders: { 'retry-after-ms': '5' },
    })

  // The SDK does not see it, where it would have made it again itself.
  test('is made again: the answer is the same, whole and streamed', async () => {
    await expectSame(
      () => scriptedModel({ streamed: [{ throws: overloaded() }, { parts: whole }] }),
      async model => heard(await inTime(() => observeStream(model))),
    )
    await expectSame(
      () =>
        scriptedModel({
          generated: [
            { throws: overloaded() },
            {
              content: [{ type: 'text', text: 'Hello' }],
              finishReason: { unified: 'stop', raw: 'stop' },
              usage,
              warnings: [],
              response: { timestamp: new Date(0) },
            },
          ],
        }),
      async model => heard(await inTime(() => observeGenerate(model))),
    )
  })

  test('is not made more often for the SDK’s own retries', async () => {
    const model = scriptedModel({ generated: [{ throws: overloaded() }], streamed: [{ throws: overloaded() }] })
    const routed = routedAlone(model)
    let error: unknown
    await inTime(async () => {
      error = await generateText({ model: routed, prompt: 'Hello?', maxRetries: 5 }).catch((thrown: unknown) => thrown)
    })
    expect(APICallError.isInstance(error) && [error.isRetryable, error.statusCode]).toEqual([false, 503])
    expect(model.doGenerateCalls).toHaveLength(3)
    await inTime(() => observeStream(routed, { maxRetries: 5 }))
    expect(model.doStreamCalls.length).toBeLessThanOrEqual(3)
  })

  test('is thrown as the model threw it, where nobody is to ask again', async () => {
    const error = overloaded()
    const routed = routedAlone(scriptedModel({ generated: [{ throws: error }] }), { retry: false })
    expect(await inTime(() => observeGenerate(routed))).toMatchObject({
      end: { threw: { error: 'APICallError', message: 'Overloaded', isRetryable: false, responseHeaders: error.responseHeaders } },
    })
    expect(error.isRetryable).toBe(true)
  })
})

test('a stream that ends while nobody reads is as long', () =>
  expectSame(
    () => scriptedModel({ streamed: [{ parts: [...text('1', ...Array.from({ length: 300 }, (_, word) => `${word} `)), finish('stop')] }] }),
    model => inTime(() => observeStream(model)),
  ))
