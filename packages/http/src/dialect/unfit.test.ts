import { findModel } from '@routewise/catalog'
import type { Json } from '@routewise/core'
import { expect, test } from 'vitest'
import { newTrace, type WireCall } from '../call.ts'
import { unfitness } from './unfit.ts'

const callOf = (body: Json): WireCall => ({ api: 'input' in body ? 'responses' : 'chat', body, stream: false, trace: newTrace(0) })
const reasonFor = (model: string, body: Json) => unfitness(callOf(body), { card: findModel(model)! })
const user = { role: 'user', content: 'Hi' }

test.each<[string, string, Json]>([
  ['a conversation that OpenAI keeps', 'previous_response_id', { input: 'Hi', previous_response_id: 'resp_1' }],
  ['a conversation that OpenAI keeps', 'an item reference', { input: [{ type: 'item_reference', id: 'rs_1' }] }],
  [
    'a file that was uploaded to OpenAI',
    'a file id',
    { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }] },
  ],
  ['a file that was uploaded to OpenAI', 'a file id', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] }],
  ['tools of type web_search', 'a tool of its own', { input: 'Hi', tools: [{ type: 'web_search' }] }],
])('%s goes to OpenAI alone: %s', (reason, _, body) => {
  expect([reasonFor('gpt-6-luna', body), reasonFor('mistral-medium-3-5', body)]).toEqual([undefined, reason])
})

test('who answers /responses himself runs tools of his own; a tool whose input is any text is OpenAI’s', () => {
  expect(reasonFor('grok-4.6', { input: 'Hi', tools: [{ type: 'web_search' }] })).toBeUndefined()
  expect(reasonFor('grok-4.6', { input: 'Hi', tools: [{ type: 'custom', name: 'f' }] })).toBe('tools of type custom')
})

test('DeepSeek takes no call of this turn without the thoughts that led to it, unless it is not to think', () => {
  const turn = (more: Json): Json[] => [
    user,
    { role: 'assistant', tool_calls: [{ id: 'a' }], ...more },
    { role: 'tool', tool_call_id: 'a', content: '' },
  ]
  const reason = 'a tool call without the thoughts that led to it'
  expect(reasonFor('deepseek-v4-pro', { messages: turn({}) })).toBe(reason)
  expect(reasonFor('deepseek-v4-pro', { messages: turn({ reasoning_content: 'Hm' }) })).toBeUndefined()
  expect(reasonFor('deepseek-v4-pro', { messages: turn({}), thinking: { type: 'disabled' } })).toBeUndefined()
  expect(reasonFor('deepseek-v4-pro', { messages: [...turn({}), user] })).toBeUndefined()
  expect(reasonFor('gpt-6-luna', { messages: turn({}) })).toBeUndefined()
})
