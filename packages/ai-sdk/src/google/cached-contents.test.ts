import { createGoogle } from '@ai-sdk/google'
import { findModel } from '@routewise/catalog'
import { createManualClock } from '@routewise/core/testing'
import { startSimulator } from '@routewise/simulator'
import { generateText, streamText, tool, type ToolSet } from 'ai'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { createRouted } from '../create-routed.ts'
import { receiptOf } from '../receipt.ts'
import { type CachedContentsOptions, type StoredPrefix, withCachedContents } from './cached-contents.ts'

const system = Array.from({ length: 3_000 }, (_, at) => `Rule ${at}.`).join(' ')
const tools: ToolSet = { find: tool({ description: 'Finds a parcel.', inputSchema: z.object({ id: z.string() }) }) }
/** Gemini's own cache forgets in five minutes: calls that come every seven find nothing there. */
const PAUSE_MS = 420_000

async function setUp(options: Partial<CachedContentsOptions> = {}) {
  const clock = createManualClock()
  const sim = await startSimulator({ providers: ['google'], clock })
  const baseURL = `${sim.url('google')}/v1beta`
  const stored: StoredPrefix[] = []
  const refused: unknown[] = []
  /** What goes on in the background. */
  const behind: Promise<unknown>[] = []
  const model = withCachedContents(createGoogle({ apiKey: 'mine', baseURL })('gemini-3.8-flash'), {
    apiKey: 'mine',
    baseURL,
    clock,
    fetch(input, init) {
      const response = fetch(input, init)
      behind.push(response)
      return response
    },
    onStored: prefix => stored.push(prefix),
    onRefused: error => refused.push(error),
    ...options,
  })
  /** Lets provider time go on until the promise settles: it is the same clock. */
  async function pass<Value>(promise: PromiseLike<Value>): Promise<Value> {
    const state = { settled: false }
    const watched = Promise.resolve(promise).finally(() => (state.settled = true))
    watched.catch(() => undefined)
    while (!state.settled) {
      await new Promise(resolve => setImmediate(resolve))
      await clock.advance(20)
    }
    return watched
  }
  const rest = async (pauseMs: number) => {
    const before = stored.length + refused.length
    const answered = await pass(Promise.allSettled(behind.splice(0)))
    while (answered.length > 0 && stored.length + refused.length === before) await new Promise(resolve => setImmediate(resolve))
    await clock.advance(pauseMs)
  }
  const ask = async (prompt: string, settings: object = {}, pauseMs = PAUSE_MS) => {
    const { usage } = await pass(generateText({ model, instructions: system, tools, prompt, maxRetries: 0, ...settings }))
    await rest(pauseMs)
    return usage.inputTokenDetails.cacheReadTokens ?? 0
  }
  return { clock, sim, model, ask, rest, pass, stored, refused, [Symbol.asyncDispose]: () => sim.close() }
}

test('a prefix that is asked with often enough is handed over once, and read from there', async () => {
  await using set = await setUp()
  const cached: number[] = []
  for (let turn = 0; turn < 5; turn += 1) cached.push(await set.ask(`Question ${turn}?`))
  expect(set.stored).toHaveLength(1)
  expect(cached.slice(0, 3)).toEqual([0, 0, 0])
  expect(cached.slice(3)).toEqual([set.stored[0]!.tokens, set.stored[0]!.tokens])
})

test('what is sent from a stored prefix names it, and repeats neither system nor tools', async () => {
  await using set = await setUp()
  for (let turn = 0; turn < 4; turn += 1) await set.ask(`Question ${turn}?`)
  const { http } = set.sim.requests.findLast(({ http: { path } }) => path.includes('generateContent'))!
  expect(http.body).toMatchObject({ cachedContent: set.stored[0]!.name, contents: [{ role: 'user' }] })
  expect(http.body).not.toHaveProperty('systemInstruction')
  expect(http.body).not.toHaveProperty('tools')
})

test('calls that find their prefix in Gemini’s own cache pay for no storage', async () => {
  await using set = await setUp()
  const cached: number[] = []
  for (let turn = 0; turn < 20; turn += 1) cached.push(await set.ask(`Question ${turn}?`, {}, 60_000))
  expect(cached.slice(1).every(tokens => tokens > 5_000)).toBe(true)
  expect(set.stored).toEqual([])
})

test('rare calls pay for no storage', async () => {
  await using set = await setUp()
  for (let turn = 0; turn < 8; turn += 1) await set.ask(`Question ${turn}?`, {}, 3 * PAUSE_MS)
  expect(set.stored).toEqual([])
})

test('a stored prefix that is gone is done without, and nobody hears of it', async () => {
  await using set = await setUp()
  for (let turn = 0; turn < 4; turn += 1) await set.ask(`Question ${turn}?`)
  const [{ name }] = set.stored as [StoredPrefix]
  await set.pass(fetch(`${set.sim.url('google')}/v1beta/${name}`, { method: 'DELETE', headers: { 'x-goog-api-key': 'mine' } }))
  expect(await set.ask('And now?')).toBe(0)
})

test('a stream is watched like a whole answer', async () => {
  await using set = await setUp()
  const cached: number[] = []
  for (let turn = 0; turn < 5; turn += 1) {
    const result = streamText({ model: set.model, instructions: system, prompt: `Question ${turn}?`, maxRetries: 0 })
    void result.consumeStream()
    cached.push((await set.pass(result.usage)).inputTokenDetails.cacheReadTokens ?? 0)
    await set.rest(PAUSE_MS)
  }
  expect(cached.slice(3)).toEqual([set.stored[0]!.tokens, set.stored[0]!.tokens])
})

test('a forced tool, a schema beside tools, and the caller’s own cached content go out as they are', async () => {
  await using set = await setUp()
  for (let turn = 0; turn < 4; turn += 1) await set.ask(`Question ${turn}?`)
  await set.ask('Find it.', { toolChoice: 'required' })
  const { http } = set.sim.requests.findLast(({ http: { path } }) => path.includes('generateContent'))!
  expect(http.body).toHaveProperty('systemInstruction')
})

test('what another account holds is not found, and the call is made whole', async () => {
  await using set = await setUp({ apiKey: 'another' })
  for (let turn = 0; turn < 4; turn += 1) expect(await set.ask(`Question ${turn}?`)).toBe(0)
  expect(set.stored.length).toBeGreaterThan(0)
})

test('a prefix that Google refuses is told of, and not offered again at once', async () => {
  const card = findModel('gemini-3.8-flash')!
  await using set = await setUp({ card: { ...card, cache: { ...card.cache, minTokens: 1 } } })
  for (let turn = 0; turn < 4; turn += 1) await set.ask(`Question ${turn}?`, { instructions: 'Be brief.' })
  expect(set.refused).toEqual([expect.objectContaining({ message: expect.stringContaining('too small') })])
})

test('close gives up what is stored', async () => {
  await using set = await setUp()
  for (let turn = 0; turn < 4; turn += 1) await set.ask(`Question ${turn}?`)
  await set.pass(set.model.close())
  expect(set.sim.requests.at(-1)!.http).toMatchObject({ method: 'DELETE', path: expect.stringContaining(set.stored[0]!.name) })
})

test('among routed models it is one of Google’s, and its receipt tells what was read', async () => {
  await using set = await setUp()
  const routed = createRouted({ models: { flash: set.model }, clock: set.clock })
  let receipt: ReturnType<typeof receiptOf>
  for (let turn = 0; turn < 5; turn += 1) {
    const { finalStep } = await set.pass(generateText({ model: routed('auto'), instructions: system, prompt: `Question ${turn}?` }))
    receipt = receiptOf(finalStep)
    await set.rest(PAUSE_MS)
  }
  expect(receipt).toMatchObject({ model: 'gemini-3.8-flash', usage: { cacheReadTokens: set.stored[0]!.tokens } })
})

test('a model whose storage has no known price is refused when it is set up', () => {
  const model = createGoogle({ apiKey: 'mine' })('gemini-99')
  expect(() => withCachedContents(model, { apiKey: 'mine' })).toThrow(/storage for gemini-99/)
  expect(() => withCachedContents(model, { apiKey: '' })).toThrow(/`apiKey` is ""/)
})
