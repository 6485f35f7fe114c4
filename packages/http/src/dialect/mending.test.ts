import type { Answer, Json } from '@routewise/core'
import { describe, expect, test } from 'vitest'
import { newTrace, type WireApi, type WireCall } from '../call.ts'
import { goOn, mend } from './mending.ts'

const callOf = (api: WireApi, body: Json, stream = false): WireCall => ({ api, body, text: '{}', stream, trace: newTrace(0) })
const answerOf = (answer: Partial<Answer>): Answer => ({ text: '', toolCalls: [], logprobs: [], finish: 'stop', usage: {}, ...answer })
const hi = { role: 'user', content: 'Hi' }
const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }]
const twoCalls = answerOf({
  text: 'See',
  toolCalls: [
    { name: 'f', arguments: '{"x":1}' },
    { name: 'f', arguments: '' },
  ],
})
const nothingDone = expect.stringMatching(/^Nothing was done\. Too small\.\n\nMake these calls again/)

describe('an answer with a fault is sent back', () => {
  test('as the results of its tool calls, in a chat', () => {
    const body = { model: 'auto', messages: [hi], tools }
    const mended = mend(callOf('chat', body), twoCalls, 'Too small.')
    expect(mended.text).toBeUndefined()
    expect(mended.mending).toEqual({ body, answer: twoCalls, fault: 'Too small.' })
    expect(body.messages).toEqual([hi])
    expect(mended.body).toEqual({
      model: 'auto',
      tools,
      messages: [
        hi,
        {
          role: 'assistant',
          content: 'See',
          tool_calls: [
            { id: 'mend00000', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
            { id: 'mend00001', type: 'function', function: { name: 'f', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'mend00000', content: nothingDone },
        { role: 'tool', tool_call_id: 'mend00001', content: nothingDone },
      ],
    })
  })

  test('as the outputs of its calls, in the Responses API', () => {
    expect(mend(callOf('responses', { input: 'Hi', tools }), twoCalls, 'Too small.').body['input']).toEqual([
      hi,
      { role: 'assistant', content: 'See' },
      { type: 'function_call', call_id: 'mend00000', name: 'f', arguments: '{"x":1}' },
      { type: 'function_call', call_id: 'mend00001', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'mend00000', output: nothingDone },
      { type: 'function_call_output', call_id: 'mend00001', output: nothingDone },
    ])
  })

  test.each<[string, Json, Partial<Answer>, string, RegExp]>([
    ['without tools', {}, { text: 'Hm' }, 'Hm', /^Too small\.\n\nGive the corrected answer/],
    ['that is empty', {}, {}, '(No answer.)', /Give the corrected answer/],
    ['of broken arguments', { tools }, { toolCalls: [{ name: 'f', arguments: '{"x"' }] }, 'f({"x")', /Call again, corrected/],
    ['of arguments that are no object', { tools }, { toolCalls: [{ name: 'f', arguments: '[]' }] }, 'f([])', /Call again/],
    ['of tools that were not offered', {}, { toolCalls: [{ name: 'f', arguments: '{}' }] }, 'f({})', /Call again/],
  ])('in words, where it is one %s', (_, more, answer, said, asked) => {
    const turns = [
      { role: 'assistant', content: said },
      { role: 'user', content: expect.stringMatching(asked) },
    ]
    const chat = mend(callOf('chat', { messages: [hi], ...more }), answerOf(answer), 'Too small.')
    expect(chat.body['messages']).toEqual([hi, ...turns])
    const responses = mend(callOf('responses', { input: [hi], ...more }), answerOf(answer), 'Too small.')
    expect(responses.body['input']).toEqual([hi, ...turns])
  })
})

describe('an answer that broke off', () => {
  test('is gone on with, as the last turns of the call', () => {
    const expected = [
      hi,
      { role: 'assistant', content: 'Once upon' },
      { role: 'user', content: expect.stringMatching(/^Your answer was cut off/) },
    ]
    const chat = goOn(callOf('chat', { messages: [hi] }, true), 'Once upon')
    expect([chat?.text, chat?.body['messages']]).toEqual([undefined, expected])
    expect(goOn(callOf('responses', { input: 'Hi' }), 'Once upon')?.body['input']).toEqual(expected)
  })

  test.each<[string, WireCall, string]>([
    ['nothing was said', callOf('chat', { messages: [hi] }, true), ' '],
    ['tools are offered', callOf('chat', { messages: [hi], tools }, true), 'Once'],
    ['JSON is asked for', callOf('chat', { messages: [hi], response_format: { type: 'json_object' } }, true), 'Once'],
    ['it is a stream of the Responses API', callOf('responses', { input: 'Hi' }, true), 'Once'],
  ])('is not, where %s', (_, call, text) => {
    expect(goOn(call, text)).toBeUndefined()
  })
})
