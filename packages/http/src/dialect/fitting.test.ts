import type { Answer, Capabilities, Json } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { CHAT_THOUGHTS } from '../bridge/output.ts'
import { newTrace, type WireApi, type WireCall } from '../call.ts'
import { fitCall, withLogprobs } from './fitting.ts'
import { mend } from './mending.ts'

const callOf = (body: Json, api: WireApi = 'input' in body ? 'responses' : 'chat'): WireCall => {
  return { api, body, text: JSON.stringify(body), stream: false, trace: newTrace(0) }
}
const card = { provider: 'openai', wire: 'openai-chat' as const, maxOutputTokens: 8_192 }

test.each(['max_tokens', 'max_completion_tokens', 'max_output_tokens'])('of %s a model is asked for no more than it can give', name => {
  const asked = callOf({ messages: [], temperature: 0, [name]: 100_000 })
  const { body, text, changes } = fitCall(asked, card)
  expect([body, text, changes]).toEqual([{ messages: [], temperature: 0, [name]: 8_192 }, asked.text, { [name]: 8_192 }])
  expect(asked.body[name]).toBe(100_000)
})

test.each<[string, Json]>([
  ['a limit within bounds', { messages: [], max_tokens: 8_192 }],
  ['no limit', { messages: [] }],
])('%s leaves the call as it is, the same object', (_, body) => {
  const asked = callOf(body)
  expect(fitCall(asked, card)).toBe(asked)
})

describe('thoughts in the input', () => {
  const hi = { role: 'user', content: 'Hi' }
  const own = { type: 'reasoning', id: 'rs_68af', summary: [{ type: 'summary_text', text: 'Hm.' }] }
  const ofChat = { ...own, id: `${CHAT_THOUGHTS}_1` }

  test.each(['openai', 'azure'])('that came out of a chat stay away from %s, which would look them up in vain', provider => {
    const fitting = fitCall(callOf({ input: [own, ofChat, hi] }), { ...card, provider })
    expect([fitting.body['input'], fitting.changes]).toEqual([[own, hi], { input: [own, hi] }])
  })

  test('are left as they are where they are its own, and by others', () => {
    const asked = callOf({ input: [own, hi] })
    expect(fitCall(asked, { ...card, wire: 'openai-responses' })).toBe(asked)
    const others = callOf({ input: [ofChat, hi] })
    expect(fitCall(others, { ...card, provider: 'deepseek' })).toBe(others)
  })
})

describe('a request to mend a tool call', () => {
  const answer: Answer = { text: '', toolCalls: [{ name: 'f', arguments: '{}' }], logprobs: [], finish: 'tool-calls', usage: {} }
  const tools = [{ type: 'function', function: { name: 'f' } }]
  const mended = (more: Json = {}) => mend(callOf({ messages: [{ role: 'user', content: 'Hi' }], tools, ...more }), answer, 'Too small.')
  const rolesFor = (provider: string, more?: Json) =>
    (fitCall(mended(more), { ...card, provider }).body['messages'] as readonly Json[]).map(({ role }) => role)

  test.each([
    ['deepseek', {}],
    ['google', {}],
    ['anthropic', { reasoning_effort: 'low' }],
    ['anthropic', { thinking: { type: 'enabled' } }],
  ])('is put in words for %s with %j, who wants the thoughts that led to it', (provider, more) => {
    expect(rolesFor(provider, more)).toEqual(['user', 'assistant', 'user'])
  })

  test.each([
    ['openai', { reasoning_effort: 'low' }],
    ['anthropic', {}],
    ['anthropic', { reasoning_effort: 'none' }],
    ['anthropic', { reasoning_effort: 'low', thinking: { type: 'disabled' } }],
  ])('goes as its result to %s with %j', (provider, more) => {
    expect(rolesFor(provider, more)).toEqual(['user', 'assistant', 'tool'])
  })
})

describe('log-probabilities', () => {
  const capabilities = (logprobs: Capabilities['logprobs']) => ({ capabilities: { logprobs } as Capabilities })

  test('are asked for in the words of either API', () => {
    const chat = withLogprobs(callOf({ messages: [] }), capabilities('yes'))
    const asked = { logprobs: true, top_logprobs: 5 }
    expect([chat.body, chat.changes, chat.logprobs]).toEqual([{ messages: [], ...asked }, asked, true])
    const responses = withLogprobs(callOf({ input: 'Hi' }), capabilities('yes'))
    expect(responses.body).toMatchObject({ include: ['message.output_text.logprobs'] })
  })

  test('are not asked of those who give none, nor twice', () => {
    const asked = callOf({ messages: [] })
    expect(withLogprobs(asked, capabilities('no'))).toBe(asked)
    const own = callOf({ messages: [], logprobs: true })
    expect(withLogprobs(own, capabilities('yes'))).toBe(own)
  })
})
