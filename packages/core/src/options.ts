import * as z from 'zod'
import type { Clock, NewId, Random } from './clock.ts'
import { RouterError } from './errors.ts'
import type { Store } from './store.ts'
import type { Judge, Policy } from './types.ts'

/**
 * Checks options once, where they are given, and fills in the defaults.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function parseOptions<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new RouterError('invalid_option', `${where}: ${parsed.error.issues.map(issue => describeIssue(issue, value, schema)).join('; ')}`)
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): string {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(schema, path)
    const hint = allowed.length > 0 ? ` (allowed: ${allowed.join(', ')})` : ''
    return `unknown option ${issue.keys.map(key => `\`${[...path, key].join('.')}\``).join(', ')}${hint}`
  }
  const name = path.length > 0 ? `option \`${path.join('.')}\`` : 'the options'
  return `${name} is ${show(valueAt(value, path))}: ${issue.message}`
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = Reflect.get(current, key)
  }
  return current
}

function allowedKeys(schema: z.ZodType, path: readonly string[]): string[] {
  let current: unknown = schema
  for (const key of path)
    current = unwrap(current instanceof z.ZodRecord ? current.valueType : current instanceof z.ZodObject ? current.shape[key] : undefined)
  return current instanceof z.ZodObject ? Object.keys(current.shape) : []
}

function unwrap(schema: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return unwrap(schema.unwrap())
  if (schema instanceof z.ZodUnion) return schema.options.find(option => option instanceof z.ZodObject)
  return schema
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'bigint' || typeof value === 'symbol' || value === undefined) return String(value)
  try {
    const text = JSON.stringify(value) ?? typeof value
    return text.length > 80 ? `${text.slice(0, 79)}…` : text
  } catch {
    return typeof value
  }
}

const tags = z.array(z.string().min(1)).readonly()
// A class instance or closure is taken as it is: zod would copy or refuse it.
const instance = <Type>(verbs: readonly string[], what: string) =>
  z.custom<Type>(
    value => typeof value === 'object' && value !== null && verbs.every(verb => typeof Reflect.get(value, verb) === 'function'),
    `expected ${what}`,
  )
const fn = <Type>(what: string) => z.custom<Type>(value => typeof value === 'function', `expected ${what}`)

/** Share of first tokens that should have come before silence counts. Source: hedging at q92 costs least for its gain. */
export const SILENCE_QUANTILE = 0.92

/**
 * A trigger that comes more often than the budget allows would spend it on the first to be late, not on the latest. A fifth of the budget
 * is left for second hedges: with all of it on firsts, p99.9 doubles.
 */
export const silenceQuantileOf = (hedge: RoutingSettings['hedge']): number =>
  hedge === false ? SILENCE_QUANTILE : Math.min(0.999, Math.max(hedge.quantile, 1 - 0.8 * hedge.budget))

/** Hedging: when a target is silent for longer than it should be, the next one starts beside it. */
const hedgeOptions = z.strictObject({
  /** Milliseconds of silence before the next target starts. Default: learned per target, for this prompt size and cache state. */
  delayMs: z.number().min(0).optional(),
  /** Shortest silence that counts, where it is learned: a hedge sooner buys nothing that anybody notices. */
  minDelayMs: z.number().min(0).default(100),
  /** Share of first tokens that should have come before silence counts; never less than the budget leaves room for. */
  quantile: z.number().min(0.5).max(0.999).default(SILENCE_QUANTILE),
  /** Extra attempts per call for silence. The second is nearly free and takes the worst of the tail. */
  maxHedges: z.number().int().min(0).max(4).default(2),
  /** Share of calls that may be hedged; nothing is given in advance. */
  budget: z.number().min(0).max(1).default(0.05),
  /** Hedges that may be saved up while nothing is slow. */
  burst: z.number().min(1).max(1_000).default(10),
})

/** Asking a target again, when no other is left or waiting for it is cheaper. */
const retryOptions = z.strictObject({
  /** Times that one call may ask again. */
  maxRetries: z.number().int().min(0).max(10).default(2),
  /** First backoff after a breakdown, in milliseconds; it doubles, and a random share of it is waited. After a rate limit 20 times that. Source: AWS SDK. */
  baseDelayMs: z.number().positive().default(50),
  /** Longest wait, in milliseconds; a provider that asks for more is not asked again. */
  maxDelayMs: z.number().positive().default(20_000),
  /** Retries and hedges together, as a share of the answered calls. */
  budget: z.number().min(0).max(1).default(0.1),
  /** Retries and hedges that may be made at once when none were needed before. */
  burst: z.number().min(1).max(1_000).default(10),
})

/** Leaving a target alone that fails again and again. */
const breakerOptions = z.strictObject({
  /** Failures in a row that open it. */
  consecutive: z.number().int().min(1).default(5),
  /** Share of failures that opens it, and the calls that must have been made for a share to mean something. */
  ratio: z.number().positive().max(1).default(0.5),
  minCalls: z.number().int().min(1).default(20),
  /** Milliseconds that are looked back. */
  windowMs: z.number().positive().default(30_000),
  /** Milliseconds it stays open at first; doubled each time its probe fails, up to `maxOpenMs`. */
  openMs: z.number().positive().default(5_000),
  maxOpenMs: z.number().positive().default(60_000),
})

/** What is done for providers' prompt caches; each can be turned off by itself. */
const promptCacheOptions = z.strictObject({
  /** Sets the provider's routing key, where it has one and the caller has set none, so that requests with one prefix meet one machine. */
  keys: z.boolean().default(true),
  /** Sets cache markers where they pay, for providers that cache only what is marked and callers who have set none. */
  breakpoints: z.boolean().default(true),
  /** Lifetime of what is written: `auto` chooses by the pauses that conversations make, else the provider's name for one, such as `1h`. */
  lifetime: z.string().min(1).default('auto'),
  /** Puts tools and the keywords of their schemas in one order, so that the same tools are the same prefix. */
  sortTools: z.boolean().default(true),
  /** Brings prompts with one beginning to one of several equal targets. */
  placement: z.boolean().default(true),
  /** Weighs what leaving a warm cache costs over the calls that are expected to follow, not over the next one alone. */
  stay: z.boolean().default(true),
  /** Compares successive prompts of a conversation and tells, by the event `lint`, what breaks their common beginning. Keeps the last prompt of up to 100 conversations. */
  lint: z.boolean().default(false),
})

/** Time limits, in milliseconds. */
const timeoutOptions = z.strictObject({
  /** A streaming attempt without response headers for this long has failed. Default: none but `firstTokenMs`. */
  headersMs: z.number().positive().optional(),
  /** A streaming attempt without a first token for this long has failed. */
  firstTokenMs: z.number().positive().default(60_000),
  /** A stream that pauses for this long has broken off. */
  stallMs: z.number().positive().default(60_000),
  /** A judge that takes longer gives no verdict. */
  judgeMs: z.number().positive().default(60_000),
  /** The whole call, all attempts together. */
  totalMs: z.number().positive().default(600_000),
})

const releaseOptions = z.union([
  z.enum(['first-token', 'judged']),
  z.strictObject({ tokens: z.number().int().min(1).max(10_000) }),
  z.strictObject({ ms: z.number().positive() }),
])

/** Options that every adapter shares. */
export const routingShape = {
  /** Orders the candidates. Default: `cheapest({ quality: 0.8 })`. */
  policy: fn<Policy>('a policy, such as cheapest({ quality: 0.9 })').optional(),
  /** Ids or tags of the only targets to use. */
  allow: tags.optional(),
  /** Ids or tags of targets not to use. */
  deny: tags.optional(),
  /** Accepts or rejects an answer; a rejected one is escalated to the next better candidate of the plan. */
  judge: instance<Judge>(['judge'], 'a judge, such as sound() or validOutput()').optional(),
  /**
   * When an answer is passed on: at its first token, after so many tokens or milliseconds more, or when the judge has accepted all of it.
   * Until then it may be replaced without anybody noticing. Default: `'judged'` with a judge, else `'first-token'`.
   */
  release: releaseOptions.optional(),
  /** What a refusal or a provider's content filter is: the answer, or a reason to ask one other. */
  onRefusal: z.enum(['return', 'fallback']).default('return'),
  /** When an answer breaks off or stalls after part of it was passed on: an error, or another target goes on from there (text only). */
  onStall: z.enum(['fail', 'continue']).default('fail'),
  /** Hedging, or `false` for none. */
  hedge: z.union([z.literal(false), hedgeOptions]).prefault({}),
  /** Retries, or `false` for none. */
  retry: z.union([z.literal(false), retryOptions]).prefault({}),
  /** Circuit breaker, or `false` for none. */
  breaker: z.union([z.literal(false), breakerOptions]).prefault({}),
  /** Prompt-cache alignment, or `false` for none: prompts go out as the caller has made them. */
  promptCache: z.union([z.literal(false), promptCacheOptions]).prefault({}),
  /** What a second less of waiting is worth, in dollars: hedges must pay for themselves. $0.01 is $36 an hour. */
  valueOfTimeUsdPerSecond: z.number().min(0).default(0.01),
  timeouts: timeoutOptions.prefault({}),
  /** Shares cooldowns between instances. Default: this process only. */
  store: instance<Store>(['get', 'set', 'add', 'delete'], 'a store with get, set, add and delete').optional(),
  /** Source of time, for tests and simulations. */
  clock: instance<Clock>(['now', 'wall', 'after'], 'a clock with now, wall and after').optional(),
  /** Source of chance, for backoff; a number from 0 up to, not including, 1. */
  random: fn<Random>('a function that returns a number').optional(),
  /** Makes receipt ids. */
  newId: fn<NewId>('a function that returns a string').optional(),
}

export const routerOptions = z.strictObject({
  targets: z.array(z.custom<unknown>()).min(1, 'give at least one target'),
  dialect: instance<object>(['describe', 'prepare', 'read', 'failure'], 'a dialect with describe, prepare, read and failure'),
  ...routingShape,
})

/** Options as they hold, defaults filled in. */
export type RoutingSettings = z.output<z.ZodObject<typeof routingShape, z.core.$strict>>
/** Routing options as a user gives them. */
export type RoutingOptions = z.input<z.ZodObject<typeof routingShape, z.core.$strict>>
