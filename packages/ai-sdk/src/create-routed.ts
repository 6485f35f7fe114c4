import { NoSuchModelError, type LanguageModelV4, type ProviderV4 } from '@ai-sdk/provider'
import { createRouter, RouterError, type Router, type Task } from '@routewise/core'
import type { LanguageCall, LanguagePiece } from './call.ts'
import type { ModelSettings } from './call-routing.ts'
import { createDialect } from './dialect.ts'
import { createLanguageModel } from './language-model.ts'
import { parseRoutedOptions, type LanguageModels, type RoutedOptions } from './options.ts'
import { createTarget } from './target.ts'

/** Ids that a record of models has; a list may have any. */
type IdOf<Models> = Models extends readonly unknown[] ? never : keyof Models & string

/** `auto`: the router chooses; `auto:code`: for a task; a model's own id: that one alone. */
export type RoutedModelId<Id extends string = string> = 'auto' | `auto:${Task}` | Id | (string & {})

/** A provider for the AI SDK whose language models are routed. */
export interface RoutedProvider<Id extends string = string> extends ProviderV4 {
  /**
   * The routed language model; `settings` hold for all of its calls.
   * @throws NoSuchModelError for an id that is neither `auto`, `auto:<task>` nor a model's own.
   */
  (modelId?: RoutedModelId<Id>, settings?: ModelSettings): LanguageModelV4
  languageModel(modelId: RoutedModelId<Id>, settings?: ModelSettings): LanguageModelV4
  /** The router within, to ask what it would do (`decide`) or to listen (`on`). */
  readonly router: Router<LanguageCall, LanguagePiece>
}

/**
 * Routes the calls of the AI SDK among your models: `streamText({ model: routed('auto'), … })`.
 * @throws RouterError `invalid_option` or `duplicate_target`; `price_unknown` when the policy weighs money and a model has no price.
 */
export function createRouted<const Models extends LanguageModels>(options: RoutedOptions<Models>): RoutedProvider<IdOf<Models>> {
  const { name, candidates, routing } = parseRoutedOptions(options)
  const mayResume = routing.onStall === 'continue'
  const targets = candidates.map(candidate => createTarget(candidate, { alone: candidates.length === 1, mayResume }))
  const router = createRouter({ ...routing, targets, dialect: createDialect() })
  const byId = new Map(candidates.map(candidate => [candidate.id, candidate]))

  function languageModel(modelId: string = 'auto', settings: ModelSettings = {}): LanguageModelV4 {
    const shared = { provider: name, modelId, router, mayResume }
    const models = candidates.map(({ model }) => model)
    if (modelId === 'auto') return createLanguageModel({ ...shared, models, settings })
    if (modelId.startsWith('auto:'))
      return createLanguageModel({ ...shared, models, settings: { task: modelId.slice('auto:'.length), ...settings } })
    const candidate = byId.get(modelId)
    if (candidate === undefined) throw noSuchModel(modelId, [...byId.keys()])
    return createLanguageModel({ ...shared, models: [candidate.model], settings: { ...settings, allow: [modelId] } })
  }

  return Object.assign(languageModel, { specificationVersion: 'v4' as const, languageModel, router })
}
