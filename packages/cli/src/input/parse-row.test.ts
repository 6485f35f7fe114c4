import { expect, test } from 'vitest'
import { parseRow } from './parse-row.ts'
import type { Row } from './row.ts'

function row(value: unknown): Row {
  const parsed = parseRow(7, JSON.stringify(value))
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed
}
const problem = (json: string): string => {
  const parsed = parseRow(7, json)
  return 'problem' in parsed ? parsed.problem : 'none'
}
const user = (text: string) => ({ role: 'user', text })

test('a prompt is one turn', () => {
  expect(row({ prompt: 'Hello' })).toEqual({
    line: 7,
    id: 'line-7',
    task: 'all',
    start: [],
    turns: [{ messages: [user('Hello')] }],
    tools: [],
  })
})

test('a question comes with its options as letters', () => {
  const { turns, id, task } = row({ id: 3, question: 'Which?', options: ['this', 'that'], category: 'quiz' })
  expect(turns).toEqual([{ messages: [user('Which?\nA. this\nB. that')] }])
  expect({ id, task }).toEqual({ id: '3', task: 'quiz' })
})

test('turns are answered one after the other', () => {
  expect(row({ turns: ['One', 'Two'] }).turns).toEqual([{ messages: [user('One')] }, { messages: [user('Two')] }])
})

test('a body of messages is one call, with what precedes the last message as its history', () => {
  const { start, turns } = row({
    messages: [
      { role: 'developer', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'See' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
        ],
      },
      { role: 'assistant', content: null, tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":1}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
    ],
  })
  expect(start).toEqual([
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'See', images: ['data:image/png;base64,AA'] },
    { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name: 'look', arguments: { at: 1 } }] },
  ])
  expect(turns).toEqual([{ messages: [{ role: 'tool', text: 'a cat', toolCallId: 'c1' }] }])
})

test('an answer at the end of a body is what the transcript says', () => {
  const { turns } = row({
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello!' },
    ],
  })
  expect(turns).toEqual([{ messages: [user('Hi')], reply: { role: 'assistant', text: 'Hello!', toolCalls: [] } }])
})

test('a conversation is run turn by turn, its own answers carrying it on, without the message nobody answered', () => {
  const { start, turns } = row({
    msgs: [
      ['s', 'Rules'],
      ['u', 'A?'],
      ['a', 'A.'],
      ['u', 'B?'],
      ['a', 'B.'],
      ['u', 'Bye'],
    ],
  })
  expect(start).toEqual([{ role: 'system', text: 'Rules' }])
  expect(turns.map(({ messages, reply }) => [messages[0]?.text, reply?.text])).toEqual([
    ['A?', 'A.'],
    ['B?', 'B.'],
  ])
})

test('names and schemas of tools are made such that every provider takes them', () => {
  const parameters = { type: 'dict', properties: { at: { type: 'float' }, all: { type: 'array' } }, required: ['at'] }
  const { tools } = row({ prompt: 'Go', functions: [{ name: 'uber.ride', parameters }, { name: 'uber_ride' }] })
  expect(tools.map(({ name }) => name)).toEqual(['uber_ride', 'uber_ride_2'])
  expect(tools[0]?.parameters).toEqual({
    type: 'object',
    properties: { at: { type: 'number' }, all: { type: 'array', items: { type: 'string' } } },
    required: ['at'],
  })
})

test('outcomes keep what was recorded; a count of 0 was not taken', () => {
  const { outcomes } = row({
    prompt: 'Hi',
    it: 12,
    out: { a: { s: 1, c: 0.5, ot: 3, lat: 0.25, text: 'Hello' }, b: { s: false, it: 0, ans: 'C' } },
  })
  expect(outcomes?.get('a')).toEqual({ score: 1, costUsd: 0.5, inputTokens: 12, outputTokens: 3, latencyMs: 250, text: 'Hello' })
  expect(outcomes?.get('b')).toMatchObject({ score: 0, inputTokens: 12, outputTokens: undefined, text: 'C' })
})

test('says why a line cannot be used', () => {
  expect(problem('{"prompt": ')).toMatch(/^not JSON/)
  expect(problem('[1]')).toMatch(/^not a JSON object; expected `prompt`/)
  expect(problem('{"a": 1}')).toBe('expected `prompt`, `question`, `turns`, `messages` or `msgs`')
  expect(problem('{"prompt": " "}')).toBe('an empty prompt')
  expect(problem('{"prompt": 5}')).toMatch(/^`prompt`: /)
  expect(problem('{"messages": [{"role": "system", "content": "x"}]}')).toBe('no message of a user to answer')
  expect(problem('{"prompt": "x", "out": {"m": {"s": 3}}}')).toMatch(/^`out\.m\.s`: /)
})
