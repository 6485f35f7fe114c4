import { ChatAnthropic } from '@langchain/anthropic'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'

/** One of the protocols that providers speak, by the client that speaks it in LangChain. */
export interface Wire {
  name: string
  provider: string
  /** A model at a server, `http://host:port`. */
  open(origin: string): BaseChatModel
}

const apiKey = 'test'
const openai = (model: string, useResponsesApi: boolean) => (origin: string) =>
  new ChatOpenAI({ model, apiKey, useResponsesApi, configuration: { baseURL: `${origin}/v1` } })

export const wires: readonly Wire[] = [
  { name: 'openai-chat', provider: 'openai', open: openai('gpt-6-luna', false) },
  { name: 'openai-responses', provider: 'openai', open: openai('gpt-5.6-luna', true) },
  {
    name: 'anthropic',
    provider: 'anthropic',
    open: origin => new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey, anthropicApiUrl: origin }),
  },
  {
    name: 'gemini',
    provider: 'google',
    open: origin => new ChatGoogleGenerativeAI({ model: 'gemini-3.8-flash', apiKey, baseUrl: origin }),
  },
]
