import type { LanguageModelV4, NoSuchModelError, ProviderV4 } from '@ai-sdk/provider'
import { createRouter, type Router, type Task } from '@routewise/core'
import type { LanguageCall, LanguagePiece } from './call.ts'
import type { ModelSettings } from './call-routing.ts'
import { createDialect } from './dialect.ts'
import { listenToAll, noSuchModel, type Listen } from './fallback-models.ts'
import { createLanguageModel } from './language-model.ts'
import { parseRoutedOptions, type LanguageModels, type RoutedOptions } from './options.ts'
import { createOtherModels, type OtherModels } from './other-models.ts'
import { createTarget } from './target.ts'

/** Ids that a record of models has; a list may have any. */
type IdOf<Models> = Models extends readonly unknown[] ? never : keyof Models & string

/** `auto`: the router chooses; `auto:code`: for a task; a model's own id: that one alone. */
export type RoutedModelId<Id extends string = string> = 'auto' | `auto:${Task}` | Id | (string & {})

/** A provider for the AI SDK whose models are routed. */
export interface RoutedProvider<Id extends string = string> extends OtherModels, Omit<ProviderV4, keyof OtherModels | 'languageModel'> {
  /**
   * The routed language model; `settings` hold for all of its calls.
   * @throws NoSuchModelError for an id that is neither `auto`, `auto:<task>` nor a model's own.
   */
  (modelId?: RoutedModelId<Id>, settings?: ModelSettings): LanguageModelV4
  languageModel(modelId: RoutedModelId<Id>, settings?: ModelSettings): LanguageModelV4
  /** The router of the language models, to ask what it would do (`decide`). @throws NoSuchModelError when there are none. */
  readonly router: Router<LanguageCall, LanguagePiece>
  /** Tells of decisions, silence, breakers, attempts and receipts, of models of every kind; the returned function ends it. */
  on: Listen
}

/**
 * Routes the calls of the AI SDK among your models: `streamText({ model: routed('auto'), … })`.
 * @throws RouterError `invalid_option` or `duplicate_target`, naming the option, the value and what is allowed.
 */
export function createRouted<const Models extends LanguageModels>(options: RoutedOptions<Models>): RoutedProvider<IdOf<Models>> {
  const { name, candidates, routing } = parseRoutedOptions(options)
  const mayResume = routing.onStall === 'continue'
  const targets = candidates.map(candidate => createTarget(candidate, { alone: candidates.length === 1, mayResume }))
  const router = targets.length === 0 ? undefined : createRouter({ ...routing, targets, dialect: createDialect() })
  const others = createOtherModels(options, { provider: name, routing })

  function languageModel(modelId: string = 'auto', settings: ModelSettings = {}): LanguageModelV4 {
    const task = modelId.startsWith('auto:') ? modelId.slice('auto:'.length) : undefined
    const isAny = modelId === 'auto' || task !== undefined
    const able = isAny ? candidates : candidates.filter(({ id }) => id === modelId)
    if (router === undefined || able.length === 0) throw unknown(modelId)
    return createLanguageModel({
      provider: name,
      modelId,
      router,
      mayResume,
      models: able.map(({ model }) => model),
      settings: { ...(task !== undefined && { task }), ...settings, ...(!isAny && { allow: [modelId] }) },
    })
  }

  const unknown = (modelId: string): NoSuchModelError => {
    const names = candidates.length === 0 ? [] : ['auto', 'auto:<task>', ...candidates.map(({ id }) => id)]
    return noSuchModel({ modelId, modelType: 'languageModel', option: 'models', names })
  }

  const provider = Object.assign(languageModel, {
    specificationVersion: 'v4' as const,
    languageModel,
    ...others.models,
    on: listenToAll(router === undefined ? [others] : [router, others]),
  })
  return Object.defineProperty(provider, 'router', {
    get() {
      if (router === undefined) throw unknown('auto')
      return router
    },
  }) as RoutedProvider<IdOf<Models>>
}
