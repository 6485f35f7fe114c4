import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Prompt, NoSuchModelError, ProviderV4 } from '@ai-sdk/provider'
import { checkPrices, createRouter, sortsTools, type Decision, type PromptCacheFacts, type Task } from '@routewise/core'
import { readCall, type ModelSettings } from './language/call-routing.ts'
import { createDialect } from './language/dialect.ts'
import { listenToAll, noSuchModel, type Listen } from './fallback/models.ts'
import { createLanguageModel } from './language/language-model.ts'
import { parseRoutedOptions, type LanguageModels, type RoutedOptions } from './options.ts'
import { createOtherModels, type OtherModels } from './other-models.ts'
import { createTarget, type LanguageCandidate } from './language/target.ts'
import { createCallToolOrder } from './language/tools.ts'

/** OpenAI's items are kept for one account. */
const haveSeveralKeys = (candidates: readonly LanguageCandidate[]): boolean =>
  new Set(candidates.filter(({ family }) => family === 'openai').map(candidate => candidate.account ?? candidate.card.provider)).size > 1

/** Ids that a record of models has; a list may have any. */
type IdOf<Models> = Models extends readonly unknown[] ? never : keyof Models & string

/** `auto`: the router chooses; `auto:code`: for a task; a model's own id: that one alone. */
export type RoutedModelId<Id extends string = string> = 'auto' | `auto:${Task}` | Id | (string & {})

/** A call as the SDK makes it. */
export interface DecideOptions extends Omit<LanguageModelV4CallOptions, 'prompt'> {
  /** A text, or a prompt as models get it. */
  prompt: string | LanguageModelV4Prompt
  /** Whether the answer is streamed; a whole one comes later than a first token. Default `true`. */
  stream?: boolean
}

/** A provider for the AI SDK whose models are routed. */
export interface RoutedProvider extends NamedModels<string>, OtherModels, Omit<ProviderV4, keyof OtherModels | 'languageModel'> {
  /** What the router would do with a call of a language model, and what it expects of it, without calling anybody. Takes microseconds. */
  decide(call: DecideOptions, settings?: ModelSettings): Decision
  /** How far each language model's prompt cache has turned out to do what is expected of it. */
  promptCaches(): readonly PromptCacheFacts[]
  /** Tells of decisions, silence, breakers, attempts and receipts, of models of every kind; the returned function ends it. */
  on: Listen
}

/** Routed language models by name. */
export interface NamedModels<Id extends string> {
  /**
   * The routed language model; `settings` hold for all of its calls.
   * @throws NoSuchModelError for an id that is neither `auto`, `auto:<task>` nor a model's own.
   */
  (modelId?: RoutedModelId<Id>, settings?: ModelSettings): LanguageModelV4
  languageModel(modelId: RoutedModelId<Id>, settings?: ModelSettings): LanguageModelV4
}

/**
 * Routes the calls of the AI SDK among your models: `streamText({ model: routed('auto'), … })`.
 * @throws RouterError `invalid_option` or `duplicate_target`, naming the option, the value and what is allowed; `price_unknown` when the
 * policy weighs money and a model has no price.
 */
export function createRouted<const Models extends LanguageModels>(
  options: RoutedOptions<Models>,
): RoutedProvider & NamedModels<IdOf<Models>> {
  const { name, candidates, routing, promptCache } = parseRoutedOptions(options)
  const mayResume = routing.onStall === 'continue'
  const alone = candidates.length === 1
  const targets = candidates.map(candidate => createTarget(candidate, { alone, mayResume, marksParts: !alone }))
  const forcesTools = candidates.some(({ card }) => card.capabilities.forcedTool)
  const router =
    targets.length === 0
      ? undefined
      : createRouter({ ...routing, targets, dialect: createDialect({ forcesTools, sharesItems: haveSeveralKeys(candidates) }) })
  // What a model of unknown make is given stays as it is.
  const knowsOne = candidates.some(({ family }) => family !== undefined)
  const orderTools = sortsTools(promptCache) && knowsOne ? createCallToolOrder() : undefined
  const others = createOtherModels(options, { provider: name, routing })

  function decide({ prompt: given, stream = true, ...call }: DecideOptions, settings: ModelSettings = {}): Decision {
    if (router === undefined) throw unknown('auto')
    const prompt: LanguageModelV4Prompt = typeof given === 'string' ? [{ role: 'user', content: [{ type: 'text', text: given }] }] : given
    const asked = readCall(stream ? 'stream' : 'generate', { ...call, prompt }, { settings, others: [], orderTools })
    return router.decide(asked.call, asked.routing)
  }

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
      orderTools,
      models: able.map(({ model }) => model),
      settings: { ...(task !== undefined && { task }), ...settings },
      others: candidates.filter(candidate => !able.includes(candidate)).map(({ id }) => id),
    })
  }

  const unknown = (modelId: string): NoSuchModelError => {
    const names = candidates.length === 0 ? [] : ['auto', 'auto:<task>', ...candidates.map(({ id }) => id)]
    return noSuchModel({ modelId, modelType: 'languageModel', option: 'models', names })
  }

  checkPrices(candidates, () => decide({ prompt: '' }))

  return Object.assign(languageModel, {
    specificationVersion: 'v4' as const,
    languageModel,
    decide,
    promptCaches: () => router?.promptCaches() ?? [],
    ...others.models,
    on: listenToAll(router === undefined ? [others] : [router, others]),
  })
}
