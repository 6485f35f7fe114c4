import { providerId } from '@routewise/catalog'

/** Provider packages whose ways are known. */
export type Family =
  | 'openai'
  | 'anthropic'
  | 'google'
  | 'mistral'
  | 'deepseek'
  | 'xai'
  | 'groq'
  | 'bedrock'
  | 'openai-compatible'
  | 'openrouter'
  | 'gateway'

/** What a model of any kind and version says of itself. */
export interface NamedModel {
  readonly provider: string
  readonly modelId: string
}

/** `model.provider` as the packages write it, where their user has not named it otherwise. */
const familyByProvider: readonly (readonly [provider: RegExp, family: Family])[] = [
  [/^(openai|azure|azure-openai)\.(chat|responses|completion)$/, 'openai'],
  // Claude by Vertex and by Bedrock, too: `googleVertex.anthropic.messages`.
  [/(^|\.)anthropic\.messages$/, 'anthropic'],
  [/^(google\.generative-ai|google\.vertex\.chat)$/, 'google'],
  [/^mistral\.chat$/, 'mistral'],
  [/^deepseek\.chat$/, 'deepseek'],
  [/^xai\.(chat|responses)$/, 'xai'],
  [/^groq\.chat$/, 'groq'],
  [/^amazon-bedrock$/, 'bedrock'],
  [/^(togetherai|fireworks|moonshotai|alibaba|deepinfra|cerebras|baseten|vercel)\.chat$/, 'openai-compatible'],
  [/^openrouter\.(chat|completion)$/, 'openrouter'],
  [/^gateway$/, 'gateway'],
]

/** The packages' classes, for a provider that its user has given a name of its own. */
const familyByClass: ReadonlyMap<string, Family> = new Map([
  ['OpenAIChatLanguageModel', 'openai'],
  ['OpenAIResponsesLanguageModel', 'openai'],
  ['OpenAICompletionLanguageModel', 'openai'],
  ['AnthropicLanguageModel', 'anthropic'],
  ['GoogleLanguageModel', 'google'],
  ['OpenAICompatibleChatLanguageModel', 'openai-compatible'],
])

/** Its provider has the name that its package gives it, so that it is the package's own server that is asked. */
export const isNamedByPackage = (model: Pick<NamedModel, 'provider'>): boolean =>
  familyByProvider.some(([provider]) => provider.test(model.provider))

/** The family of a model; `undefined` when neither its provider's name nor its class tells. */
export function familyOf(model: NamedModel): Family | undefined {
  const named = familyByProvider.find(([provider]) => provider.test(model.provider))
  return named?.[1] ?? familyByClass.get(classOf(model))
}

/** Bundlers put an underscore before the name of a class that speaks of itself. */
const classOf = (model: object): string => model.constructor.name.replace(/^_/, '')

/** Those that sell the models of many makers, under `maker/model`. */
const resells = (model: NamedModel): boolean => /^(gateway|openrouter\b.*|vercel\b.*)$/.test(model.provider) && model.modelId.includes('/')

/** The catalog's name of who serves the model, and of a reseller the model's maker. */
export const providerOf = (model: NamedModel): string =>
  providerId(resells(model) ? model.modelId.slice(0, model.modelId.indexOf('/')) : model.provider)

/** The model's name without the paths that hosts put before it. */
export const modelNameOf = (model: NamedModel): string =>
  resells(model) ? model.modelId.slice(model.modelId.indexOf('/') + 1) : model.modelId.replace(/^(accounts\/[^/]+\/)?models\//, '')
