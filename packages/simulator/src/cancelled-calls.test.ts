import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startSimulator } from './start.ts'
import type { Simulator } from './start.ts'
import type { Fault } from './fault.ts'

let sim: Simulator

beforeAll(async () => {
  sim = await startSimulator({ providers: ['anthropic', 'google'], timeScale: 1000 })
})
afterAll(() => sim.close())

const headers = { 'x-api-key': 'test', 'x-goog-api-key': 'test', 'anthropic-version': '2023-06-01' }
const long = (topic: string): string => Array.from({ length: 2500 }, (_, index) => `${topic} ${index}`).join(', ')

const claude = (topic: string, stream: boolean) => ({
  url: `${sim.url('anthropic')}/v1/messages`,
  body: {
    model: 'claude-haiku-4-5',
    max_tokens: 400,
    stream,
    system: [{ type: 'text', text: long(topic), cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: 'Hello' }],
  },
})
const gemini = (topic: string) => ({
  url: `${sim.url('google')}/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse`,
  body: { contents: [{ role: 'user', parts: [{ text: long(topic) }] }] },
})

type Call = { url: string; body: object }
const post = ({ url, body }: Call, signal?: AbortSignal) =>
  fetch(url, { method: 'POST', headers, body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) })

async function usageOf(call: Call) {
  await (await post(call)).text()
  await sim.settled()
  return sim.bill.rows.at(-1)!.usage
}

/** Calls while the fault strikes, leaves as soon as `reached` is there, and gives the row on the bill. */
async function leave(call: Call, fault: Fault, reached: 'request' | 'first chunk') {
  sim.fault({ ...fault, times: 1 })
  const controller = new AbortController()
  const rows = sim.bill.requests
  const seen = sim.requests.length
  const response = post(call, controller.signal)
  if (reached === 'request') await vi.waitUntil(() => sim.requests.length > seen, { interval: 1 })
  else await (await response).body!.getReader().read()
  controller.abort()
  await response.catch(() => {})
  await vi.waitUntil(() => sim.bill.requests > rows, { interval: 1 })
  return sim.bill.rows.at(-1)!
}

test('a call that does not stream is charged whole when its client leaves, and what it wrote can be read', async () => {
  const call = claude('apples', false)
  const { end, usage } = await leave(call, { effect: { type: 'hang', at: 'first-token' } }, 'request')
  expect(end).toBe('cancelled')
  expect(usage.cacheWriteTokens).toBeGreaterThan(4096)
  expect(usage.outputTokens).toBeGreaterThan(0)
  expect(await usageOf(call)).toMatchObject({ cacheReadTokens: usage.cacheWriteTokens, cacheWriteTokens: 0 })
})

test('a stream of a provider that does not stop on cancel is charged whole, and its prompt is cached', async () => {
  const call = gemini('pears')
  const { end, usage } = await leave(call, { effect: { type: 'hang', at: 'midway' } }, 'first chunk')
  expect(end).toBe('cancelled')
  const again = await usageOf(call)
  expect(usage.outputTokens).toBe(again.outputTokens)
  expect(again.cacheReadTokens).toBeGreaterThan(4096)
})

test('a stream of a provider that stops on cancel is charged for what it had generated', async () => {
  const call = claude('plums', true)
  const { end, usage } = await leave(call, { effect: { type: 'hang', at: 'midway' } }, 'first chunk')
  expect(end).toBe('cancelled')
  const again = await usageOf(call)
  expect(usage.outputTokens).toBeGreaterThan(0)
  expect(usage.outputTokens).toBeLessThan(again.outputTokens)
  expect(again).toMatchObject({ cacheReadTokens: usage.cacheWriteTokens })
})

test('a stream left before its first token has written nothing', async () => {
  const call = claude('cherries', true)
  const { usage } = await leave(call, { effect: { type: 'hang', at: 'headers' } }, 'request')
  expect(usage).toMatchObject({ cacheWriteTokens: 0, outputTokens: 0 })
  expect(await usageOf(call)).toMatchObject({ cacheReadTokens: 0 })
})

test('an answer without a visible token writes what it is charged for', async () => {
  const call = claude('grapes', true)
  sim.fault({ effect: { type: 'content-filter' }, times: 1 })
  const filtered = await usageOf(call)
  expect(filtered.cacheWriteTokens).toBeGreaterThan(4096)
  expect(await usageOf(call)).toMatchObject({ cacheReadTokens: filtered.cacheWriteTokens, cacheWriteTokens: 0 })
})
