import { defineModel, findModel, type ModelOverride } from '@routewise/catalog'
import { type ModelCard, ratesAt } from '@routewise/core'
import { InputError } from '../input/input-error.ts'
import type { Scan, ScannedModel } from '../input/scan.ts'
import type { Price } from '../input/solve-price.ts'

/** A model of recorded rows, ready to be replayed. */
export interface RecordedModel {
  card: ModelCard
  /** Expected dollars of one call with the tokens that were recorded. */
  usdPerCall: number
  /** Where its price is from, in words. */
  priceFrom: string
}

export interface RecordedModelOptions {
  /** Ids that the user has named; absent: a pool is put together. */
  models?: readonly string[] | undefined
  /** Prices that the user has given, by model id. */
  prices: ReadonlyMap<string, Price>
  wallMs: number
}

/** Share of the rows in which a model must have an outcome to be taken without being named. */
const MOSTLY_PRESENT = 0.95
/** Where no tokens were recorded, models are compared by a call of this size. */
const USUAL_TOKENS = { input: 500, output: 300 }
/** Recorded answers are there for every row, so no window and no limit may stand in their way. */
const REPLAY: ModelOverride = {
  contextTokens: 10_000_000,
  maxOutputTokens: 10_000_000,
  capabilities: { tools: true, forcedTool: true, parallelTools: true, jsonSchema: true, vision: true, streaming: true },
}

/**
 * The models of recorded rows that have a price, dearest first: as the user gives it, else the catalog's for exactly this id, else as
 * solved from the rows' own costs. Where fewer than two are left, those that the catalog knows by likeness are added, and say so.
 * @throws InputError if a named model has no outcome or no price, or if fewer than two models are left.
 */
export function recordedModels(scan: Scan, options: RecordedModelOptions): RecordedModel[] {
  const { models: named, prices } = options
  const byId = new Map(scan.models.map(model => [model.id, model]))
  for (const id of [...(named ?? []), ...prices.keys()]) {
    if (!byId.has(id))
      throw new InputError(`No row has an outcome of "${id}". The rows have: ${namesOf(scan.models.map(model => model.id))}`)
  }
  const asked =
    named === undefined ? scan.models.filter(({ rows }) => rows >= MOSTLY_PRESENT * scan.rows) : named.flatMap(id => byId.get(id) ?? [])
  const certain = asked.flatMap(model => priced(model, options, false) ?? [])
  const priceless = asked.filter(({ id }) => !certain.some(({ card }) => card.id === id))
  const alike = named !== undefined || certain.length < 2 ? priceless.flatMap(model => priced(model, options, true) ?? []) : []
  const found = [...certain, ...alike].toSorted((a, b) => b.usdPerCall - a.usdPerCall)
  const missing = asked.filter(({ id }) => !found.some(({ card }) => card.id === id)).map(({ id }) => id)
  if ((named !== undefined && missing.length > 0) || found.length < 2) throw noPrice(missing, named !== undefined)
  return found
}

function noPrice(missing: readonly string[], named: boolean): InputError {
  const [example = 'my-model'] = missing
  const what = named
    ? `No price is known for ${namesOf(missing)}.`
    : `Fewer than two models have a known price${missing.length > 0 ? `; none is known for ${namesOf(missing)}` : ''}.`
  return new InputError(`${what}\nGive USD per million tokens, input and output: --price "${example}=0.5,1.5"`)
}

const LISTED = 12
const namesOf = (ids: readonly string[]): string =>
  ids.length <= LISTED ? ids.join(', ') : `${ids.slice(0, LISTED).join(', ')} and ${ids.length - LISTED} more`

function priced(model: ScannedModel, { prices, wallMs }: RecordedModelOptions, likeness: boolean): RecordedModel | undefined {
  const { id } = model
  const known = findModel(id)
  const card = (facts: Partial<Price>, base: ModelCard | undefined) => replayCard(id, facts, base)
  const done = (made: ModelCard, priceFrom: string) => ({ card: made, usdPerCall: usdPerCall(made, model, wallMs), priceFrom })
  const given = prices.get(id)
  if (given !== undefined) return done(card(given, undefined), '--price')
  if (known !== undefined && known.inferred === undefined && known.prices.length > 0) return done(card({}, known), 'catalog')
  const solved = model.solver.solve()
  if (solved !== undefined) return done(card(solved, undefined), "the rows' own costs")
  if (likeness && known !== undefined && known.prices.length > 0) return done(card({}, known), `${known.inferred}, which it is like`)
  return undefined
}

function usdPerCall(card: ModelCard, { inputTokens, outputTokens }: ScannedModel, wallMs: number): number {
  const input = inputTokens ?? USUAL_TOKENS.input
  const rates = ratesAt(card, wallMs, input)
  return rates === undefined ? 0 : (input * rates.input + (outputTokens ?? USUAL_TOKENS.output) * rates.output) / 1e6
}

/** The card to replay a model with: on the wire of its maker, where that is one of the simulated, else as a host of open models. */
function replayCard(id: string, price: Partial<Price>, known: ModelCard | undefined): ModelCard {
  const { provider, wire } = hostOf(id)
  const base = known === undefined ? {} : { prices: known.prices, cache: known.cache, tokenFactor: known.tokenFactor }
  return defineModel({ id, tier: 'mid', ...REPLAY, ...base, ...price, provider, wire, cancelStopsBilling: true })
}

const HOSTS: readonly [RegExp, string, ModelCard['wire']][] = [
  [/claude/i, 'anthropic', 'anthropic'],
  [/gemini/i, 'google', 'gemini'],
  [/gpt-(?!oss)|^o\d|chatgpt/i, 'openai', 'openai-chat'],
  [/deepseek/i, 'deepseek', 'openai-chat'],
]

function hostOf(id: string): Pick<ModelCard, 'provider' | 'wire'> {
  const [, provider = 'groq', wire = 'openai-chat'] = HOSTS.find(([pattern]) => pattern.test(id)) ?? []
  return { provider, wire }
}
