import type { BaseChatModel } from '@langchain/core/language_models/chat_models'

/** Integrations whose ways are known; a subclass goes with its parent. */
export type Family = 'openai' | 'anthropic' | 'google' | 'mistral' | 'deepseek' | 'xai' | 'groq'

const familyByClass: Readonly<Record<string, Family>> = {
  ChatOpenAI: 'openai',
  AzureChatOpenAI: 'openai',
  ChatOpenAICompletions: 'openai',
  ChatOpenAIResponses: 'openai',
  ChatAnthropic: 'anthropic',
  ChatGoogleGenerativeAI: 'google',
  ChatMistralAI: 'mistral',
  ChatDeepSeek: 'deepseek',
  ChatXAI: 'xai',
  ChatXAIResponses: 'xai',
  ChatGroq: 'groq',
}

/** The catalog's provider of models that a family calls by default. */
const providerByHost: readonly (readonly [host: RegExp, provider: string])[] = [
  [/(^|\.)openai\.(com|azure\.com)$/, 'openai'],
  [/(^|\.)deepseek\.com$/, 'deepseek'],
  [/(^|\.)x\.ai$/, 'xai'],
  [/(^|\.)groq\.com$/, 'groq'],
  [/(^|\.)mistral\.ai$/, 'mistral'],
  [/(^|\.)moonshot\.(ai|cn)$/, 'moonshot'],
  [/(^|\.)aliyuncs\.com$/, 'alibaba'],
]

/** How LangChain names the provider in `response_metadata.model_provider`. */
export const metadataProvider: Readonly<Record<Family, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google-genai',
  mistral: 'mistralai',
  deepseek: 'deepseek',
  xai: 'xai',
  groq: 'groq',
}

/** The family of a model by the names of its class and of those above it. */
export function familyOf(model: BaseChatModel): Family | undefined {
  let current: unknown = model.constructor
  while (typeof current === 'function' && current.name !== '') {
    const { lc_name: lcName, name } = current as { lc_name?: () => string; name: string }
    const family = familyByClass[typeof lcName === 'function' ? lcName.call(current) : name] ?? familyByClass[name]
    if (family !== undefined) return family
    current = Object.getPrototypeOf(current)
  }
  return undefined
}

/** The catalog's name of who serves the model; `undefined` when the class or the base URL does not tell. */
export function providerOf(model: BaseChatModel, family: Family | undefined): string | undefined {
  if (family !== 'openai') return family
  const { baseURL } = (model as { clientConfig?: { baseURL?: unknown } }).clientConfig ?? {}
  if (typeof baseURL !== 'string' || !URL.canParse(baseURL)) return 'openai'
  const { hostname } = new URL(baseURL)
  return providerByHost.find(([host]) => host.test(hostname))?.[1]
}

/** The name by which the model calls itself: what its provider's API takes. */
export function modelNameOf(model: BaseChatModel): string | undefined {
  const { model: name, modelName, modelId } = model as { model?: unknown; modelName?: unknown; modelId?: unknown }
  return [name, modelName, modelId].find(value => typeof value === 'string' && value !== '') as string | undefined
}

/** Whether a value is a chat model, of this copy of `@langchain/core` or of another. */
export const isChatModel = (value: unknown): value is BaseChatModel =>
  typeof value === 'object' && value !== null && '_generate' in value && typeof value._generate === 'function' && 'caller' in value
