import { HumanMessage } from '@langchain/core/messages'
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatGroq } from '@langchain/groq'
import { ChatMistralAI } from '@langchain/mistralai'
import { expect, test } from 'vitest'
import { createCall } from './call-options.ts'
import { createLimits } from './call-limits.ts'
import { parseModelOptions, type CandidateModel } from './options.ts'

const apiKey = 'test'
const held = (model: CandidateModel, options: Record<string, unknown>) =>
  createLimits(parseModelOptions({ models: [model] }).candidates[0]!)(createCall('generate', [new HumanMessage('Hi')], options)).options

test('options of a call are held to what the candidate takes', () => {
  const groq = new ChatGroq({ model: 'openai/gpt-oss-20b', apiKey })
  expect(held(groq, { max_completion_tokens: 10_000_000 })['max_completion_tokens']).toBeLessThan(1_000_000)
  expect(held(new ChatMistralAI({ model: 'mistral-small-2603', apiKey }), { temperature: 1.9 })).toEqual({ temperature: 1.5 })
})

test('options that the model would refuse are left out: sampling of those that take none, effort of those that do not reason', () => {
  const claude = new ChatAnthropic({ model: 'claude-opus-5-5', apiKey })
  expect(held(claude, { temperature: 0.5, top_p: 0.9, stop: ['.'] })).toEqual({ stop: ['.'] })
  const llama = new ChatGroq({ model: 'llama-3.3-70b-versatile', apiKey })
  expect(held(llama, { reasoning_effort: 'high', temperature: 0.5 })).toEqual({ temperature: 0.5 })
})

test('a call within them stays the same object', () => {
  const limits = createLimits(parseModelOptions({ models: [new ChatGroq({ model: 'openai/gpt-oss-20b', apiKey })] }).candidates[0]!)
  const call = createCall('generate', [new HumanMessage('Hi')], { temperature: 0.5, max_tokens: 100 })
  expect(limits(call)).toBe(call)
})
