import { RouterError } from '../errors.ts'
import { ratesAt } from '../money/cost.ts'
import type { ModelCard, Rates } from '../types.ts'

/** A model's prices: its card, or rates in USD per million tokens. */
export type Prices = { card: ModelCard; wallMs: number } | { rates: Rates }

/** What it would be to replace the head of a conversation by a summary. Tokens are the model's own. */
export interface CompactionOffer {
  /** What stays before it: tools and system prompt. Default 0. */
  headTokens?: number | undefined
  /** What is replaced, what replaces it, and what stays after it. */
  replacedTokens: number
  summaryTokens: number
  tailTokens?: number | undefined
  /** Calls that are expected to follow in this conversation. */
  remainingCalls: number
  /** Tokens that each of them adds. Default 0. */
  tokensPerCall?: number | undefined
  /** Share of the calls that find their prefix in the cache. Default 1. */
  warmShare?: number | undefined
  /** Model that goes on with the conversation. */
  prices: Prices
  /** Model that writes the summary. Default: the same, which has the conversation in its cache. */
  summaryPrices?: Prices | undefined
}

/** Whether a summary pays for itself, and the sum behind it, in dollars. */
export interface Compaction {
  pays: boolean
  /** `savedUsd − summaryUsd − rewriteUsd`. */
  netUsd: number
  /** Writing the summary. */
  summaryUsd: number
  /** What stays after it is written to the cache again, and the summary with it, where the old prefix could have been read. */
  rewriteUsd: number
  /** What the shorter prompts of the remaining calls cost less. */
  savedUsd: number
  /** Calls after which it has paid for itself; absent where a thousand are too few. */
  breakEvenCalls?: number
}

/** Calls that are looked ahead. */
const MAX_CALLS = 1_000

/**
 * Whether it pays to replace the head of a conversation by a summary: what making it costs, and what is lost of the warm prefix, against
 * what the calls that are expected to follow cost less.
 * @throws RouterError `invalid_option`, or `price_unknown` for a card without a price.
 */
export function compactPays(offer: CompactionOffer): Compaction {
  const { headTokens = 0, replacedTokens, summaryTokens, tailTokens = 0, remainingCalls, tokensPerCall = 0, warmShare = 1 } = offer
  check({ headTokens, replacedTokens, summaryTokens, tailTokens, remainingCalls, tokensPerCall, warmShare })
  const ratesOf = createRates(offer.prices)
  const before = headTokens + replacedTokens + tailTokens
  const after = headTokens + summaryTokens + tailTokens

  const rewriteUsd = (() => {
    const { read, write } = ratesOf(after)
    return (warmShare * (write - read) * (summaryTokens + tailTokens)) / 1e6
  })()
  const summaryUsd = summaryCost(offer, headTokens + replacedTokens, summaryTokens, warmShare)
  let savedUsd = 0
  let sinceStart = 0
  let breakEvenCalls: number | undefined
  for (let call = 0; call < MAX_CALLS; call += 1) {
    const grown = call * tokensPerCall
    sinceStart += callCost(before + grown, tokensPerCall, ratesOf, warmShare) - callCost(after + grown, tokensPerCall, ratesOf, warmShare)
    if (call < remainingCalls) savedUsd = sinceStart
    if (breakEvenCalls === undefined && sinceStart > summaryUsd + rewriteUsd) breakEvenCalls = call + 1
    if (call + 1 >= remainingCalls && breakEvenCalls !== undefined) break
  }
  const netUsd = savedUsd - summaryUsd - rewriteUsd
  const sums = { pays: netUsd > 0, netUsd, summaryUsd, rewriteUsd, savedUsd }
  return breakEvenCalls === undefined ? sums : { ...sums, breakEvenCalls }
}

interface CallRates {
  input: number
  read: number
  write: number
  output: number
}

/** Prompt of one call: what was there before is read where it is warm, what is new is written. */
function callCost(tokens: number, added: number, ratesOf: (tokens: number) => CallRates, warmShare: number): number {
  const { read, write } = ratesOf(tokens)
  const old = Math.max(0, tokens - added)
  return (warmShare * (read * old + write * (tokens - old)) + (1 - warmShare) * write * tokens) / 1e6
}

function summaryCost({ prices, summaryPrices }: CompactionOffer, inputTokens: number, outputTokens: number, warmShare: number): number {
  const { input, read, output } = createRates(summaryPrices ?? prices)(inputTokens)
  const warm = summaryPrices === undefined ? warmShare : 0
  return (inputTokens * (warm * read + (1 - warm) * input) + outputTokens * output) / 1e6
}

/** Rates by the size of a prompt: past a context cliff all of it costs more. */
function createRates(prices: Prices): (tokens: number) => CallRates {
  return tokens => {
    const rates = 'rates' in prices ? prices.rates : ratesAt(prices.card, prices.wallMs, tokens)
    if (rates === undefined) {
      const id = 'card' in prices ? prices.card.id : ''
      throw new RouterError('price_unknown', `compactPays: the price of ${id} is not known: give \`rates\`.`)
    }
    const { input, output, cacheRead = input, cacheWrite = input } = rates
    return { input, read: cacheRead, write: cacheWrite, output }
  }
}

function check(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value) && (name !== 'warmShare' || value <= 1)) continue
    const allowed = name === 'warmShare' ? 'a share from 0 to 1' : 'a number that is not negative'
    throw new RouterError('invalid_option', `compactPays: \`${name}\` is ${String(value)}: give ${allowed}.`)
  }
}
