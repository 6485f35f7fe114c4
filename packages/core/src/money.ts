import type { ModelCard, NanoUsd, PriceMultipliers, PricePeriod, PriceWindow, Rates, Usage } from './types.ts'

const DAY_MS = 86_400_000

/** Dollars of an amount in nano-dollars. */
export const toUsd = (nanoUsd: NanoUsd): number => nanoUsd / 1e9

/** Nano-dollars of an amount in dollars, rounded once. */
export const toNanoUsd = (usd: number): NanoUsd => Math.round(usd * 1e9)

/** Rates that hold for a prompt of this size at this instant; `undefined` when the price is not known. */
export function ratesAt({ prices }: ModelCard, wallMs: number, inputTokens: number): Rates | undefined {
  let at = prices.length - 1
  while (at >= 0 && !holds(prices[at]!, wallMs)) at -= 1
  const period = prices[at]
  if (period?.tiers === undefined) return period?.rates
  let { rates } = period
  for (const tier of period.tiers) {
    if (tier.inclusive ? inputTokens >= tier.thresholdTokens : inputTokens > tier.thresholdTokens) rates = tier.rates
  }
  return rates
}

/**
 * Exact cost of a call; `undefined` when the model's price is not known. Rounded once, half up, to the nano-dollar.
 * Counts that contradict each other are read so that no token is charged twice: cached first, then written, then audio.
 */
export function costOf(card: ModelCard, usage: Usage, wallMs: number): NanoUsd | undefined {
  const rates = ratesAt(card, wallMs, usage.inputTokens)
  if (rates === undefined) return undefined
  const read = Math.min(usage.cacheReadTokens, usage.inputTokens)
  const written = Math.min(usage.cacheWriteTokens, usage.inputTokens - read)
  const audioRead = Math.min(usage.audioCacheReadTokens ?? 0, read)
  const audioIn = Math.min(Math.max(0, (usage.audioInputTokens ?? 0) - audioRead), usage.inputTokens - read - written)
  const audioOut = Math.min(usage.audioOutputTokens ?? 0, usage.outputTokens)
  const cacheRead = rates.cacheRead ?? rates.input
  let pico =
    (usage.inputTokens - read - written - audioIn) * picoPerToken(rates.input) +
    audioIn * picoPerToken(rates.audioInput ?? rates.input) +
    (read - audioRead) * picoPerToken(cacheRead) +
    audioRead * picoPerToken(rates.audioCacheRead ?? cacheRead) +
    (usage.outputTokens - audioOut) * picoPerToken(rates.output) +
    audioOut * picoPerToken(rates.audioOutput ?? rates.output)
  let atDefaultTtl = written
  if (usage.cacheWriteTokensByTtl !== undefined) {
    for (const [ttl, tokens] of Object.entries(usage.cacheWriteTokensByTtl)) {
      const rate = rates.cacheWriteByTtl?.[ttl]
      if (rate === undefined) continue
      const charged = Math.min(tokens, atDefaultTtl)
      pico += charged * picoPerToken(rate)
      atDefaultTtl -= charged
    }
  }
  pico += atDefaultTtl * picoPerToken(rates.cacheWrite ?? rates.input)
  const plain = usage.serviceTier === undefined && usage.residency !== true
  return plain ? Math.round(pico / 1_000) : toNano(pico, multipliersOf(card, usage))
}

// A list price in USD per million tokens is, times a million, a whole number of pico-dollars per token: sums of it are exact
// up to $9,007 a call. Resellers also quote rates such as 1/12, which a double holds to well under a nano-dollar a call.
function picoPerToken(usdPerMillion: number): number {
  const pico = usdPerMillion * 1e6
  const whole = Math.round(pico)
  return Math.abs(pico - whole) < 1e-6 ? whole : pico
}

function toNano(pico: number, multipliers: readonly number[]): NanoUsd {
  // 1.1 and 5/3 are no doubles: as fractions they keep the sum exact.
  let numerator = BigInt(Math.round(pico))
  let denominator = 1_000n
  for (const multiplier of multipliers) {
    const [over, under] = fractionOf(multiplier)
    numerator *= over
    denominator *= under
  }
  return Number((2n * numerator + denominator) / (2n * denominator))
}

function fractionOf(value: number): readonly [numerator: bigint, denominator: bigint] {
  for (let under = 1; under < 1_000; under += 1) {
    const over = Math.round(value * under)
    if (Math.abs(over - value * under) < 1e-9) return [BigInt(over), BigInt(under)]
  }
  return [BigInt(Math.round(value * 1e9)), 1_000_000_000n]
}

function multipliersOf({ multipliers }: ModelCard, { serviceTier, residency }: Usage): number[] {
  if (multipliers === undefined) return []
  return [tierMultiplier(multipliers, serviceTier), residency === true ? multipliers.residency : undefined].filter(
    factor => factor !== undefined,
  )
}

function tierMultiplier(multipliers: PriceMultipliers, serviceTier: string | undefined): number | undefined {
  switch (serviceTier) {
    case 'batch':
    case 'flex':
    case 'priority':
    case 'fast':
      return multipliers[serviceTier]
    default:
      return undefined
  }
}

function holds(period: PricePeriod, wallMs: number): boolean {
  if (period.from !== undefined && wallMs < instant(period.from)) return false
  if (period.to !== undefined && wallMs >= instant(period.to)) return false
  return period.windows === undefined || period.windows.some(window => within(window, wallMs))
}

function within(window: PriceWindow, wallMs: number): boolean {
  if (window.from !== undefined && wallMs < instant(window.from)) return false
  const ofDay = ((wallMs % DAY_MS) + DAY_MS) % DAY_MS
  const from = clockTime(window.utc[0])
  const to = clockTime(window.utc[1])
  const inHours = from <= to ? ofDay >= from && ofDay < to : ofDay >= from || ofDay < to
  return inHours && (window.weekdays === undefined || window.weekdays.includes(weekdayIn(window.timeZone ?? 'UTC', wallMs)))
}

const clockTime = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000

// Price tables hold few dates and zones, and every candidate of every call asks for them.
const instants = new Map<string, number>()
const weekdayFormats = new Map<string, Intl.DateTimeFormat>()

function instant(iso: string): number {
  let ms = instants.get(iso)
  if (ms === undefined) instants.set(iso, (ms = Date.parse(iso)))
  return ms
}

function weekdayIn(timeZone: string, wallMs: number): number {
  if (timeZone === 'UTC') return new Date(wallMs).getUTCDay()
  let format = weekdayFormats.get(timeZone)
  if (format === undefined) weekdayFormats.set(timeZone, (format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' })))
  return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(format.format(wallMs))
}
