import type { ModelCard, PricePeriod, PriceTier, PriceWindow, Rates } from '../types.ts'

const DAY_MS = 86_400_000

/** Rates with every absent one filled in, in pico-dollars per token. */
export interface PicoRates {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  cacheWriteByTtl: Readonly<Record<string, number>>
  audioInput: number
  audioCacheRead: number
  audioOutput: number
}

/** Rates as the card gives them, and as they are charged. */
export interface PricedRates {
  listed: Rates
  pico: PicoRates
}

interface Tier {
  thresholdTokens: number
  inclusive: boolean
  rates: PricedRates
}

interface Period {
  fromMs: number
  toMs: number
  windows: readonly Window[] | undefined
  rates: PricedRates
  tiers: readonly Tier[]
}

interface Window {
  fromMs: number
  /** Milliseconds after midnight, UTC. */
  start: number
  end: number
  weekdays: readonly number[] | undefined
  weekday(wallMs: number): number
}

/** Dates are read and rates filled in once per card: every candidate of every call asks. Cards are not changed in place. */
const schedules = new WeakMap<ModelCard, readonly Period[]>()

/** Rates that hold for a prompt of this size at this instant; `undefined` when the price is not known. */
export function priced(card: ModelCard, wallMs: number, inputTokens: number): PricedRates | undefined {
  let periods = schedules.get(card)
  if (periods === undefined) schedules.set(card, (periods = card.prices.map(readPeriod)))
  let at = periods.length - 1
  while (at >= 0 && !holds(periods[at]!, wallMs)) at -= 1
  const period = periods[at]
  if (period === undefined) return undefined
  let { rates } = period
  for (const tier of period.tiers) {
    if (tier.inclusive ? inputTokens >= tier.thresholdTokens : inputTokens > tier.thresholdTokens) rates = tier.rates
  }
  return rates
}

function holds({ fromMs, toMs, windows }: Period, wallMs: number): boolean {
  if (wallMs < fromMs || wallMs >= toMs) return false
  return windows === undefined || windows.some(window => within(window, wallMs))
}

function within({ fromMs, start, end, weekdays, weekday }: Window, wallMs: number): boolean {
  if (wallMs < fromMs) return false
  const ofDay = ((wallMs % DAY_MS) + DAY_MS) % DAY_MS
  const inHours = start <= end ? ofDay >= start && ofDay < end : ofDay >= start || ofDay < end
  return inHours && (weekdays === undefined || weekdays.includes(weekday(wallMs)))
}

const readPeriod = ({ from, to, windows, rates, tiers = [] }: PricePeriod): Period => ({
  fromMs: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
  toMs: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
  windows: windows?.map(readWindow),
  rates: readRates(rates),
  tiers: tiers.map(readTier),
})

const readTier = ({ thresholdTokens, inclusive, rates }: PriceTier): Tier => ({ thresholdTokens, inclusive, rates: readRates(rates) })

const readWindow = ({ utc, weekdays, timeZone = 'UTC', from }: PriceWindow): Window => ({
  fromMs: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
  start: timeOfDay(utc[0]),
  end: timeOfDay(utc[1]),
  weekdays,
  weekday: weekdayIn(timeZone),
})

function readRates(listed: Rates): PricedRates {
  const input = picoPerToken(listed.input)
  const output = picoPerToken(listed.output)
  const or = (rate: number | undefined, otherwise: number) => (rate === undefined ? otherwise : picoPerToken(rate))
  const cacheRead = or(listed.cacheRead, input)
  const byTtl = Object.entries(listed.cacheWriteByTtl ?? {}).map(([ttl, rate]) => [ttl, picoPerToken(rate)] as const)
  const pico: PicoRates = {
    input,
    output,
    cacheRead,
    cacheWrite: or(listed.cacheWrite, input),
    cacheWriteByTtl: Object.fromEntries(byTtl),
    audioInput: or(listed.audioInput, input),
    audioCacheRead: or(listed.audioCacheRead, cacheRead),
    audioOutput: or(listed.audioOutput, output),
  }
  return { listed, pico }
}

// A list price in USD per million tokens is, times a million, a whole number of pico-dollars per token: sums of it are exact
// up to $9,007 a call. Resellers also quote rates such as 1/12, which a double holds to well under a nano-dollar a call.
function picoPerToken(usdPerMillion: number): number {
  const pico = usdPerMillion * 1e6
  const whole = Math.round(pico)
  return Math.abs(pico - whole) < 1e-6 ? whole : pico
}

const timeOfDay = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000

/** Sunday is 0. */
function weekdayIn(timeZone: string): (wallMs: number) => number {
  if (timeZone === 'UTC') return wallMs => new Date(wallMs).getUTCDay()
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' })
  return wallMs => ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(format.format(wallMs))
}
