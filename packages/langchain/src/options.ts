import { candidateShape, describeModel, markingItself, type CandidateFacts, type ModelOverride } from '@routewise/catalog'
import { parseOptions, RouterError, routingShape, type ModelCard, type RoutingOptions } from '@routewise/core'
import type { BaseChatModel, BaseChatModelParams } from '@langchain/core/language_models/chat_models'
import { RunnableBinding, type Runnable } from '@langchain/core/runnables'
import * as z from 'zod'
import type { CandidateOptions } from './call.ts'
import { familyOf, isChatModel, modelNameOf, providerOf } from './family.ts'
import {
  modelParametersShape,
  readModelParameters,
  refuseKeys,
  type ModelParameters,
  type ModelSettings,
  type ParsedModelParameters,
} from './model-parameters.ts'
import { settingsFor } from './settings.ts'
import type { ChatCandidate } from './target.ts'

/** A chat model, or one with call options bound by `withConfig`. */
export type CandidateModel = BaseChatModel | Runnable

/** A model with what the router should know of it. */
export interface CandidateEntry extends CandidateFacts {
  model: CandidateModel
}

/** Models to route between: a list, or a record by id. */
export type Candidates = readonly (CandidateModel | CandidateEntry)[] | Readonly<Record<string, CandidateModel | CandidateEntry>>

/** Options of LangChain's own that a routed model takes. */
export type LangChainOptions = Pick<
  BaseChatModelParams,
  'callbacks' | 'tags' | 'metadata' | 'verbose' | 'cache' | 'disableStreaming' | 'outputVersion' | 'maxConcurrency'
>

export interface RoutedChatModelOptions extends RoutingOptions, LangChainOptions, ModelParameters {
  models: Candidates
  /** Name of the run in traces, and part of the response cache's key. Default: `RoutedChatModel`. */
  name?: string
}

const anything = z.custom<never>(() => true).optional()

const schema = z.strictObject({
  models: z.custom<Candidates>(
    value => typeof value === 'object' && value !== null,
    'expected a list of chat models, or a record of them by id',
  ),
  name: z.string().min(1).optional(),
  ...routingShape,
  ...modelParametersShape,
  callbacks: anything,
  tags: z.array(z.string()).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  verbose: z.boolean().optional(),
  cache: anything,
  disableStreaming: z.boolean().optional(),
  outputVersion: z.enum(['v0', 'v1']).optional(),
  maxConcurrency: z.number().positive().optional(),
})

const entrySchema = z.strictObject({
  model: z.custom<CandidateModel>(value => unbind(value) !== undefined, 'expected a chat model'),
  ...candidateShape,
})

export interface ParsedOptions extends Pick<ParsedModelParameters, 'settings' | 'stop' | 'streaming'> {
  candidates: readonly ChatCandidate[]
  routing: RoutingOptions
  langchain: LangChainOptions
  name: string | undefined
}

/** @throws RouterError `invalid_option` or `duplicate_target`, naming the option, the value and what is allowed. */
export function parseModelOptions(options: RoutedChatModelOptions): ParsedOptions {
  refuseKeys(options)
  parseOptions(schema, options, 'RoutedChatModel')
  const { models, name, callbacks, tags, metadata, verbose, cache, disableStreaming, outputVersion, maxConcurrency } = options
  const { settings, stop, timeouts, retry, streaming } = readModelParameters(options)
  const given = Array.isArray(models)
    ? models.map((value: unknown, at) => parseCandidate(value, undefined, settings, `RoutedChatModel: models.${at}`))
    : Object.entries(models).map(([id, value]) => parseCandidate(value, id, settings, `RoutedChatModel: models.${id}`))
  if (given.length === 0) throw new RouterError('invalid_option', 'RoutedChatModel: option `models` is empty: give at least one chat model')
  assertDistinct(given)
  const fields = { callbacks, tags, metadata, verbose, cache, disableStreaming, outputVersion, maxConcurrency }
  const langchain = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as LangChainOptions
  return {
    candidates: given,
    routing: { ...routingOf(options), ...(timeouts !== undefined && { timeouts }), ...(retry !== undefined && { retry }) },
    langchain,
    name,
    settings,
    stop,
    streaming,
  }
}

function routingOf(options: RoutedChatModelOptions): RoutingOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in routingShape))
}

/** @throws RouterError `invalid_option` for what is no chat model and no entry of one. */
export function parseCandidate(value: unknown, key: string | undefined, settings: ModelSettings, where: string): ChatCandidate {
  const entry = parseOptions(entrySchema, unbind(value) === undefined ? value : { model: value }, where)
  const { model, options } = unbind(entry.model)!
  const family = familyOf(model)
  const known = cardOf(model, entry)
  const mark = family === 'anthropic' ? markOfAllPrompts(model, options) : undefined
  const card = mark === undefined ? known : markingItself(known, mark.ttl)
  return {
    id: key ?? entry.id ?? card.id,
    model,
    options,
    family,
    card,
    settings: settingsFor(model, family, card, settings),
    ...(entry.account !== undefined && { account: entry.account }),
    ...(entry.group !== undefined && { group: entry.group }),
    ...(entry.tags !== undefined && { tags: entry.tags }),
  }
}

/** `cache_control` of the candidate's own, in every request: Anthropic sets a marker at the end of the prompt. */
function markOfAllPrompts(model: BaseChatModel, options: CandidateOptions): { ttl?: unknown } | undefined {
  const { invocationKwargs } = model as { invocationKwargs?: { cache_control?: unknown } }
  const mark = options['cache_control'] ?? invocationKwargs?.cache_control
  return typeof mark === 'object' && mark !== null ? mark : undefined
}

/** The chat model within a value and the call options bound to it; `undefined`: there is none. */
function unbind(value: unknown): { model: BaseChatModel; options: CandidateOptions } | undefined {
  if (isChatModel(value)) return { model: value, options: {} }
  if (typeof value !== 'object' || value === null || !RunnableBinding.isRunnableBinding(value)) return undefined
  const inner = unbind(value.bound)
  return inner && { model: inner.model, options: { ...inner.options, ...value.config, ...value.kwargs } }
}

/** What is known of a model: what the user says, over the catalog, over what the class says of itself. */
function cardOf(model: BaseChatModel, entry: z.output<typeof entrySchema>): ModelCard {
  const name = modelNameOf(model) ?? entry.id ?? model.getName()
  const provider = providerOf(model, familyOf(model))
  const card = describeModel(name, { provider, facts: entry.card, quality: entry.quality, otherwise: selfDescription(model) })
  // A class without `bindTools` cannot offer tools, whatever its provider can.
  if (typeof model.bindTools === 'function' || !card.capabilities.tools) return card
  return { ...card, capabilities: { ...card.capabilities, tools: false, forcedTool: false, parallelTools: false } }
}

/** What an integration's own profile says of a model that the catalog does not know. */
function selfDescription(model: BaseChatModel): ModelOverride {
  const {
    maxInputTokens,
    maxOutputTokens,
    imageInputs,
    pdfInputs,
    audioInputs,
    reasoningOutput,
    structuredOutput,
    toolChoice,
    toolCalling,
  } = model.profile
  const tools = toolCalling ?? typeof model.bindTools === 'function'
  return {
    ...(familyOf(model) !== undefined && { provider: providerOf(model, familyOf(model)) ?? 'custom' }),
    ...(maxInputTokens !== undefined && { contextTokens: maxInputTokens }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    capabilities: {
      tools,
      forcedTool: toolChoice ?? tools,
      parallelTools: tools,
      jsonSchema: structuredOutput ?? false,
      vision: imageInputs ?? false,
      pdf: pdfInputs ?? false,
      audio: audioInputs ?? false,
      reasoning: reasoningOutput ?? false,
    },
  }
}

function assertDistinct(candidates: readonly ChatCandidate[]): void {
  const seen = new Set<string>()
  for (const { id } of candidates) {
    if (seen.has(id)) {
      throw new RouterError(
        'duplicate_target',
        `RoutedChatModel: two models have the id "${id}". Give each an id: { model, id: 'a name' }.`,
      )
    }
    seen.add(id)
  }
}
