import { ChatAnthropic } from '@langchain/anthropic'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'
import type { ReachedModel } from '../face.ts'

/** Anthropic wants a limit with every call; its SDK refuses higher ones for calls that do not stream. */
const LONGEST_ANSWER_TOKENS = 16_000

/** The LangChain class of a model's provider, without retries of its own. */
export function connect({ card, baseUrl, apiKey }: ReachedModel): BaseChatModel {
  const shared = { model: card.id, apiKey, maxRetries: 0 }
  switch (card.wire) {
    case 'anthropic':
      return new ChatAnthropic({
        ...shared,
        maxTokens: Math.min(card.maxOutputTokens ?? LONGEST_ANSWER_TOKENS, LONGEST_ANSWER_TOKENS),
        ...(baseUrl === undefined ? {} : { anthropicApiUrl: baseUrl }),
        // Anthropic caches prompts only where it is asked to: here, up to the end of every prompt.
        invocationKwargs: { cache_control: { type: 'ephemeral' } },
      })
    case 'gemini':
      return new ChatGoogleGenerativeAI({ ...shared, ...(baseUrl === undefined ? {} : { baseUrl }) })
    case 'openai-chat':
    case 'openai-responses':
      return new ChatOpenAI({
        ...shared,
        useResponsesApi: card.wire === 'openai-responses',
        ...(baseUrl === undefined ? {} : { configuration: { baseURL: baseUrl } }),
      })
  }
}
