import { NoSuchModelError } from '@ai-sdk/provider'
import type { Router, RoutingOptions } from '@routewise/core'
import { askRouter, type Answered } from './call.ts'
import { createFallbackRouter, type FallbackCandidate, type FallbackRouterOptions, type SharedOptions } from './router.ts'

/** What is told of routing, whatever is routed. */
export type Listen = Router<unknown, unknown>['on']

/** Routed models of one kind. */
export interface RoutedModels<Model> {
  /** @throws NoSuchModelError for a name that stands for no model, listing those that do. */
  model(modelId: string): Model
  /** Tells of decisions, silence, breakers, attempts and receipts of all of them; the returned function ends it. */
  on: Listen
}

/** What all kinds of routed models are made with. */
export interface RoutedModelsOptions {
  /** Name of the provider in traces. */
  provider: string
  /** Options of routing; those that speak of texts and tokens do not apply. */
  routing: RoutingOptions
}

/** How a routed model is named in traces. */
export interface RoutedName {
  provider: string
  modelId: string
}

/** Asks those among the candidates that a name stands for. */
export type Ask<Model, Options, Result> = (options: Options, candidates: readonly FallbackCandidate<Model>[]) => Promise<Answered<Result>>

interface ModelsByIdOptions<Model, Options, Result>
  extends Omit<FallbackRouterOptions<Model, Options, Result>, 'routing'>, RoutedModelsOptions {
  modelType: NoSuchModelError['modelType']
  /** Option of `createRouted` that holds such models. */
  option: string
  build(name: RoutedName, candidates: readonly FallbackCandidate<Model>[], ask: Ask<Model, Options, Result>): Model
}

/** Routed models of which a name is `auto`, which is any of them, or the id of one alone. */
export function createModelsById<Model, Options extends SharedOptions, Result>(
  options: ModelsByIdOptions<Model, Options, Result>,
): RoutedModels<Model> {
  const { modelType, option, candidates: all, provider, routing, build } = options
  const router = all.length === 0 ? undefined : createFallbackRouter(options)
  return {
    model(modelId) {
      const candidates = modelId === 'auto' ? all : all.filter(({ id }) => id === modelId)
      if (router === undefined || candidates.length === 0) {
        throw noSuchModel({ modelId, modelType, option, names: all.length === 0 ? [] : ['auto', ...all.map(({ id }) => id)] })
      }
      return build({ provider, modelId }, candidates, (given, among) =>
        askRouter(router, given, { candidates: among, allow: routing.allow }),
      )
    },
    on: listenToAll(router === undefined ? [] : [router]),
  }
}

interface Unknown {
  modelId: string
  modelType: NoSuchModelError['modelType']
  /** Option of `createRouted` that holds such models. */
  option: string
  /** Names that would do. */
  names: readonly string[]
  /** What is wrong with the name, where it is not that nobody has it. */
  because?: string
}

/** The error for a name that stands for no model, saying which do. */
export function noSuchModel({ modelId, modelType, option, names, because }: Unknown): NoSuchModelError {
  const known =
    names.length === 0 ? `createRouted was given none: add \`${option}\`.` : `There are ${names.map(name => `"${name}"`).join(', ')}.`
  const reason = because === undefined ? '' : ` ${because}.`
  return new NoSuchModelError({ modelId, modelType, message: `No such ${modelType}: "${modelId}".${reason} ${known}` })
}

/** Listens to several routers at once. */
export const listenToAll =
  (routers: readonly { on: Listen }[]): Listen =>
  (name, listener) => {
    const ends = routers.map(router => router.on(name, listener))
    return () => {
      for (const end of ends) end()
    }
  }
