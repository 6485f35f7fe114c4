import { createAnthropic } from '@ai-sdk/anthropic'
import { createDeepSeek } from '@ai-sdk/deepseek'
import { createGoogle } from '@ai-sdk/google'
import { createGroq } from '@ai-sdk/groq'
import { createMistral } from '@ai-sdk/mistral'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createXai } from '@ai-sdk/xai'
import { MockLanguageModelV4 } from 'ai/test'
import type { LanguageCandidate } from '../language/target.ts'
import { parseCandidate, type LanguageModelEntry } from '../options.ts'

const apiKey = 'test'

/** Models of the provider packages, of which nobody is called. */
const models = {
  openai: () => createOpenAI({ apiKey }).chat('gpt-6-luna'),
  responses: () => createOpenAI({ apiKey }).responses('gpt-6-luna'),
  azure: () => createOpenAI({ apiKey, name: 'azure' }).responses('gpt-6-luna'),
  older: () => createOpenAI({ apiKey }).chat('gpt-5.1'),
  anthropic: () => createAnthropic({ apiKey })('claude-opus-5-5'),
  google: () => createGoogle({ apiKey })('gemini-3.8-flash'),
  mistral: () => createMistral({ apiKey })('mistral-small-2603'),
  deepseek: () => createDeepSeek({ apiKey })('deepseek-v4-flash'),
  xai: () => createXai({ apiKey })('grok-4.6'),
  groq: () => createGroq({ apiKey })('openai/gpt-oss-20b'),
  moonshot: () => createOpenAICompatible({ name: 'moonshotai', apiKey, baseURL: 'http://127.0.0.1:9' }).chatModel('kimi-k3'),
  mine: () => new MockLanguageModelV4({ provider: 'mine', modelId: 'mine' }),
}

export type CandidateName = keyof typeof models

/** One of them as a router knows it. */
export const candidateOf = (name: CandidateName, entry: Omit<LanguageModelEntry, 'model'> = {}): LanguageCandidate =>
  parseCandidate({ model: models[name](), ...entry }, undefined, 'test')
