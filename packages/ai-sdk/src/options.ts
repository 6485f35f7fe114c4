import type { LanguageModelV2, LanguageModelV3, LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider'
import { candidateShape, describeModel, markingItself, type CandidateFacts, type ModelOverride } from '@routewise/catalog'
import { isJson, parseOptions, RouterError, routingShape, type RoutingOptions } from '@routewise/core'
import { wrapLanguageModel } from 'ai'
import * as z from 'zod'
import { familyOf, modelNameOf, providerOf } from './family.ts'
import { otherModelsShape, type OtherModelOptions } from './other/options.ts'
import type { LanguageCandidate } from './language/target.ts'

/** A language model of any version that the AI SDK takes. */
export type LanguageModel = LanguageModelV4 | LanguageModelV3 | LanguageModelV2

/** A language model with what the router should know of it. */
export interface LanguageModelEntry extends CandidateFacts {
  model: LanguageModel
  /** Provider options of this model alone, such as `{ openai: { reasoningEffort: 'low' } }`; those of a call win, option by option. */
  providerOptions?: SharedV4ProviderOptions
  /** Request headers of this model alone; those of a call win. */
  headers?: Readonly<Record<string, string>>
}

/** Models to route between: a record by id, or a list. */
export type LanguageModels = Readonly<Record<string, LanguageModel | LanguageModelEntry>> | readonly (LanguageModel | LanguageModelEntry)[]

export interface RoutedOptions<Models extends LanguageModels = LanguageModels> extends RoutingOptions, OtherModelOptions {
  /** Language models. Default: none, for a provider that routes other kinds alone. */
  models?: Models
  /** Name of the provider in traces and registries. Default `routewise`. */
  name?: string
}

const schema = z.strictObject({
  models: z
    .custom<LanguageModels>(value => typeof value === 'object' && value !== null, 'expected language models by id, or a list of them')
    .default({}),
  name: z.string().min(1).default('routewise'),
  ...routingShape,
  ...otherModelsShape,
})

const json = z.record(z.string(), z.unknown())

const entrySchema = z.strictObject({
  model: z.custom<LanguageModel>(isLanguageModel, "expected a language model, such as openai('gpt-6-luna')"),
  ...candidateShape,
  providerOptions: z
    .custom<SharedV4ProviderOptions>(value => z.record(z.string(), json).safeParse(value).success, 'expected options by provider')
    .optional(),
  headers: z.record(z.string(), z.string()).optional(),
})

export interface ParsedOptions {
  name: string
  candidates: readonly LanguageCandidate[]
  routing: RoutingOptions
  /** As it holds, defaults filled in. */
  promptCache: z.output<typeof schema>['promptCache']
}

/** @throws RouterError `invalid_option` or `duplicate_target`, naming the option, the value and what is allowed. */
export function parseRoutedOptions(options: RoutedOptions): ParsedOptions {
  const { name, models, promptCache } = parseOptions(schema, options, 'createRouted')
  const candidates = Array.isArray(models)
    ? models.map((value: unknown, at) => parseCandidate(value, undefined, `createRouted: models.${at}`))
    : Object.entries(models).map(([id, value]) => parseCandidate(value, id, `createRouted: models.${id}`))
  if (candidates.length === 0 && !Object.keys(otherModelsShape).some(option => option in options))
    throw new RouterError('invalid_option', 'createRouted: option `models` is empty: give at least one language model')
  for (const { id } of candidates) refuseReserved(id)
  const routing = Object.fromEntries(Object.entries(options).filter(([option]) => option in routingShape)) as RoutingOptions
  return { name, candidates, routing, promptCache }
}

/** @throws RouterError `invalid_option` for what is no language model and no entry of one. */
export function parseCandidate(value: unknown, key: string | undefined, where: string): LanguageCandidate {
  if (typeof value === 'string') {
    throw new RouterError(
      'invalid_option',
      `${where} is ${JSON.stringify(value)}: expected a language model, such as gateway(${JSON.stringify(value)})`,
    )
  }
  const {
    model: given,
    id,
    card: facts,
    quality,
    account,
    group,
    tags,
    providerOptions,
    headers,
  } = parseOptions(entrySchema, isLanguageModel(value) ? { model: value } : value, where)
  const family = familyOf(given)
  const provider = providerOf(given)
  const known = describeModel(modelNameOf(given), {
    provider,
    facts,
    quality,
    otherwise: { ...anything, ...(provider !== undefined && { provider }) },
  })
  // Anthropic sets a marker at the end of every prompt of a candidate that asks for it.
  const mark = providerOptions?.['anthropic']?.['cacheControl']
  const card = isJson(mark) ? markingItself(known, mark['ttl']) : known
  return {
    id: key ?? id ?? card.id,
    model: upgraded(given),
    family,
    card,
    ...(account !== undefined && { account }),
    ...(group !== undefined && { group }),
    ...(tags !== undefined && { tags }),
    ...(providerOptions !== undefined && { providerOptions }),
    ...(headers !== undefined && { headers }),
  }
}

/** A model does not say what it can do, and the SDK takes it to do everything: what it cannot, its provider says. */
const anything: ModelOverride = {
  contextTokens: 1_000_000,
  capabilities: { tools: true, forcedTool: true, parallelTools: true, jsonSchema: true, vision: true, pdf: true, audio: true },
}

function isLanguageModel(value: unknown): value is LanguageModel {
  if (typeof value !== 'object' || value === null) return false
  const { specificationVersion, doGenerate, doStream } = value as Partial<LanguageModelV4>
  return /^v[234]$/.test(String(specificationVersion)) && typeof doGenerate === 'function' && typeof doStream === 'function'
}

/** Models of older versions speak the newest one, by the SDK's own adapters. */
const upgraded = (model: LanguageModel): LanguageModelV4 =>
  model.specificationVersion === 'v4' ? model : wrapLanguageModel({ model, middleware: [] })

/** @throws RouterError `invalid_option`: these names are the router's own. */
function refuseReserved(id: string): void {
  if (id !== 'auto' && !id.startsWith('auto:')) return
  throw new RouterError(
    'invalid_option',
    `createRouted: a model has the id ${JSON.stringify(id)}, which means any of them. Give it another.`,
  )
}
