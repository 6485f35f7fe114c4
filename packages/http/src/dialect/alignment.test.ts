import { jsonOf, objectsOf, type Json, type RoutingOptions } from '@routewise/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aiSdkTarget } from '../ai-sdk/target.ts'
import { newTrace, type WireTarget } from '../call.ts'
import { openaiTarget } from '../openai/target.ts'
import { createRouter } from '../router.ts'
import { simulated, type Simulated } from '../testing/ai-sdk.ts'

// What a router does to a prompt, as the provider sees it.

let world: Simulated
// Slow enough that no cache entry ends its five minutes between two turns.
beforeAll(async () => void (world = await simulated({ timeScale: 20 })))
afterAll(() => world.sim.close())

const parameters = { type: 'object', properties: { city: { type: 'string' }, day: { type: 'string' } }, required: ['city', 'day'] }
const tool = (name: string, schema: object = parameters) => ({ type: 'function', function: { name, parameters: schema } })
const system = 'You answer questions about the weather of many cities, and you are kind. '.repeat(200)

const mistral = () => openaiTarget({ baseURL: world.sim.url('mistral'), apiKey: 'test', model: 'mistral-medium-3-5', flavour: 'mistral' })

function routed(target: WireTarget, promptCache?: RoutingOptions['promptCache']) {
  const router = createRouter({ targets: [target], hedge: false, retry: false, ...(promptCache !== undefined && { promptCache }) })
  return async (body: Json) => {
    const text = JSON.stringify(body)
    const steps = router.run({ api: 'chat', body, text, stream: false, trace: newTrace(0) })
    for (;;) {
      const { done, value } = await steps.next()
      if (done === true) return { receipt: value, sent: jsonOf(world.sim.requests.at(-1)!.http.body), text }
    }
  }
}

const question = (...said: string[]): Json => ({
  model: 'mistral-medium-3-5',
  messages: [{ role: 'system', content: system }, ...said.map(content => ({ role: 'user', content }))],
})

test('a provider that caches only what has a key gets one, and the next turn is read from its cache', async () => {
  const ask = routed(mistral())
  const { sent, text } = await ask(question('Oslo?'))
  expect(sent['prompt_cache_key']).toMatch(/^rw-/)
  expect({ ...sent, prompt_cache_key: undefined }).toEqual(JSON.parse(text))
  const { receipt, sent: next } = await ask(question('Oslo?', 'Rome?'))
  expect(next['prompt_cache_key']).toBe(sent['prompt_cache_key'])
  expect(receipt.usage.cacheReadTokens).toBeGreaterThan(1_024)
})

test('a key of the caller’s is the only one, and without keys there is none', async () => {
  const own = await routed(mistral())({ ...question('Oslo?'), prompt_cache_key: 'mine' })
  expect(own.sent['prompt_cache_key']).toBe('mine')
  for (const promptCache of [false, { keys: false }] as const)
    expect((await routed(mistral(), promptCache)(question('Oslo?'))).sent).not.toHaveProperty('prompt_cache_key')
})

describe('tools', () => {
  const body = (...tools: Json[]): Json => ({ ...question('Oslo?'), tools })
  const turned = { required: ['day', 'city'], properties: parameters.properties, type: 'object' }

  test('reach the provider in one order, whoever wrote them down', async () => {
    const ask = routed(mistral())
    const first = await ask(body(tool('b'), tool('a')))
    const second = await ask(body(tool('a', turned), tool('b')))
    expect(objectsOf(first.sent['tools']).map(({ function: called }) => jsonOf(called)['name'])).toEqual(['a', 'b'])
    expect(JSON.stringify(second.sent['tools'])).toBe(JSON.stringify(first.sent['tools']))
    expect(second.receipt.usage.cacheReadTokens).toBeGreaterThan(1_024)
  })

  test('stay as they are where the caller marks them, or sorting is turned off', async () => {
    const marked = { ...tool('b'), cache_control: { type: 'ephemeral' } }
    const { sent } = await routed(mistral())(body(marked, tool('a')))
    expect(objectsOf(sent['tools']).map(({ function: called }) => jsonOf(called)['name'])).toEqual(['b', 'a'])
    const off = await routed(mistral(), { sortTools: false })(body(tool('b'), tool('a')))
    expect(off.sent['tools']).toEqual([tool('b'), tool('a')])
  })
})

test('Claude behind the endpoint gets markers where they pay, at the messages that the plan means', async () => {
  const ask = routed(aiSdkTarget(world.anthropic()))
  const said = (text: string) => [{ type: 'text', text }]
  const messages: Json[] = [
    { role: 'system', content: system },
    { role: 'user', content: said('Oslo?') },
  ]
  const call = { id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }
  const tools = [tool('look')]
  await ask({ messages, tools })
  messages.push({ role: 'assistant', content: null, tool_calls: [call] }, { role: 'tool', tool_call_id: 'a', content: 'sunny' })
  const { sent } = await ask({ messages, tools })
  expect(JSON.stringify(sent)).toContain('"cache_control"')
  const last = objectsOf(objectsOf(sent['messages']).at(-1)?.['content']).at(-1)
  expect(last).toMatchObject({ type: 'tool_result', cache_control: { type: 'ephemeral' } })
  const own = await ask({
    messages: [
      { role: 'system', content: said(system).map(part => ({ ...part, cache_control: { type: 'ephemeral' } })) },
      ...messages.slice(1),
    ],
  })
  expect(JSON.stringify(own.sent).match(/cache_control/g)).toHaveLength(1)
})

test('what a model does not take is left out: steering of its words, and effort where it cannot reason', async () => {
  const openai = (model: string) => openaiTarget({ baseURL: world.sim.url('openai'), apiKey: 'test', model, flavour: 'openai' })
  const steered = { messages: [{ role: 'user', content: 'Hi' }], temperature: 0.2, top_p: 0.5 }
  expect((await routed(openai('gpt-6-luna'))(steered)).sent).not.toHaveProperty('temperature')
  expect((await routed(openai('gpt-4o'))({ ...steered, reasoning_effort: 'low' })).sent).toMatchObject({ temperature: 0.2, top_p: 0.5 })
  expect((await routed(openai('gpt-4o'))({ ...steered, reasoning_effort: 'low' })).sent).not.toHaveProperty('reasoning_effort')
})
