import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type RequestContext, withContext } from './context.ts'
import { answer, scriptedTarget } from './testing/index.ts'
import { setUp } from './testing/scripted-router.ts'
import type { Receipt } from './types.ts'

/** Ten tokens in, five out: 20 microdollars at the scripted price. */
const PROMPT = 'a prompt of forty characters, or so it is'
const words = answer('five words are said here')

test('money of a request is spent by the calls made inside it, and no call is made for which too little is left', async () => {
  const { clock, start, router } = setUp(clock => [scriptedTarget('a', clock, words)])
  const first = await withContext({ maxUsd: 0.000_05 }, async () => {
    const { expectedCostUsd } = router.decide({ prompt: PROMPT, features: { maxOutputTokens: 5 } }).plan[0]!
    expect(expectedCostUsd).toBeLessThan(0.000_05)
    const results = []
    for (let call = 0; call < 4; call += 1) {
      const { result } = start({ prompt: PROMPT, features: { maxOutputTokens: 5 } })
      await clock.advance(1)
      results.push(result)
    }
    return results
  })
  expect(first.map(({ error }) => error === undefined)).toEqual([true, true, false, false])
  expect(first[2]?.error).toMatchObject({ code: 'over_budget' })
})

test('the limits of an outer request hold inside an inner one', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, words)])
  const { result } = withContext({ maxUsd: 0 }, () => withContext({ maxUsd: 1 }, () => start()))
  await clock.advance(1)
  expect(result.error).toMatchObject({ code: 'over_budget' })
})

test('a candidate that costs more than what is left is left out, and the receipt says so', async () => {
  const dear = { prices: [{ rates: { input: 100, output: 200 } }] }
  const { clock, start } = setUp(clock => [scriptedTarget('dear', clock, words, { card: dear }), scriptedTarget('fair', clock, words)])
  const { result } = withContext({ maxUsd: 0.000_5 }, () => start({ prompt: PROMPT, features: { maxOutputTokens: 5 } }))
  await clock.advance(1)
  expect(result.receipt?.target).toBe('fair')
  expect(result.receipt?.considered.find(({ target }) => target === 'dear')?.excluded).toBe('cost: over what is left, $0.000500')
})

test('a call may set a limit of its own', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, words)])
  const { result } = start({ prompt: PROMPT }, { maxUsd: 0.000_001 })
  await clock.advance(1)
  expect(result.error).toMatchObject({ code: 'over_budget' })
})

test.each([Number.NaN, -1])('a limit of %d dollars is refused by name', async maxUsd => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, words)])
  const { result } = start({ prompt: PROMPT }, { maxUsd })
  await clock.advance(1)
  expect(result.error).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('maxUsd') })
})

test('where no price is known, a limit of money is refused by name', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, words, { card: { prices: [] } })])
  const { result } = start({ prompt: PROMPT }, { maxUsd: 1 })
  await clock.advance(1)
  expect(result.error).toMatchObject({ code: 'price_unknown' })
})

test('whatever the calls of a request do at once, they are promised no more than there is, and nothing stays promised', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(300), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 0, max: 400 }),
      async (delays, maxMicroUsd) => {
        const { clock, start } = setUp(clock => [scriptedTarget('a', clock, answer('five words', { afterMs: 100 }))], { hedge: false })
        const receipts: Receipt[] = []
        const maxUsd = maxMicroUsd / 1e6
        await withContext({ maxUsd, onReceipt: receipt => void receipts.push(receipt) }, async () => {
          // The scripted answer costs 20 microdollars, and is expected to cost no less.
          for (const delay of delays) {
            start({ prompt: PROMPT, features: { maxOutputTokens: 5 } })
            await clock.advance(delay)
          }
          await clock.advance(1_000)
          const spent = receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)
          expect(spent / 1e9).toBeLessThanOrEqual(maxUsd)
          const { result } = start({ prompt: PROMPT, features: { maxOutputTokens: 5 } })
          await clock.advance(200)
          expect(result.error === undefined).toBe(maxMicroUsd * 1_000 - spent >= 21_000)
        })
      },
    ),
    { numRuns: 60 },
  )
})

test('the deadline of a request ends the calls made inside it, and makes no more once it is over', async () => {
  const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, [{ hang: true }])], { hedge: false, retry: false })
  await withContext({ deadlineMs: 500, clock }, async () => {
    const { result } = start()
    await clock.advance(499)
    expect(result.error).toBeUndefined()
    await clock.advance(1)
    expect(result.error).toMatchObject({ code: 'deadline', message: expect.stringContaining('deadlineMs') })
    const late = start()
    await clock.advance(1)
    expect(late.result.error).toMatchObject({ code: 'deadline' })
    expect(targets[0]!.calls).toHaveLength(1)
  })
})

test('a request that is aborted aborts every call made inside it, and a call in another context goes on', async () => {
  const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, [{ hang: true }])], { hedge: false })
  const client = new AbortController()
  const inside = withContext({ signal: client.signal }, () => [
    start(),
    start({ prompt: PROMPT }, { signal: new AbortController().signal }),
  ])
  const outside = start()
  await clock.advance(1)
  client.abort(new Error('gone'))
  await clock.advance(1)
  for (const { result } of inside) expect(result.error).toMatchObject({ code: 'aborted', cause: new Error('gone') })
  expect(outside.result.error).toBeUndefined()
  expect(targets[0]!.signals.map(({ aborted }) => aborted)).toEqual([true, true, false])
  await outside.generator.return(undefined as never)
})

test('the context is that in which the call is made, wherever its answer is read', async () => {
  const { clock, router } = setUp(clock => [scriptedTarget('a', clock, words)])
  const seen: Receipt[] = []
  const context: RequestContext = { tenant: 'acme', session: 's1', onReceipt: receipt => void seen.push(receipt) }
  const stream = withContext(context, () => router.run({ prompt: PROMPT }))
  const read = (async () => {
    for (;;) {
      const step = await stream.next()
      if (step.done === true) return step.value
    }
  })()
  await clock.advance(1)
  expect(await read).toMatchObject({ tenant: 'acme', session: 's1' })
  expect(seen).toHaveLength(1)
})

test.each([
  ['maxUsd', { maxUsd: -1 }],
  ['deadlineMs', { deadlineMs: Number.NaN }],
])('a wrong %s is refused by name', (option, context) => {
  expect(() => withContext(context, () => undefined)).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(option) }),
  )
})
