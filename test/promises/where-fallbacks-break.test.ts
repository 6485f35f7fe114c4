import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { AIMessageChunk } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { type Policy, receiptOf, RoutedChatModel, RouterError } from '@routewise/langchain'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { startWorld } from './world.ts'

const ANSWER = 'The capital of France is Paris, a city on the Seine with some two million people, known for its museums.'
const recordings = { match: () => ({ answer: { text: ANSWER } }) }
const inOrder = { policy: <Item>(candidates: readonly Item[]) => candidates }
const first =
  (id: string): Policy =>
  candidates =>
    candidates.toSorted((a, b) => Number(b.id === id) - Number(a.id === id))

const read = async (stream: AsyncIterable<AIMessageChunk>, said: string[] = []) => {
  for await (const { text } of stream) said.push(text)
  return said.join('')
}
const caught = async (call: Promise<unknown>): Promise<RouterError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!RouterError.isInstance(error)) throw new Error('expected a RouterError', { cause: error })
  return error
}

test('with the first model always down, none of fifty calls at once fails, and nobody is asked twice', async () => {
  const { sim, model, receipts } = await startWorld({}, { recordings })
  sim.outage('openai')
  const ask = () => Promise.all(Array.from({ length: 50 }, (_, call) => model.invoke(`Question ${call}`)))
  expect((await ask()).map(({ text }) => text)).toEqual(Array(50).fill(ANSWER))
  for (const { attempts } of receipts) expect(attempts.map(({ reason }) => reason)).toEqual(['first', 'fallback'])
  await sim.settled()
  expect(sim.bill.requests).toBe(100)
  // Its breaker is open now: the next fifty do not ask it at all, but for a probe if this machine is slow.
  await ask()
  await sim.settled()
  expect(sim.bill.rows.slice(100).filter(({ provider }) => provider === 'openai').length).toBeLessThanOrEqual(1)
})

test('after one passing rate limit all but the first calls are on the cheap model again, and cost what they cost there', async () => {
  const { sim, model, receipts } = await startWorld({}, { recordings })
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'http-error', kind: 'rate-limit', message: 'Too many requests.' }, times: 1 })
  for (let call = 0; call < 101; call += 1) await model.invoke('Where is my order?')
  await sim.settled()
  const cheap = receipts.filter(({ target }) => target === 'luna')
  expect(receipts[0]!.target).not.toBe('luna')
  expect(cheap.length).toBeGreaterThanOrEqual(98)
  const spent = receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)
  expect(spent).toBe(sim.bill.totalNanoUsd)
  expect(spent).toBeLessThanOrEqual(101 * cheap[0]!.costNanoUsd + 3 * receipts[0]!.costNanoUsd)
})

test('an answer that breaks off midway is said once, and ends in an error with its text and its bill', async () => {
  const { sim, model, receipts } = await startWorld({}, { recordings })
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'cut', at: 'midway' } })
  const said: string[] = []
  const error = await caught(model.stream('Capital?').then(stream => read(stream, said)))
  expect(said.join('').length).toBeGreaterThan(10)
  expect(ANSWER.startsWith(said.join(''))).toBe(true)
  expect(error).toMatchObject({ code: 'stream_interrupted', partialText: said.join('') })
  expect(error.receipt).toBe(receipts[0])
  expect(error.receipt).toMatchObject({ attempts: [{ target: 'luna', end: { type: 'interrupted' } }], estimated: true })
  expect(error.receipt!.costNanoUsd).toBeGreaterThan(0)

  const events: string[] = []
  const seeing = (async () => {
    for await (const { event } of model.streamEvents('Capital?')) events.push(event)
  })()
  await expect(seeing).rejects.toMatchObject({ code: 'stream_interrupted' })
  expect(events.filter(event => event === 'message-start')).toHaveLength(1)
  expect(events.filter(event => event === 'content-block-start')).toHaveLength(1)
  expect(events).not.toContain('message-finish')
})

test('an answer that breaks off midway goes on from there once, if asked for, and the receipt says so', async () => {
  const rest = ' Paris, and that is all.'
  const { sim, model } = await startWorld(
    { onStall: 'continue', ...inOrder },
    { recordings: { match: ({ model: id }) => ({ answer: { text: id === 'gpt-6-luna' ? ANSWER : rest } }) } },
  )
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'cut', at: 'midway' } })
  let whole: AIMessageChunk | undefined
  for await (const chunk of await model.stream('Capital?')) whole = whole === undefined ? chunk : whole.concat(chunk)
  const said = whole!.text.slice(0, -rest.length)
  expect(whole!.text.endsWith(rest)).toBe(true)
  expect(said.length).toBeGreaterThan(10)
  expect(ANSWER.startsWith(said)).toBe(true)
  expect(receiptOf(whole!)).toMatchObject({
    target: 'flash',
    estimated: true,
    attempts: [
      { target: 'luna', reason: 'first', end: { type: 'interrupted' } },
      { target: 'flash', reason: 'continuation', end: { type: 'answered' } },
    ],
  })
  expect(JSON.stringify(sim.requests.at(-1)!.http.body)).toContain(said)
})

test('what a chat model can do, a routed one can, and a slow first model is overtaken by the next', async () => {
  const { sim, model } = await startWorld({ hedge: { delayMs: 20, budget: 1 } }, { timeScale: 200 })
  expect(model).toBeInstanceOf(BaseChatModel)
  expect(await model.getNumTokens('The capital of France is Paris.')).toBeGreaterThan(3)
  const tool = { name: 'look_up', description: 'Looks up.', schema: z.object({ city: z.string() }) }
  expect((await model.bindTools([tool]).invoke('Weather?')).tool_calls).toMatchObject([{ name: 'look_up' }])
  const city = z.strictObject({ name: z.string(), people: z.number() })
  city.parse(await model.withStructuredOutput(city).invoke('Paris'))

  sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'headers' } })
  const answer = await model.invoke('Hello')
  expect(receiptOf(answer)).toMatchObject({
    attempts: [
      { target: 'luna', end: { type: 'superseded' } },
      { target: 'flash', reason: 'hedge', end: { type: 'answered' } },
    ],
  })
})

test('the time limit of one attempt ends that attempt and no other', async () => {
  const { sim, model } = await startWorld({ hedge: false, timeouts: { firstTokenMs: 300 }, ...inOrder }, { recordings, timeScale: 200 })
  const lift = sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'headers' } })
  expect(await read(await model.stream('Capital?'))).toBe(ANSWER)
  lift()

  // A limit of the client's own is one of an attempt, too.
  sim.fault({ when: { model: 'gpt-6-sol' }, effect: { type: 'hang', at: 'headers' } })
  const open = (id: string, options: object) =>
    new ChatOpenAI({ model: id, apiKey: 'test', configuration: { baseURL: sim.url('openai') }, ...options })
  const impatient = new RoutedChatModel({ models: [open('gpt-6-sol', { timeout: 300 }), open('gpt-6-luna', {})], hedge: false, ...inOrder })
  const answer = await impatient.invoke('Capital?')
  expect(answer.text).toBe(ANSWER)
  expect(receiptOf(answer)).toMatchObject({ attempts: [{ end: { type: 'failed', failure: { kind: 'timeout' } } }, { reason: 'fallback' }] })
})

test('a slow first chunk gives way to the whole answer of another, unseen by the caller and paid for once each', async () => {
  const { sim, model, receipts } = await startWorld(
    { hedge: false, timeouts: { firstTokenMs: 300 }, ...inOrder },
    { recordings, timeScale: 200 },
  )
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'first-token' } })
  const { signal } = new AbortController()
  expect(await read(await model.stream('Capital?', { signal }))).toBe(ANSWER)
  expect(signal.aborted).toBe(false)
  await sim.settled()
  const [receipt] = receipts
  expect(receipt!.attempts.map(({ target, end }) => [target, end.type])).toEqual([
    ['luna', 'failed'],
    ['flash', 'answered'],
  ])
  expect(sim.bill.rows.map(({ provider, end }) => [provider, end])).toEqual([
    ['openai', 'cancelled'],
    ['google', 'answered'],
  ])
  expect(receipt!.costNanoUsd).toBeGreaterThanOrEqual(sim.bill.totalNanoUsd)
})

test.each(['openai', 'google', 'anthropic'] as const)(
  '%s: silence after the headers falls back in time, a cut stream is an error, and who leaves is heard upstream',
  async provider => {
    const target = { openai: 'luna', google: 'flash', anthropic: 'haiku' }[provider]
    const { sim, model } = await startWorld({ hedge: false, timeouts: { firstTokenMs: 300 } }, { recordings, timeScale: 200 })
    const only = { routing: { policy: first(target) } }

    let lift = sim.fault({ when: { provider }, effect: { type: 'hang', at: 'first-token' } })
    expect(await read(await model.stream('Capital?', only))).toBe(ANSWER)
    lift()

    for (const effect of [{ type: 'cut', at: 'midway' }, { type: 'silent-end' }] as const) {
      lift = sim.fault({ when: { provider }, effect })
      const error = await caught(model.stream('Capital?', only).then(stream => read(stream)))
      expect(error).toMatchObject({ code: 'stream_interrupted', failures: [{ target }] })
      lift()
    }

    sim.fault({ when: { provider }, effect: { type: 'hang', at: 'midway' } })
    const controller = new AbortController()
    const leaving = model.stream('Capital?', { ...only, signal: controller.signal }).then(async stream => {
      for await (const { text } of stream) if (text !== '') controller.abort()
    })
    await expect(leaving).rejects.toMatchObject({ name: 'AbortError' })
    await sim.settled()
    expect(sim.bill.rows.at(-1)).toMatchObject({ provider, end: 'cancelled' })
  },
)
