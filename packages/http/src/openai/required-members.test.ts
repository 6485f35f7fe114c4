import { expect, test } from 'vitest'
import type { Json } from '@routewise/core'
import { withRequiredMembers } from './required-members.ts'

const mended = (answer: Json): unknown => {
  const text = withRequiredMembers(JSON.stringify(answer), answer)
  return text === undefined ? undefined : JSON.parse(text)
}

test('what OpenAI always has is added, and nothing else is touched', () => {
  const answer = { choices: [{ message: { role: 'assistant', content: 'Hi' } }] }
  expect(mended(answer)).toEqual({ choices: [{ logprobs: null, message: { refusal: null, role: 'assistant', content: 'Hi' } }] })
  expect(mended({ choices: [{ logprobs: null, message: { refusal: null, content: 'Hi' } }] })).toBeUndefined()
})

test('an answer with the log-probabilities of thousands of words is mended like any other', () => {
  const content = Array.from({ length: 60_000 }, (_, at) => ({ token: `t${at}` }))
  const answer = { choices: [{ logprobs: { content }, message: { content: 'Hi' } }] }
  expect(mended(answer)).toEqual({ choices: [{ logprobs: { content }, message: { refusal: null, content: 'Hi' } }] })
})
