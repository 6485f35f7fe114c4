import type { Receipt } from '@routewise/core'
import type { AIMessage } from '@langchain/core/messages'
import { metadataProvider } from './family.ts'
import type { ChatCandidate } from './target.ts'

/** Who has said a message, as far as it is known. */
export interface Origin {
  /** As LangChain names it. */
  provider: string | undefined
  model: string | undefined
  /** The candidate that said it, by the router's own receipt. */
  candidate: ChatCandidate | undefined
}

/** By the router's own receipt, else by what the integration noted. */
export function originOf({ response_metadata: metadata }: AIMessage, candidates: ReadonlyMap<string, ChatCandidate>): Origin {
  const { model_provider: provider, model_name: name, model, routewise } = metadata ?? {}
  const { target, model: answered } = (routewise ?? {}) as Partial<Receipt>
  const candidate = target === undefined ? undefined : candidates.get(target)
  if (candidate !== undefined && candidate.card.id === answered) {
    const { family, card } = candidate
    return { provider: family === undefined ? card.provider : metadataProvider[family], model: card.id, candidate }
  }
  const said = typeof model === 'string' ? model : name
  return {
    provider: typeof provider === 'string' ? provider : undefined,
    model: typeof said === 'string' ? said : undefined,
    candidate: undefined,
  }
}

/** Fields of LangChain's classes that say whose account is billed, and at which server. */
const accountFields = ['apiKey', 'anthropicApiKey', 'azureOpenAIApiKey', 'azureOpenAIApiInstanceName', 'azureOpenAIEndpoint'] as const

/** Whether two candidates are billed to one account of one server, so that what was sealed for the one can be read by the other. */
export function sharesAccount(one: ChatCandidate, other: ChatCandidate): boolean {
  if (one.id === other.id) return true
  if ((one.account ?? one.card.provider) !== (other.account ?? other.card.provider)) return false
  return (
    accountFields.every(field => Reflect.get(one.model, field) === Reflect.get(other.model, field)) && serverOf(one) === serverOf(other)
  )
}

const serverOf = ({ model }: ChatCandidate): unknown => (model as { clientConfig?: { baseURL?: unknown } }).clientConfig?.baseURL
