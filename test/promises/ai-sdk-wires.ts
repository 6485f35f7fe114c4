import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import type { LanguageModelV4 } from '@ai-sdk/provider'

/** One of the protocols that providers speak, by the package that speaks it in the AI SDK. */
export interface AiSdkWire {
  name: string
  provider: string
  /** A model at a server, `http://host:port`. */
  open(origin: string): LanguageModelV4
}

const apiKey = 'test'
const openai = (origin: string) => createOpenAI({ apiKey, baseURL: `${origin}/v1` })

export const aiSdkWires: readonly AiSdkWire[] = [
  { name: 'openai-chat', provider: 'openai', open: origin => openai(origin).chat('gpt-6-luna') },
  { name: 'openai-responses', provider: 'openai', open: origin => openai(origin).responses('gpt-5.6-luna') },
  {
    name: 'anthropic',
    provider: 'anthropic',
    open: origin => createAnthropic({ apiKey, baseURL: `${origin}/v1` })('claude-haiku-4-5'),
  },
  { name: 'gemini', provider: 'google', open: origin => createGoogle({ apiKey, baseURL: `${origin}/v1beta` })('gemini-3.8-flash') },
]
