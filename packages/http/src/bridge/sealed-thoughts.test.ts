import { objectsOf, type Json } from '@routewise/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockPlaces, readItems } from '../dialect/item-blocks.ts'
import { chatChunks, chatWhole, responsesCall } from '../testing/chat-script.ts'
import { counted, each, hear } from '../testing/bridged.ts'
import { bridgeResponses } from './bridge-responses.ts'
import { chatMessages } from './chat-messages.ts'
import { planAt } from './plan-at.ts'
import { isSealed, sealed, unsealed } from './sealed-thoughts.ts'

/** Clients that keep what they were told themselves say so. */
const keeping = { request: { store: false } }
const details = [{ type: 'reasoning.text', text: 'Hm', signature: 's', format: 'anthropic-claude-v1' }]

test('signed thoughts of a chat end a response as an item of their own, streamed or whole', async () => {
  const { events } = await hear(chatChunks({ deltas: [{ content: 'So' }, { reasoning_details: details }] }), keeping)
  const streamed = objectsOf((events.at(-1)!['response'] as Json)['output'])
  expect(streamed.map(({ type }) => type)).toEqual(['message', 'reasoning'])
  expect(unsealed(streamed[1]!['encrypted_content'])).toEqual(details)
  expect(events.filter(({ type }) => type === 'response.output_item.done').at(-1)!['item']).toEqual(streamed[1])
  const call = responsesCall({ model: 'auto', input: 'Hi', include: ['reasoning.encrypted_content'] })
  for await (const { bytes } of bridgeResponses(call, () => each([chatWhole({ content: 'So', reasoning_details: details })]), {
    ids: counted(),
  })) {
    const output = objectsOf((JSON.parse(new TextDecoder().decode(bytes)) as Json)['output'])
    expect(unsealed(output[1]!['encrypted_content'])).toEqual(details)
  }
})

test('a client that will refer to items by their ids is given none that nobody keeps', async () => {
  const { events } = await hear(chatChunks({ deltas: [{ content: 'So' }, { reasoning_details: details }] }))
  expect(objectsOf((events.at(-1)!['response'] as Json)['output']).map(({ type }) => type)).toEqual(['message'])
})

test('an answer without signed thoughts has no such item, nor has one that was cut', async () => {
  const plain = await hear(chatChunks({ deltas: [{ content: 'So' }] }))
  const cut = await hear(chatChunks({ deltas: [{ content: 'So' }, { reasoning_details: details }], finish: 'length' }), keeping)
  for (const { events } of [plain, cut])
    expect(objectsOf((events.at(-1)!['response'] as Json)['output']).map(({ type }) => type)).toEqual(['message'])
})

test('they come back to the message that they led to', () => {
  const seal = { type: 'reasoning', id: 'rs_chat_1', summary: [], encrypted_content: sealed(details) }
  const said = { type: 'message', role: 'assistant', content: 'So' }
  const user = { role: 'user', content: 'Hi' }
  const messages = chatMessages({ input: [user, said, seal, user] }, { keepsReasoning: true })
  expect(messages.map(message => message['reasoning_details'])).toEqual([undefined, details, undefined])
})

test.each(['gAAAAx', 'routewise.1.!', sealed(details).slice(0, 30), 7])(
  '%j was not sealed here, or not whole: it is nobody’s thought',
  content => {
    expect(unsealed(content)).toEqual([])
    expect(isSealed('gAAAAx')).toBe(false)
  },
)

test('markers mean the messages that they were planned for, in whatever items a turn comes', () => {
  const part = (text: string) => ({ type: 'input_text', text })
  const items = fc.array(
    fc.constantFrom<Json>(
      { role: 'user', content: [part('u')] },
      { role: 'developer', content: 'd' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a' }] },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c', output: 'o' },
      { type: 'function_call_output', call_id: 'c', output: [part('o'), { type: 'input_image', image_url: 'https://images.test/a.png' }] },
      { type: 'reasoning', id: 'rs_1', summary: [] },
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(items, fc.boolean(), (input, instructed) => {
      const request: Json = { input, ...(instructed && { instructions: 'i' }) }
      const blocks = readItems(request)
      const places: number[] = []
      const messages = chatMessages(request, { keepsReasoning: true, places })
      expect(Math.max(-1, ...blockPlaces(request), instructed ? 0 : -1)).toBe(blocks.length - 1)
      for (const [at, { role }] of blocks.entries()) {
        const [breakpoint] = planAt({ breakpoints: [{ after: at }] }, places)!.breakpoints
        expect(messages[Number(breakpoint!.after)]!['role']).toBe(role)
      }
    }),
  )
})
