import type { Json } from '@routewise/core'
import { expect, test } from 'vitest'
import { checkResponsesRequest } from './check-responses-request.ts'

test.each<[Json, string, RegExp]>([
  [{ previous_response_id: 'resp_1' }, 'previous_response_id', /send the earlier turns in `input`/],
  [{ conversation: { id: 'conv_1' } }, 'conversation', /send the earlier turns in `input`/],
  [{ background: true }, 'background', /leave `background` out/],
  [{ prompt: { id: 'pmpt_1' } }, 'prompt', /`instructions` and `input`/],
  [{ context_management: [] }, 'context_management', /shorten `input`/],
  [{ store: true }, 'store', /`store: false`/],
  [{ input: undefined }, 'input', /missing.*a string or a list/],
  [{ input: [7] }, 'input[0]', /7: send an object/],
  [
    {
      input: [
        { role: 'user', content: 'Hi' },
        { type: 'item_reference', id: 'msg_1' },
      ],
    },
    'input[1]',
    /send the item itself/,
  ],
  [{ input: [{ id: 'msg_1' }] }, 'input[0]', /send the item itself/],
  [{ input: [{ role: 'tool', content: '' }] }, 'input[0].role', /"tool": send user/],
  [{ input: [{ type: 'web_search_call' }] }, 'input[0].type', /"web_search_call"/],
  [{ tools: [{ type: 'function', name: 'f' }, { type: 'web_search' }] }, 'tools[1].type', /offer functions/],
  [{ tool_choice: { type: 'file_search' } }, 'tool_choice.type', /choose a function/],
])('%j names the field and the remedy', (fields, param, message) => {
  const fault = checkResponsesRequest({ model: 'm', input: 'Hi', ...fields })
  expect(fault).toMatchObject({ param, message: expect.stringMatching(message) })
  expect(fault!.message).toContain(param.split(/[.[]/)[0])
})

test.each<Json>([
  {},
  {
    store: false,
    background: false,
    previous_response_id: null,
    tools: [
      { type: 'function', name: 'f' },
      { type: 'custom', name: 'sh' },
    ],
  },
  { tool_choice: { type: 'function', name: 'f' } },
  {
    input: [
      { type: 'reasoning', summary: [] },
      { type: 'function_call', call_id: 'a' },
      { type: 'function_call_output', call_id: 'a' },
    ],
  },
])('%j is fine', fields => {
  expect(checkResponsesRequest({ model: 'm', input: 'Hi', ...fields })).toBeUndefined()
})

test('a message shows no more than the start of what was sent', () => {
  const fault = checkResponsesRequest({ input: [{ type: 'x'.repeat(100_000) }] })
  expect(fault!.message.length).toBeLessThan(400)
})
