import type { ModelCard, NanoUsd, PricePeriod, PriceWindow, Rates, Usage } from './types.ts'

const DAY_MS = 86_400_000

/** Dollars of an amount in nano-dollars. */
export const toUsd = (nanoUsd: NanoUsd): number => nanoUsd / 1e9

/** Nano-dollars of an amount in dollars, rounded once. */
export const toNanoUsd = (usd: number): NanoUsd => Math.round(usd * 1e9)

/** Rates that hold for a prompt of this size at this instant; `undefined` when the price is not known. */
export function ratesAt(card: ModelCard, wallMs: number, inputTokens: number): Rates | undefined {
  const period = card.prices.findLast(candidate => holds(candidate, wallMs))
  if (period === undefined) return undefined
  let rates = period.rates
  for (const tier of period.tiers ?? []) {
    if (tier.inclusive ? inputTokens >= tier.thresholdTokens : inputTokens > tier.thresholdTokens) rates = tier.rates
  }
  return rates
}

/** Exact cost of a call; `undefined` when the model's price is not known. Rounded once, half up, to the nano-dollar. */
export function costOf(card: ModelCard, usage: Usage, wallMs: number): NanoUsd | undefined {
  const rates = ratesAt(card, wallMs, usage.inputTokens)
  if (rates === undefined) return undefined
  // A rate in USD per million tokens is, times a million, an integer of pico-dollars per token: the sum below is exact.
  let pico = 0
  const charge = (tokens: number, usdPerMillion: number) => {
    pico += tokens * Math.round(usdPerMillion * 1e6)
  }
  const read = Math.min(usage.cacheReadTokens, usage.inputTokens)
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - read)
  const audioIn = Math.min(usage.audioInputTokens ?? 0, usage.inputTokens - read - written)
  const audioOut = Math.min(usage.audioOutputTokens ?? 0, usage.outputTokens)
  charge(usage.inputTokens - read - written - audioIn, rates.input)
  charge(audioIn, rates.audioInput ?? rates.input)
  charge(read, rates.cacheRead ?? rates.input)
  let atDefaultTtl = written
  for (const [ttl, tokens] of Object.entries(usage.cacheWriteTokensByTtl ?? {})) {
    const rate = rates.cacheWriteByTtl?.[ttl]
    if (rate === undefined) continue
    const charged = Math.min(tokens, atDefaultTtl)
    charge(charged, rate)
    atDefaultTtl -= charged
  }
  charge(atDefaultTtl, rates.cacheWrite ?? rates.input)
  charge(usage.outputTokens - audioOut, rates.output)
  charge(audioOut, rates.audioOutput ?? rates.output)
  return Math.round((pico * multiplierOf(card, usage.serviceTier)) / 1000)
}

function multiplierOf(card: ModelCard, serviceTier: string | undefined): number {
  switch (serviceTier) {
    case 'batch':
    case 'flex':
    case 'priority':
    case 'fast':
      return card.multipliers?.[serviceTier] ?? 1
    default:
      return 1
  }
}

function holds(period: PricePeriod, wallMs: number): boolean {
  if (period.from !== undefined && wallMs < Date.parse(period.from)) return false
  if (period.to !== undefined && wallMs >= Date.parse(period.to)) return false
  return period.windows === undefined || period.windows.some(window => within(window, wallMs))
}

function within(window: PriceWindow, wallMs: number): boolean {
  if (window.from !== undefined && wallMs < Date.parse(window.from)) return false
  if (window.weekdays !== undefined && !window.weekdays.includes(weekdayIn(window.timeZone ?? 'UTC', wallMs))) return false
  const ofDay = ((wallMs % DAY_MS) + DAY_MS) % DAY_MS
  const from = clockTime(window.utc[0])
  const to = clockTime(window.utc[1])
  return from <= to ? ofDay >= from && ofDay < to : ofDay >= from || ofDay < to
}

const clockTime = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000

function weekdayIn(timeZone: string, wallMs: number): number {
  if (timeZone === 'UTC') return new Date(wallMs).getUTCDay()
  const name = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(wallMs)
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(name)
}
