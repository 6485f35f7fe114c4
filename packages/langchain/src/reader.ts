import type { Family } from './family.ts'
import type { Form, Senses } from './media-notation.ts'
import type { ChatCandidate } from './target.ts'

/** For whom a conversation is made valid. */
export interface Reader {
  family: Family | undefined
  /** Model id that the provider's API takes. */
  model: string
  /** Regular expression that tool-call ids must match. */
  toolIdPattern: string | undefined
  /** How its class takes messages; `undefined`: its ways are not known. */
  form: Form | undefined
  senses: Senses
  /** The candidate itself; `undefined` in tests. */
  candidate?: ChatCandidate
}

const formByFamily: Readonly<Record<Family, Form>> = {
  openai: 'chat',
  anthropic: 'anthropic',
  google: 'google',
  mistral: 'mistral',
  deepseek: 'chat',
  xai: 'chat',
  groq: 'groq',
}

/** A candidate as a reader of conversations. */
export function readerOf(candidate: ChatCandidate): Reader {
  const { family, card } = candidate
  return {
    family,
    model: card.id,
    toolIdPattern: card.toolIdPattern,
    form: family && formOf(candidate, family),
    senses: card.capabilities,
    candidate,
  }
}

function formOf(candidate: ChatCandidate, family: Family): Form {
  if (!usesResponses(candidate)) return formByFamily[family]
  // `ChatXAIResponses` takes words and `image_url`, as Groq's does.
  return family === 'openai' ? 'responses' : 'groq'
}

/** `ChatOpenAI` chooses between OpenAI's two APIs by the model, and by options such as tools that only one of them has. */
function usesResponses({ model, options }: ChatCandidate): boolean {
  const { _useResponsesApi: decide } = model as { _useResponsesApi?: (options: unknown) => boolean }
  if (typeof decide === 'function') return decide.call(model, options)
  const { lc_name: name } = model.constructor as { lc_name?: () => string }
  return name?.call(model.constructor).endsWith('Responses') === true
}
