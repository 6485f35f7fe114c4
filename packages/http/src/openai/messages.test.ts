import { describeModel } from '@routewise/catalog'
import { objectsOf, type Json } from '@routewise/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flavourTraits, type Flavour } from './flavour.ts'
import { messagesFor, type MessageReader } from './messages.ts'

const unknown = describeModel('m', { otherwise: { capabilities: { vision: true } } })
const readerOf = (flavour: Flavour, model?: string): MessageReader => ({
  traits: flavourTraits[flavour],
  model: model ?? 'm',
  card: model === undefined ? unknown : describeModel(model),
})
const fitted = (messages: readonly Json[], flavour: Flavour, model?: string): readonly Json[] =>
  objectsOf(messagesFor(messages, readerOf(flavour, model)) ?? messages)

const user = (content: unknown = 'Hi'): Json => ({ role: 'user', content })
const calling = (...ids: string[]): Json => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map(id => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } })),
})
const result = (id: string): Json => ({ role: 'tool', tool_call_id: id, content: 'done' })
const idsIn = (messages: readonly Json[]) =>
  messages.map(({ tool_calls: calls, tool_call_id: id }) => (calls === undefined ? id : objectsOf(calls).map(call => call['id'])))

describe('ids of tool calls', () => {
  test('that the server takes stay, and all of the list with them', () => {
    expect(messagesFor([user(), calling('call_1'), result('call_1')], readerOf('openai'))).toBeUndefined()
    expect(messagesFor([user(), calling('AbCdEfGh1'), result('AbCdEfGh1')], readerOf('mistral'))).toBeUndefined()
  })

  test('have nine letters and digits for Mistral, always the same, and results follow their calls', () => {
    const messages = [user(), calling('call_1', 'call_2'), result('call_2'), result('call_1')]
    const [, called, second, first] = idsIn(fitted(messages, 'mistral')) as [unknown, string[], string, string]
    expect([first, second]).toEqual(called)
    for (const id of called) expect(id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(called[0]).not.toBe(called[1])
    expect(idsIn(fitted(messages, 'mistral'))[1]).toEqual(called)
  })

  test('that are longer than OpenAI takes become shorter; one that is given twice is two', () => {
    const long = 'x'.repeat(41)
    const [, once, , twice] = idsIn(fitted([user(), calling(long), result(long), calling(long), result(long)], 'openai')) as [
      unknown,
      string[],
      string,
      string[],
    ]
    expect(once[0]!.length).toBeLessThanOrEqual(40)
    expect(twice).not.toEqual(once)
  })
})

describe('calls and results', () => {
  test('a call that nobody has answered has a result that says so, in its place', () => {
    expect(fitted([user(), calling('a', 'b'), result('b'), user('Go on')], 'openai').slice(2)).toEqual([
      result('b'),
      { role: 'tool', tool_call_id: 'a', content: 'No result provided' },
      user('Go on'),
    ])
  })

  test('a result without its call is said by the user', () => {
    expect(fitted([result('lost'), user()], 'openai')).toEqual([user('Result of an earlier call of a tool:\ndone'), user()])
  })

  test('Mistral hears the assistant between a result and the user', () => {
    const roles = fitted([user(), calling('AbCdEfGh1'), result('AbCdEfGh1'), user()], 'mistral').map(({ role }) => role)
    expect(roles).toEqual(['user', 'assistant', 'tool', 'assistant', 'user'])
  })
})

describe('what was said', () => {
  test('an answer that broke off before its first word is left out', () => {
    expect(fitted([user(), { role: 'assistant', content: '' }, user()], 'openai')).toEqual([user(), user()])
  })

  test('a refusal is OpenAI’s word, and the answer elsewhere', () => {
    const refused = { role: 'assistant', content: null, refusal: 'No.', annotations: [] }
    expect(messagesFor([refused], readerOf('openai'))).toBeUndefined()
    expect(fitted([refused], 'groq')).toEqual([{ role: 'assistant', content: 'No.' }])
  })

  test('signed thoughts go to their maker alone', () => {
    const details = [
      { type: 'reasoning.text', text: 'Hm', signature: 's', format: 'anthropic-claude-v1' },
      { type: 'reasoning.encrypted', data: 'x', format: 'google-gemini-v1' },
    ]
    const said = { role: 'assistant', content: 'So', reasoning_details: details }
    expect(fitted([said], 'openrouter', 'anthropic/claude-opus-5-5')[0]!['reasoning_details']).toEqual([details[0]])
    expect(fitted([said], 'openrouter', 'google/gemini-3.8-flash')[0]!['reasoning_details']).toEqual([details[1]])
    expect(fitted([said], 'openrouter', 'deepseek/deepseek-v4')[0]).toEqual({ role: 'assistant', content: 'So' })
  })

  test('Mistral’s thoughts within a content stay with Mistral', () => {
    const said = {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
        { type: 'text', text: 'So' },
      ],
    }
    expect(messagesFor([said], readerOf('mistral'))).toBeUndefined()
    expect(fitted([said], 'openai')).toEqual([{ role: 'assistant', content: 'So' }])
  })

  test('an image that was answered is named to a model that sees none, and one that is asked about is left to it', () => {
    const image = user([{ type: 'image_url', image_url: { url: 'https://images.test/a.png' } }])
    const [before, , now] = fitted([image, { role: 'assistant', content: 'A cat.' }, image], 'deepseek', 'deepseek-v4-pro')
    expect(before).toEqual(user([{ type: 'text', text: '[An image, which cannot be shown here.]' }]))
    expect(now).toEqual(image)
  })
})

test('a conversation that goes on begins as it did, for every server, and what fits is not changed again', () => {
  const ids = fc.constantFrom('call_1', 'toolu_01', 'AbCdEfGh1', 'x'.repeat(50))
  const turn = fc.oneof(
    fc.constantFrom<Json[]>(
      [user()],
      [{ role: 'assistant', content: 'So', reasoning_content: 'Hm', refusal: null }],
      [{ role: 'developer', content: 'Be kind.' }],
    ),
    fc.uniqueArray(ids, { minLength: 1, maxLength: 3 }).map(calls => [calling(...calls), ...calls.map(result)]),
  )
  fc.assert(
    fc.property(
      fc.array(turn, { minLength: 1, maxLength: 8 }),
      fc.constantFrom<Flavour>('openai', 'mistral', 'deepseek', 'groq', 'openrouter'),
      (turns, flavour) => {
        const whole = fitted([...turns.flat(), user('Now?')], flavour)
        for (let length = 1; length < turns.length; length += 1) {
          const begun = fitted(turns.slice(0, length).flat(), flavour)
          expect(whole.slice(0, begun.length)).toEqual(begun)
        }
        expect(fitted(whole, flavour)).toEqual(whole)
      },
    ),
    { numRuns: 200 },
  )
})
