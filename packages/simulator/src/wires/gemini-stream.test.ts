import type { ModelCard, Usage } from '@routewise/core'
import { expect, test } from 'vitest'
import { geminiBody } from './gemini-answer.ts'
import { createGeminiStream } from './gemini-stream.ts'
import type { AnswerEvent, AnswerHead, SimRequest } from '../types.ts'

const usage: Usage = { inputTokens: 2006, cacheReadTokens: 1920, cacheWriteTokens: 0, outputTokens: 300, reasoningTokens: 120 }
const head = {
  id: 'a'.repeat(24),
  card: { id: 'gemini-3.8-flash' } as ModelCard,
  request: { showReasoning: true } as SimRequest,
  usage: { ...usage, outputTokens: 0, reasoningTokens: 0 },
} as AnswerHead

function wireOf(events: readonly AnswerEvent[], asEvents = true): string {
  const stream = createGeminiStream(head, asEvents)
  return stream.start() + events.map(event => stream.event(event)).join('')
}

const framesOf = (events: readonly AnswerEvent[]): unknown[] =>
  wireOf(events)
    .split('\r\n\r\n')
    .filter(Boolean)
    .map(frame => JSON.parse(frame.slice('data: '.length)))

const answer: AnswerEvent[] = [
  { type: 'reasoning', text: 'Hm', tokens: 120 },
  { type: 'text', text: 'Hel', tokens: 100 },
  { type: 'text', text: 'lo', tokens: 80 },
  { type: 'finish', reason: 'stop', usage },
]

test('every chunk tells the usage so far, cached tokens inside the prompt and thoughts beside the candidate', () => {
  const frames = framesOf(answer)
  expect(frames).toMatchObject([
    {
      candidates: [{ content: { role: 'model', parts: [{ text: 'Hm', thought: true }] } }],
      usageMetadata: { promptTokenCount: 2006, thoughtsTokenCount: 120 },
    },
    {
      candidates: [{ content: { parts: [{ text: 'Hel' }] } }],
      usageMetadata: { candidatesTokenCount: 100, cachedContentTokenCount: 1920 },
    },
    { candidates: [{ content: { parts: [{ text: 'lo' }] } }], usageMetadata: { candidatesTokenCount: 180, totalTokenCount: 2306 } },
    {
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { candidatesTokenCount: 180, thoughtsTokenCount: 120, totalTokenCount: 2306 },
      responseId: head.id,
    },
  ])
})

test('without alt=sse the stream is one JSON array', () => {
  expect(JSON.parse(wireOf(answer, false))).toEqual(framesOf(answer))
})

test('a call is sent whole, the first of an answer with a signature', () => {
  const end = (index: number, json: string): AnswerEvent => ({ type: 'tool-end', index, id: `${index}`, name: 'look', json })
  const frames = framesOf([end(0, '{"at":1}'), end(1, '{"at":2}'), { type: 'finish', reason: 'tool-calls', usage }])
  expect(frames).toMatchObject([
    { candidates: [{ content: { parts: [{ functionCall: { name: 'look', args: { at: 1 } }, thoughtSignature: expect.any(String) }] } }] },
    { candidates: [{ content: { parts: [{ functionCall: { args: { at: 2 } } }] } }] },
    { candidates: [{ finishReason: 'STOP' }] },
  ])
  expect(JSON.stringify(frames[1])).not.toMatch('thoughtSignature')
  expect(framesOf([end(0, '{"at":'), { type: 'finish', reason: 'tool-calls', usage }])).toMatchObject([
    { candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] },
  ])
})

test('a refusal is a candidate without content, a filtered prompt no candidate at all', () => {
  const refused = framesOf([
    { type: 'refusal', text: 'No.', tokens: 1 },
    { type: 'finish', reason: 'refusal', usage },
  ])
  expect(refused).toMatchObject([{ candidates: [{ finishReason: 'SAFETY', safetyRatings: [{ blocked: true }] }] }])
  expect(JSON.stringify(refused)).not.toMatch('"content"')
  const blocked = framesOf([{ type: 'finish', reason: 'content-filter', usage }])
  expect(blocked).toMatchObject([{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }])
  expect(blocked[0]).not.toHaveProperty('candidates')
})

test('a whole answer has the same parts', () => {
  const body = geminiBody(head, {
    parts: [
      { type: 'text', text: 'Hello', logprobs: [{ token: 'Hello', logprob: -0.5 }] },
      { type: 'tool-call', id: '1', name: 'look', json: '{"at":1}' },
    ],
    reason: 'tool-calls',
    usage,
  })
  expect(body).toMatchObject({
    candidates: [
      {
        content: { role: 'model', parts: [{ text: 'Hello' }, { functionCall: { name: 'look', args: { at: 1 }, id: '1' } }] },
        finishReason: 'STOP',
        avgLogprobs: -0.5,
      },
    ],
    usageMetadata: { promptTokenCount: 2006, candidatesTokenCount: 180, totalTokenCount: 2306 },
    modelVersion: 'gemini-3.8-flash',
  })
})
