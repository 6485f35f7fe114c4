import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { CandidateOptions } from './call.ts'

/** `ChatOpenAI` keeps what `withConfig` and `bindTools` gave it in a field, and its raw methods do not look there. */
export function defaultOptionsOf(model: BaseChatModel): CandidateOptions {
  const { defaultOptions } = model as { defaultOptions?: CandidateOptions }
  return defaultOptions ?? {}
}
