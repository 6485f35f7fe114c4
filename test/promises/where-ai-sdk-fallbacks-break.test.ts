import { type Policy, type Receipt, receiptOf } from '@routewise/ai-sdk'
import { generateText, type LanguageModel, streamText } from 'ai'
import { createFallback } from 'ai-fallback'
import { expect, test } from 'vitest'
import { startAiSdkWorld } from './ai-sdk-world.ts'

const ANSWER = 'The capital of France is Paris, a city on the Seine with some two million people, known for its museums.'
const recordings = { match: () => ({ answer: { text: ANSWER } }) }
const inOrder = { policy: <Item>(candidates: readonly Item[]) => candidates }
const first =
  (id: string): Policy =>
  candidates =>
    candidates.toSorted((a, b) => Number(b.id === id) - Number(a.id === id))

const generate = async (model: LanguageModel, prompt: string) => (await generateText({ model, prompt, maxRetries: 0 })).text
const stream = async (model: LanguageModel, prompt: string) =>
  await streamText({ model, prompt, maxRetries: 0, onError: () => undefined }).text

/** What a reader of the stream gets: the types of its parts, all text, its errors, and the one that the stream breaks with. */
async function read(model: LanguageModel, settings: { abortSignal?: AbortSignal } = {}) {
  const types: string[] = []
  const errors: unknown[] = []
  let receipt: Receipt | undefined
  let text = ''
  const heard: unknown[] = []
  let broke: unknown
  const result = streamText({ model, prompt: 'Capital?', onError: ({ error }) => void heard.push(error), ...settings })
  try {
    for await (const part of result.stream) {
      types.push(part.type)
      if (part.type === 'text-delta') text += part.text
      if (part.type === 'error') errors.push(part.error)
      receipt ??= receiptOf(part.type === 'error' ? part.error : part)
    }
  } catch (error) {
    broke = error
  }
  expect(heard).toEqual(errors)
  return { result, types, errors, broke, receipt, text, count: (type: string) => types.filter(other => other === type).length }
}

test.each([
  ['generateText', generate],
  ['streamText', stream],
])('%s: with the first model always down, none of fifty calls at once fails, and nobody is asked twice', async (_, ask) => {
  const { sim, model, receipts } = await startAiSdkWorld({ hedge: false }, { recordings, timeScale: 500 })
  sim.outage('openai')
  const askAll = (of: LanguageModel) => Promise.all(Array.from({ length: 50 }, (_, call) => ask(of, `Question ${call}`)))
  expect(await askAll(model)).toEqual(Array(50).fill(ANSWER))
  for (const { attempts } of receipts) expect(attempts.map(({ reason }) => reason)).toEqual(['first', 'fallback'])
  await sim.settled()
  expect(sim.bill.requests).toBe(100)
  // Its breaker is open now: the next fifty do not ask it at all, but for a probe if this machine is slow.
  await askAll(model)
  await sim.settled()
  expect(sim.bill.rows.slice(100).filter(({ provider }) => provider === 'openai').length).toBeLessThanOrEqual(1)
})

test('what that avoids: a wrapper whose calls share one index of the current model fails many of them', async () => {
  const { sim, models } = await startAiSdkWorld({ hedge: false }, { recordings, timeScale: 500 })
  sim.outage('openai')
  const wrapped = createFallback({ models: [models.luna, models.haiku] })
  const answers = await Promise.allSettled(Array.from({ length: 50 }, (_, call) => generate(wrapped, `Question ${call}`)))
  expect(answers.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
})

test('after one passing rate limit all but the first calls are on the cheap model again, and cost what they cost there', async () => {
  const { sim, model, receipts } = await startAiSdkWorld({ hedge: false }, { recordings, timeScale: 500 })
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'http-error', kind: 'rate-limit', message: 'Too many requests.' }, times: 1 })
  for (let call = 0; call < 101; call += 1) await (call % 2 === 0 ? generate : stream)(model, 'Where is my order?')
  await sim.settled()
  const cheap = receipts.filter(({ target }) => target === 'luna')
  expect(receipts[0]!.target).not.toBe('luna')
  expect(cheap.length).toBeGreaterThanOrEqual(98)
  const spent = receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)
  expect(spent).toBe(sim.bill.totalNanoUsd)
  expect(spent).toBeLessThanOrEqual(101 * cheap[0]!.costNanoUsd + 3 * receipts[0]!.costNanoUsd)
})

test.each([
  ['is cut', { type: 'cut', at: 'midway' }, true],
  ['ends without an end', { type: 'silent-end' }, true],
  ['tells of an overload', { type: 'stream-error', at: 'midway', kind: 'overloaded' }, false],
] as const)('an answer that %s midway is said once, and ends in an error with its bill', async (_, effect, breaks) => {
  const { sim, model, receipts } = await startAiSdkWorld({ hedge: false }, { recordings, timeScale: 500 })
  for (const target of ['openai', 'anthropic', 'google']) {
    sim.fault({ when: { provider: target }, effect })
  }
  const { result, types, errors, broke, receipt, text, count } = await read(model)
  expect(count('text-start')).toBe(1)
  expect(text.length).toBeGreaterThan(10)
  expect(ANSWER.startsWith(text)).toBe(true)
  expect(errors).toHaveLength(1)
  // What nobody has told breaks the stream, too: nobody who waits for the text alone shall take it for a short answer.
  expect(broke).toBe(breaks ? errors[0] : undefined)
  expect(
    await result.text.then(
      () => undefined,
      (error: unknown) => error,
    ),
  ).toBe(broke)
  expect(types.indexOf('error')).toBeGreaterThan(types.lastIndexOf('text-delta'))
  expect(receipt).toMatchObject({ id: receipts[0]!.id })
  expect(receipts).toMatchObject([{ attempts: [{ target: 'luna', end: { type: 'interrupted' } }], estimated: true }])
  expect(receipts[0]!.costNanoUsd).toBeGreaterThan(0)
  await sim.settled()
  expect(sim.bill.requests).toBe(1)
})

test('an answer that breaks off midway goes on from there once, if asked for, in the same block of text', async () => {
  const rest = ' Paris, and that is all.'
  const { sim, model, receipts } = await startAiSdkWorld(
    { onStall: 'continue', ...inOrder },
    { recordings: { match: ({ model: id }) => ({ answer: { text: id === 'gpt-6-luna' ? ANSWER : rest } }) } },
  )
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'cut', at: 'midway' } })
  const { text, errors, count } = await read(model)
  expect(errors).toEqual([])
  const said = text.slice(0, -rest.length)
  expect(text.endsWith(rest)).toBe(true)
  expect(said.length).toBeGreaterThan(10)
  expect(ANSWER.startsWith(said)).toBe(true)
  expect([count('text-start'), count('text-end'), count('finish')]).toEqual([1, 1, 1])
  expect(receipts).toMatchObject([
    {
      target: 'flash',
      estimated: true,
      attempts: [
        { target: 'luna', reason: 'first', end: { type: 'interrupted' } },
        { target: 'flash', reason: 'continuation', end: { type: 'answered' } },
      ],
    },
  ])
  expect(JSON.stringify(sim.requests.at(-1)!.http.body)).toContain(said)
})

test('a slow first chunk gives way to the whole answer of another, and the caller’s signal is as it was', async () => {
  const { sim, model, receipts } = await startAiSdkWorld(
    { hedge: false, timeouts: { firstTokenMs: 300 }, ...inOrder },
    { recordings, timeScale: 200 },
  )
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'first-token' } })
  const { signal } = new AbortController()
  const { text, types, errors } = await read(model, { abortSignal: signal })
  expect(text).toBe(ANSWER)
  expect(errors).toEqual([])
  expect(types).not.toContain('abort')
  expect(signal.aborted).toBe(false)
  await sim.settled()
  expect(receipts[0]!.attempts.map(({ target, end }) => [target, end.type])).toEqual([
    ['luna', 'failed'],
    ['flash', 'answered'],
  ])
  expect(sim.bill.rows.map(({ provider, end }) => [provider, end])).toEqual([
    ['openai', 'cancelled'],
    ['google', 'answered'],
  ])
  expect(receipts[0]!.costNanoUsd).toBeGreaterThanOrEqual(sim.bill.totalNanoUsd)
})

test('a silent first model is overtaken by the next, streamed and whole', async () => {
  const { sim, model, receipts } = await startAiSdkWorld({ hedge: { delayMs: 20, budget: 1 } }, { recordings, timeScale: 1_000 })
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'headers' } })
  expect((await read(model)).text).toBe(ANSWER)
  expect(await generate(model, 'Capital?')).toBe(ANSWER)
  for (const { attempts } of receipts) {
    expect(attempts).toMatchObject([
      { target: 'luna', end: { type: 'superseded' } },
      { target: 'flash', reason: 'hedge', end: { type: 'answered' } },
    ])
  }
})

test.each(['openai', 'google', 'anthropic'] as const)(
  '%s: silence after the headers falls back in time, and who leaves is heard upstream',
  async provider => {
    const target = { openai: 'luna', google: 'flash', anthropic: 'haiku' }[provider]
    const { sim, routed } = await startAiSdkWorld({ hedge: false, timeouts: { firstTokenMs: 300 } }, { recordings, timeScale: 200 })
    const model = routed('auto', { policy: first(target) })

    const lift = sim.fault({ when: { provider }, effect: { type: 'hang', at: 'first-token' } })
    expect((await read(model)).text).toBe(ANSWER)
    lift()

    sim.fault({ when: { provider }, effect: { type: 'hang', at: 'midway' } })
    const controller = new AbortController()
    const { textStream, text } = streamText({ model, prompt: 'Capital?', abortSignal: controller.signal, onError: () => undefined })
    for await (const _piece of textStream) controller.abort()
    await expect(text).rejects.toMatchObject({ name: 'AbortError' })
    await sim.settled()
    expect(sim.bill.rows.at(-1)).toMatchObject({ provider, end: 'cancelled' })
  },
)
