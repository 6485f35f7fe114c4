import { createAnthropic } from '@ai-sdk/anthropic'
import { createDeepSeek } from '@ai-sdk/deepseek'
import { createGoogle } from '@ai-sdk/google'
import { createGroq } from '@ai-sdk/groq'
import { createOpenAI } from '@ai-sdk/openai'
import type { ReachedModel } from '../face.ts'

/** The model as its provider's package for the AI SDK gives it. */
export function connect({ card, baseUrl, apiKey }: ReachedModel) {
  /** The packages take the base URL with the version that the providers' own SDKs add to it. */
  const at = (version: string) => (baseUrl === undefined ? {} : { baseURL: `${baseUrl}${version}` })
  switch (card.wire) {
    case 'anthropic':
      return createAnthropic({ apiKey, ...at('/v1') })(card.id)
    case 'gemini':
      return createGoogle({ apiKey, ...at('/v1beta') })(card.id)
    case 'openai-chat':
      // These two report usage in fields of their own, which OpenAI's package does not read.
      if (card.provider === 'groq') return createGroq({ apiKey, ...at('/openai/v1') })(card.id)
      if (card.provider === 'deepseek') return createDeepSeek({ apiKey, ...at('') })(card.id)
      return createOpenAI({ apiKey, ...at('') }).chat(card.id)
    case 'openai-responses':
      return createOpenAI({ apiKey, ...at('') }).responses(card.id)
  }
}
