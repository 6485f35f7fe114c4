import { headerOf } from '../failure/header.ts'
import type { ResponseHeaders } from '../types.ts'

/** One limit as a response tells of it. Both wires let it refill evenly: from `remaining` to `limit` in `resetMs`. */
export interface RateLimit {
  /** What may be used when nothing was used; absent where the provider does not say. */
  limit?: number
  remaining: number
  /** Milliseconds until it is full again. */
  resetMs: number
}

/** Limits on the requests and on the input tokens of one target. */
export interface RateLimits {
  requests?: RateLimit
  tokens?: RateLimit
}

/** Longer values are not numbers, dates or durations. */
const MAX_CHARS = 40
/** Limits are per minute or per day; whatever is further away is not a time until then. */
const MAX_RESET_MS = 86_400_000

type ReadReset = (value: string, nowMs: number) => number
/** The headers of one limit. */
type Names = readonly [limit: string, remaining: string, reset: string]

const openai = (what: string): Names => [`x-ratelimit-limit-${what}`, `x-ratelimit-remaining-${what}`, `x-ratelimit-reset-${what}`]
const anthropic = (what: string): Names => [
  `anthropic-ratelimit-${what}-limit`,
  `anthropic-ratelimit-${what}-remaining`,
  `anthropic-ratelimit-${what}-reset`,
]
const OPENAI_REQUESTS = openai('requests')
const OPENAI_TOKENS = openai('tokens')
const ANTHROPIC_REQUESTS = anthropic('requests')
const ANTHROPIC_INPUT_TOKENS = anthropic('input-tokens')
const ANTHROPIC_TOKENS = anthropic('tokens')
const SHORTEST_NAME = 'x-ratelimit-reset-tokens'.length

/**
 * The limits that response headers tell of, on OpenAI's wire (Groq's too) and Anthropic's; `undefined` where they tell of none.
 * A limit whose figures cannot be read counts as not told. `wallMs` is the time now where the provider gives no `date`.
 */
export function readRateLimits(headers: ResponseHeaders, wallMs: number): RateLimits | undefined {
  if (!mayTell(headers)) return undefined
  const nowMs = Date.parse(shortHeader(headers, 'date') ?? '') || wallMs
  const read = (names: Names, readReset: ReadReset) => readRateLimit(headers, names, readReset, nowMs)
  const requests = read(OPENAI_REQUESTS, durationMs) ?? read(ANTHROPIC_REQUESTS, msUntil)
  // Of Anthropic's token limits the one on input is the one that a prompt can be held against.
  const tokens = read(OPENAI_TOKENS, durationMs) ?? read(ANTHROPIC_INPUT_TOKENS, msUntil) ?? read(ANTHROPIC_TOKENS, msUntil)
  if (requests === undefined && tokens === undefined) return undefined
  return { ...(requests && { requests }), ...(tokens && { tokens }) }
}

/** This is asked of every response: no header is as long as the shortest name of a limit. */
function mayTell(headers: ResponseHeaders): boolean {
  if (typeof headers.get === 'function') return true
  for (const name in headers) if (name.length >= SHORTEST_NAME) return true
  return false
}

function readRateLimit(headers: ResponseHeaders, names: Names, readReset: ReadReset, nowMs: number): RateLimit | undefined {
  const remaining = amount(shortHeader(headers, names[1]))
  if (remaining === undefined) return undefined
  const limit = amount(shortHeader(headers, names[0]))
  const resetMs = readReset(shortHeader(headers, names[2]) ?? '', nowMs)
  // NaN, from a reset that cannot be read, fails the comparison too.
  if (!(resetMs <= MAX_RESET_MS)) return undefined
  return { ...(limit !== undefined && { limit }), remaining, resetMs }
}

function shortHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headerOf(headers, name)
  return value === undefined || value.length > MAX_CHARS ? undefined : value
}

function amount(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : undefined
}

/** RFC 3339, as Anthropic writes it. */
function msUntil(value: string, nowMs: number): number {
  return Math.max(0, Date.parse(value) - nowMs)
}

const MS_PER: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A duration as Go prints it, and as OpenAI and Groq do: `6m0s`, `120ms`, `2m59.56s`. NaN for anything else. */
function durationMs(value: string): number {
  const part = /(\d{1,9}(?:\.\d{1,9})?)(ms|[smhd])/y
  let total = 0
  do {
    const [, figure, unit] = part.exec(value) ?? []
    if (unit === undefined) return Number.NaN
    total += Number(figure) * MS_PER[unit]!
  } while (part.lastIndex < value.length)
  return total
}
