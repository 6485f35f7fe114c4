import * as z from 'zod'

const usdPerMillionTokens = z.number().min(0)
const factor = z.number().min(0)
const share = z.number().min(0).max(1)
const tokens = z.number().int().positive()
const iso = z.union([z.iso.date(), z.iso.datetime({ offset: true })])
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 01:00')

const rates = z.strictObject({
  input: usdPerMillionTokens,
  output: usdPerMillionTokens,
  cacheRead: usdPerMillionTokens.exactOptional(),
  cacheWrite: usdPerMillionTokens.exactOptional(),
  cacheWriteByTtl: z.record(z.string(), usdPerMillionTokens).exactOptional(),
  audioInput: usdPerMillionTokens.exactOptional(),
  audioOutput: usdPerMillionTokens.exactOptional(),
  audioCacheRead: usdPerMillionTokens.exactOptional(),
})

const priceWindow = z.strictObject({
  utc: z.tuple([clockTime, clockTime]).readonly(),
  weekdays: z.array(z.number().int().min(0).max(6)).readonly().exactOptional(),
  timeZone: z.string().exactOptional(),
  from: iso.exactOptional(),
})

const pricePeriod = z.strictObject({
  from: iso.exactOptional(),
  to: iso.exactOptional(),
  windows: z.array(priceWindow).readonly().exactOptional(),
  rates,
  tiers: z
    .array(z.strictObject({ thresholdTokens: tokens, inclusive: z.boolean(), rates }))
    .readonly()
    .exactOptional(),
})

const multipliers = z.strictObject({
  batch: factor.exactOptional(),
  flex: factor.exactOptional(),
  priority: factor.exactOptional(),
  fast: factor.exactOptional(),
  residency: factor.exactOptional(),
})

const capabilities = z.strictObject({
  tools: z.boolean().exactOptional(),
  forcedTool: z.boolean().exactOptional(),
  parallelTools: z.boolean().exactOptional(),
  jsonSchema: z.boolean().exactOptional(),
  vision: z.boolean().exactOptional(),
  pdf: z.boolean().exactOptional(),
  audio: z.boolean().exactOptional(),
  streaming: z.boolean().exactOptional(),
  reasoning: z.boolean().exactOptional(),
  sampling: z.boolean().exactOptional(),
  logprobs: z.enum(['yes', 'without-reasoning', 'no']).exactOptional(),
})

const cache = z.strictObject({
  kind: z.enum(['none', 'auto-prefix', 'breakpoints', 'prefix-units', 'object']),
  minTokens: z.number().int().min(0),
  stepTokens: tokens.exactOptional(),
  maxWrites: z.number().int().positive().exactOptional(),
  implicitBreakpoint: z.boolean().exactOptional(),
  lookback: z.number().int().positive().exactOptional(),
  ttls: z.array(z.strictObject({ id: z.string().min(1), seconds: z.number().positive(), sliding: z.boolean() })).readonly(),
  key: z.strictObject({ via: z.string().min(1), softRequestsPerMinute: z.number().positive().exactOptional() }).exactOptional(),
  readableAfter: z.enum(['first-token', 'response-end', 'third-sighting']),
  scope: z.enum(['org', 'workspace', 'project', 'account', 'server']),
  guaranteed: z.boolean(),
  storageUsdPerMillionTokenHours: z.number().min(0).exactOptional(),
})

/** What can be changed of a known model; everything is optional. */
export const overrideSchema = z.strictObject({
  /** Who serves it. Default: `custom`, which any provider asked for matches. */
  provider: z.string().min(1).exactOptional(),
  /** Default: `openai-chat`. */
  wire: z.enum(['openai-chat', 'openai-responses', 'anthropic', 'gemini']).exactOptional(),
  /** Sets the priors of quality and speed. Default: `small`. */
  tier: z.enum(['small', 'mid', 'strong', 'frontier']).exactOptional(),
  /** USD per million input tokens; goes with `output`. */
  input: usdPerMillionTokens.exactOptional(),
  /** USD per million output tokens; goes with `input`. */
  output: usdPerMillionTokens.exactOptional(),
  /** USD per million input tokens read from the prompt cache. Default: `input`. */
  cacheRead: usdPerMillionTokens.exactOptional(),
  /** USD per million input tokens written to the prompt cache. Default: `input`. */
  cacheWrite: usdPerMillionTokens.exactOptional(),
  /** Prices with dates, daily windows and context tiers; instead of the flat rates above. */
  prices: z.array(pricePeriod).readonly().exactOptional(),
  multipliers: multipliers.exactOptional(),
  /** Window for input and output together. Default: 32,768. */
  contextTokens: tokens.exactOptional(),
  maxOutputTokens: tokens.exactOptional(),
  /** Tokens per token of `o200k` for the same text. Default: 1. */
  tokenFactor: z.number().positive().exactOptional(),
  /** Default: no prompt cache. */
  cache: cache.exactOptional(),
  /** Only what differs. Default: streaming and sampling, nothing else. */
  capabilities: capabilities.exactOptional(),
  /** Expected share of good answers, 0 to 1: one number for all tasks, or some tasks by name. Default: that of the tier. */
  quality: z.union([share, z.record(z.string(), share)]).exactOptional(),
  /** Default: that of the tier. */
  firstToken: z.strictObject({ baseMs: z.number().min(0), msPerInputToken: z.number().min(0) }).exactOptional(),
  /** Default: that of the tier. */
  outputTokensPerSecond: z.number().positive().exactOptional(),
  /** Default: `false`. */
  cancelStopsBilling: z.boolean().exactOptional(),
  /** Regular expression that tool-call ids must match. */
  toolIdPattern: z.string().exactOptional(),
  source: z.string().exactOptional(),
  verifiedAt: z.string().exactOptional(),
  inferred: z.string().exactOptional(),
})

/** A model of one's own, as given. */
export const definitionSchema = z.strictObject({
  /** The id the provider's API takes. */
  id: z.string().min(1),
  /** Id of the known model whose facts hold for all that is not given here. */
  like: z.string().min(1).exactOptional(),
  ...overrideSchema.shape,
})

/** A model of one's own: `like` a known one, or from its price alone. A `ModelCard` is one, too. */
export type ModelDefinition = z.input<typeof definitionSchema>
/** Facts to replace on a known model. */
export type ModelOverride = z.input<typeof overrideSchema>
