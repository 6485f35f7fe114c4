import type { CachePlan, Json, ModelCard } from '@routewise/core'
import { expect, test } from 'vitest'
import { defineModel } from '@routewise/catalog'
import { callOf, open } from '../testing/calls.ts'
import { sendJson, startUpstream } from '../testing/upstream.ts'
import type { WireApi, WireCall } from '../call.ts'
import type { OpenAITargetOptions } from './options.ts'
import { openaiTarget } from './target.ts'

const chat = {
  id: 'x',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi', refusal: null }, logprobs: null, finish_reason: 'stop' }],
}
const response = { id: 'r', object: 'response', status: 'completed', output: [] }

/** What reaches the server of a call that is presented by this plan. */
async function received(text: string, cache: Partial<CachePlan>, options: Partial<OpenAITargetOptions>, more: Partial<WireCall> = {}) {
  const api: WireApi = text.includes('"input"') ? 'responses' : 'chat'
  const upstream = await startUpstream(answer => sendJson(answer, api === 'chat' ? chat : response))
  const target = openaiTarget({ baseURL: upstream.url, model: 'm', ...options })
  await open(target, { ...callOf(text, api), cache: { breakpoints: [], ...cache }, ...more })
  const { body, headers } = upstream.seen[0]!
  return { body, headers }
}

const plain = '{ "model":"m", "messages":[{"role":"user","content":"Hi"}] }'
const items = '{"model":"m","input":"Hi"}'
const key = 'rw-1'
const keyed = (text: string) => text.replace(/\s*\}$/, match => `${match.slice(0, -1)},"prompt_cache_key":"rw-1"}`)

test.each<[string, Partial<OpenAITargetOptions>]>([
  ['openai', { flavour: 'openai' }],
  ['azure', { flavour: 'azure' }],
  ['mistral', { flavour: 'mistral' }],
  ['kimi', { flavour: 'compatible', card: { provider: 'moonshotai' } }],
])('%s gets its key in the body, and every other byte is as it was written', async (_, options) => {
  const { body } = await received(plain, { key }, options)
  expect(body).toBe(keyed(plain))
})

test('xAI gets it as a header of a chat, and in the body of a response; Fireworks as a header', async () => {
  const asChat = await received(plain, { key }, { flavour: 'xai' })
  expect([asChat.body, asChat.headers['x-grok-conv-id']]).toEqual([plain, key])
  const asResponse = await received(items, { key }, { flavour: 'xai' })
  expect([asResponse.body, asResponse.headers['x-grok-conv-id']]).toEqual([keyed(items), undefined])
  const fireworks = await received(plain, { key }, { flavour: 'fireworks' })
  expect([fireworks.body, fireworks.headers['x-session-affinity']]).toEqual([plain, key])
})

test.each(['groq', 'deepseek', 'together', 'openrouter', 'vllm', 'ollama', 'compatible'] as const)(
  '%s, which has none, gets none',
  async flavour => {
    const { body, headers } = await received(plain, { key }, { flavour })
    expect([body, headers['x-grok-conv-id'], headers['x-session-affinity']]).toEqual([plain, undefined, undefined])
  },
)

test('a key that the caller has set stays the only one, wherever it stands', async () => {
  const own = plain.replace('"m"', '"m","prompt_cache_key":"mine"')
  expect((await received(own, { key }, { flavour: 'openai' })).body).toBe(own)
  const passed = await received(plain, { key }, { flavour: 'xai' }, { headers: { 'x-grok-conv-id': 'mine' } })
  expect(passed.headers['x-grok-conv-id']).toBe('mine')
  const configured = await received(plain, { key }, { flavour: 'fireworks', headers: { 'X-Session-Affinity': 'ours' } })
  expect(configured.headers['x-session-affinity']).toBe('ours')
})

test('a lifetime is asked for in the words of the model, and not where the caller has asked', async () => {
  const asked = async (text: string, ttl: string, model: string) =>
    JSON.parse((await received(text.replace('"m"', `"${model}"`), { ttl }, { flavour: 'openai', model })).body) as Json
  expect(await asked(plain, '24h', 'gpt-5.1')).toMatchObject({ prompt_cache_retention: '24h' })
  expect(await asked(items, '12h', 'gpt-6-luna')).toMatchObject({ prompt_cache_options: { ttl: '12h' } })
  expect(await asked(plain, '12h', 'gpt-6-luna')).not.toHaveProperty('prompt_cache_options')
  const own = plain.replace('"m"', '"m","prompt_cache_retention":"in_memory"')
  expect(await asked(own, '24h', 'gpt-5.1')).toMatchObject({ prompt_cache_retention: 'in_memory' })
  expect(await asked(plain, '24h', 'gpt-4o')).not.toHaveProperty('prompt_cache_retention')
})

test('markers stand at the end of the messages that the plan names, where the server reads them', async () => {
  const explicit: ModelCard['cache'] = {
    kind: 'breakpoints',
    minTokens: 1_024,
    ttls: [],
    readableAfter: 'first-token',
    scope: 'org',
    guaranteed: true,
  }
  const card = defineModel({ id: 'anthropic/claude', provider: 'openrouter', cache: explicit })
  const text =
    '{"model":"m","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Hi"}]}],"seed":1.0}'
  const breakpoints = [{ after: 'tools' as const }, { after: 0, ttl: '1h' }, { after: 1 }]
  const { body } = await received(text, { breakpoints }, { flavour: 'openrouter', card })
  expect(body).toContain('"seed":1.0')
  expect((JSON.parse(body) as Json)['messages']).toEqual([
    { role: 'system', content: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
    { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] },
  ])
  expect((await received(text, { breakpoints }, { flavour: 'vllm', card })).body).toBe(text)
  const whole = text.replace('"m"', '"m","cache_control":{"type":"ephemeral"}')
  expect((await received(whole, { breakpoints }, { flavour: 'openrouter', card })).body).toBe(whole)
})
