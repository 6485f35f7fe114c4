import { expect, test } from 'vitest'
import { readChatEvent } from './chat-event.ts'
import type { EventReading } from './event-reading.ts'
import { templateOf, wordOf } from './event-template.ts'

const read = (data: string): EventReading => readChatEvent(JSON.parse(data), { wantsUsage: false, requestedTier: undefined })
const event = (delta: object, model = 'm', more: object = {}) =>
  JSON.stringify({ id: 'x', model, choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }] })
const template = (data: string) => templateOf(data, read(data), read)

test('events that differ in their word alone are read without being parsed', () => {
  const made = template(event({ content: 'Hello' }))!
  expect(wordOf(event({ content: ' world' }), made)).toBe(' world')
  expect(wordOf(event({ content: 'né 👋' }), made)).toBe('né 👋')
})

test.each([
  ['is empty', event({ content: '' })],
  ['has to be parsed', event({ content: 'a "b"\n' })],
  ['is of another model', event({ content: 'word' }, 'n')],
  ['ends the answer', event({ content: 'word' }, 'm', { finish_reason: 'stop' })],
  ['comes with a call', event({ content: 'word', tool_calls: [{ index: 0 }] })],
])('an event whose word %s is not taken for one', (_, other) => {
  expect(wordOf(other, template(event({ content: 'Hello' }))!)).toBeUndefined()
})

test.each([
  ['a role', event({ role: 'assistant', content: '' })],
  ['a thought', event({ reasoning_content: 'Hm' })],
  ['a refusal', event({ refusal: 'No' })],
  ['a call', event({ tool_calls: [{ index: 0, function: { arguments: '{' } }] })],
  [
    'a word and usage',
    JSON.stringify({ ...(JSON.parse(event({ content: 'word' })) as object), usage: { prompt_tokens: 1, completion_tokens: 1 } }),
  ],
  ['a word that is written in escapes, beside its like', event({ content: '@' }, 'mm').replace('@', String.raw`\u006dm`)],
])('an event of %s is no template', (_, data) => {
  expect(template(data)).toBeUndefined()
})
