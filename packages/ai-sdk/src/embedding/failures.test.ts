import { APICallError } from '@ai-sdk/provider'
import { RouterError } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { embed } from 'ai'
import { describe, expect, test } from 'vitest'
import { caught, failing, mock, receiptOf, routedBy } from '../testing/embedding.ts'

describe('failures', () => {
  test('the next of the space answers at once, and the receipt tells both', async () => {
    const model = routedBy({ down: failing(503), up: { model: mock(2), price: { input: 1 } } }, { retry: false })('auto')
    const result = await embed({ model, value: 'x', maxRetries: 0 })
    expect(result.embedding[0]).toBe(2)
    expect(receiptOf(result).attempts).toMatchObject([
      { target: 'down', end: { type: 'failed', failure: { status: 503 } } },
      { target: 'up', reason: 'fallback', end: { type: 'answered' } },
    ])
    expect(JSON.parse(JSON.stringify(receiptOf(result)))).toMatchObject({ target: 'up' })
  })

  test('a model alone is asked again, by the router and not by the SDK', async () => {
    const clock = createManualClock()
    const flaky = failing(500)
    const answer = caught(embed({ model: routedBy({ flaky }, { clock, random: () => 0.5 })('auto'), value: 'x' }))
    await clock.advance(10_000)
    expect(RouterError.isInstance(await answer)).toBe(true)
    expect(flaky.doEmbedCalls).toHaveLength(3)
  })

  test('what one attempt alone has thrown is thrown on, no longer for the SDK to repeat', async () => {
    const down = failing(503)
    const error = await caught(embed({ model: routedBy({ down }, { retry: false })('auto'), value: 'x' }))
    expect(APICallError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ statusCode: 503, message: 'status 503', isRetryable: false })
    expect(down.doEmbedCalls).toHaveLength(1)
  })

  test('of several failures the error tells all', async () => {
    const error = await caught(embed({ model: routedBy({ a: failing(503), b: failing(401) }, { retry: false })('auto'), value: 'x' }))
    expect(error).toMatchObject({ code: 'all_attempts_failed', failures: [{ target: 'a' }, { target: 'b' }] })
    expect(APICallError.isInstance(error)).toBe(true)
  })

  test('an abort is the signal’s own reason, and reaches the model', async () => {
    const controller = new AbortController()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const answer = caught(embed({ model: routedBy({ silent })('auto'), value: 'x', abortSignal: controller.signal }))
    await new Promise(setImmediate)
    const reason = new Error('the user has gone')
    controller.abort(reason)
    expect(await answer).toBe(reason)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(true)
  })

  test('a provider that says nothing is escaped by a hedge', async () => {
    const clock = createManualClock()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const given = { silent: { model: silent, price: { input: 0.02 } }, awake: { model: mock(2), price: { input: 0.03 } } }
    const answer = embed({ model: routedBy(given, { clock, hedge: { budget: 1, delayMs: 400 } })('auto'), value: 'x' })
    await clock.advance(399)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(false)
    await clock.advance(1)
    const result = await answer
    expect(result.embedding[0]).toBe(2)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(true)
    const [lost, won] = receiptOf(result).attempts
    expect([lost?.end.type, won?.reason]).toEqual(['superseded', 'hedge'])
    await clock.settle()
    expect(clock.pending()).toBe(0)
    expect(lost).toMatchObject({ usageSource: 'estimated' })
  })

  test.each([
    ['as long as a first token may take', { firstTokenMs: 8_000 }, 8_000],
    ['its share of the time', { totalMs: 10_000 }, 5_000],
  ])('where no hedge can be paid for, a silent provider has failed after %s', async (_what, timeouts, ms) => {
    const clock = createManualClock()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const model = routedBy({ silent, awake: mock(2) }, { clock, hedge: false, timeouts })('auto')
    const answer = embed({ model, value: 'x' })
    await clock.advance(ms - 1)
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(false)
    await clock.advance(1)
    const result = await answer
    expect(receiptOf(result).attempts).toMatchObject([{ target: 'silent', end: { failure: { kind: 'timeout' } } }, { target: 'awake' }])
    expect(silent.doEmbedCalls[0]?.abortSignal?.aborted).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  test('without another of its space a silent provider is waited for as long as the call may take', async () => {
    const clock = createManualClock()
    const silent = mock(1, { answer: () => new Promise<never>(() => {}) })
    const other = mock(2, { modelId: 'another' })
    const answer = caught(embed({ model: routedBy({ silent, other }, { clock, timeouts: { totalMs: 5_000 } })('same'), value: 'x' }))
    await clock.advance(5_000)
    expect(await answer).toMatchObject({ code: 'deadline' })
    expect(other.doEmbedCalls).toHaveLength(0)
  })
})
