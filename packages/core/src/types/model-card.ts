/** What kind of work a call is. A task of the user's own is any other string. */
export type Task =
  | 'chat'
  | 'code'
  | 'extraction'
  | 'classification'
  | 'summarization'
  | 'translation'
  | 'reasoning'
  | 'writing'
  | 'agent'
  | (string & {})

/** USD per million tokens. A rate that is absent is charged as `input` (for input kinds) or `output` (for output kinds). */
export interface Rates {
  input: number
  output: number
  /** Input tokens read from the provider's prompt cache. */
  cacheRead?: number
  /** Input tokens written to the prompt cache at the provider's default lifetime. */
  cacheWrite?: number
  /** Write rates of other lifetimes, by the id of the lifetime (`'1h'`, `'12h'`). */
  cacheWriteByTtl?: Readonly<Record<string, number>>
  audioInput?: number
  audioOutput?: number
  /** Audio tokens read from the prompt cache. Default: `cacheRead`. */
  audioCacheRead?: number
}

/** A context tier is a cliff: once the prompt is past it, the whole request is charged at the tier's rates. */
export interface PriceTier {
  /** Input tokens at the edge. */
  thresholdTokens: number
  /** `true`: a prompt of exactly `thresholdTokens` is already in the tier. */
  inclusive: boolean
  rates: Rates
}

/** Hours of the day in which a price holds. */
export interface PriceWindow {
  /** `['01:00', '04:00']` in UTC; the end is exclusive. */
  utc: readonly [from: string, to: string]
  /** Days on which the window holds, Sunday is 0. Default: every day. */
  weekdays?: readonly number[]
  /** Zone in which `weekdays` are counted. Default: UTC. */
  timeZone?: string
  /** First instant from which `weekdays` and the window apply, ISO 8601. */
  from?: string
}

/** Prices that hold in a period; of several that apply, the last one listed wins. */
export interface PricePeriod {
  /** ISO 8601 instant or date, inclusive. Default: always. */
  from?: string
  /** ISO 8601 instant or date, exclusive. Default: for ever. */
  to?: string
  /** If given, the period holds only in these windows. */
  windows?: readonly PriceWindow[]
  rates: Rates
  tiers?: readonly PriceTier[]
}

/** Factors on the whole bill, by the service tier the *response* names. They compose multiplicatively. */
export interface PriceMultipliers {
  batch?: number
  flex?: number
  priority?: number
  fast?: number
  /** Data residency in one region. */
  residency?: number
}

/** How long a prompt-cache entry lives, and what it costs is in `Rates`. */
export interface CacheTtl {
  id: '5m' | '30m' | '1h' | '2h' | '12h' | '24h' | (string & {})
  seconds: number
  /** A hit starts the lifetime anew. */
  sliding: boolean
}

/** The rule of a provider's prompt cache. */
export interface CacheRule {
  /**
   * `auto-prefix`: every prompt is matched by its longest known prefix. `breakpoints`: only what ends at a marker is written.
   * `prefix-units`: a request hits only if it fully matches a stored unit. `object`: created by an API call.
   */
  kind: 'none' | 'auto-prefix' | 'breakpoints' | 'prefix-units' | 'object'
  /** Shorter prefixes are silently not cached. */
  minTokens: number
  /** Cached length is rounded down to a multiple of this. Default 1. */
  stepTokens?: number
  maxWrites?: number
  /** With `breakpoints`: the provider itself sets one at the end of the latest message, so callers need to place none. Default `false`. */
  implicitBreakpoint?: boolean
  /** Breakpoints or blocks that a read walks back. */
  lookback?: number
  ttls: readonly CacheTtl[]
  /** How a caller steers requests with one prefix to one machine. */
  key?: { via: string; softRequestsPerMinute?: number }
  /** When a new entry can first be read. */
  readableAfter: 'first-token' | 'response-end' | 'third-sighting'
  scope: 'org' | 'workspace' | 'project' | 'account' | 'server'
  /** `false`: the provider promises nothing and may evict at any time. */
  guaranteed: boolean
  /** The provider also keeps prefixes that are handed to it by an API call, at this price for a million tokens and an hour. */
  storageUsdPerMillionTokenHours?: number
}

/** What a model can take and give. */
export interface Capabilities {
  tools: boolean
  /** `tool_choice` can name a tool or demand one. */
  forcedTool: boolean
  parallelTools: boolean
  /** Output held to a JSON Schema by the provider itself. */
  jsonSchema: boolean
  vision: boolean
  pdf: boolean
  audio: boolean
  streaming: boolean
  reasoning: boolean
  /** `temperature`, `top_p` and the like are accepted. */
  sampling: boolean
  logprobs: 'yes' | 'without-reasoning' | 'no'
}

export type Wire = 'openai-chat' | 'openai-responses' | 'anthropic' | 'gemini'

/** Facts about one model, as its provider documents them. */
export interface ModelCard {
  /** The id the provider's API takes. */
  id: string
  provider: string
  wire: Wire
  /** Window for input and output together, in the model's own tokens. */
  contextTokens: number
  maxOutputTokens?: number
  /** Tokens of this model per token of `o200k` for the same text. */
  tokenFactor: number
  /** Empty: the price is not known, and money rules refuse the model. */
  prices: readonly PricePeriod[]
  multipliers?: PriceMultipliers
  cache: CacheRule
  capabilities: Capabilities
  /** Expected share of good answers, 0 to 1, by task; `default` serves the rest. A prior, meant to be set by the user. */
  quality: Readonly<{ default: number } & Record<string, number>>
  /** First token expected before anything was measured: `baseMs + msPerInputToken × uncached input tokens`. */
  firstToken: { baseMs: number; msPerInputToken: number }
  outputTokensPerSecond: number
  /** Closing the connection stops generation and billing. */
  cancelStopsBilling: boolean
  /** Regular expression that tool-call ids must match, as the provider documents it. */
  toolIdPattern?: string
  /** Where the facts come from. */
  source: string
  /** Day on which they were checked, `YYYY-MM-DD`. */
  verifiedAt: string
  /** Id of the known model these facts were borrowed from; absent when the model itself is known. */
  inferred?: string
}
