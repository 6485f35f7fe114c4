/** Billionths of a US dollar; always a safe integer (exact up to nine million dollars). */
export type NanoUsd = number

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

/** What is known of a target without calling it. */
export interface TargetFacts {
  id: string
  card: ModelCard
  /** Account or key it is billed to: prompt caches and rate limits are per account. Default: the provider. */
  account?: string
  /** Labels that `allow` and `deny` select by. */
  tags?: readonly string[]
  /** `false`: the target may end a stream without saying so. Default `true`: such an end is a failure. */
  terminalEvent?: boolean
}

/** One callable model endpoint. */
export interface Target<Call, Chunk> extends TargetFacts {
  open(call: Call, io: { signal: AbortSignal }): AsyncIterable<Chunk>
}

/** A step of the prompt, in prompt-cache order: the prefix up to and including it. */
export interface PrefixBlock {
  /** Rolling hash over tools → system → messages up to here. */
  hash: number
  /** Estimated `o200k` tokens of the whole prefix up to here. */
  tokens: number
}

/** What a call needs from a model. */
export interface Needs {
  tools: boolean
  forcedTool: boolean
  jsonSchema: boolean
  vision: boolean
  pdf: boolean
  audio: boolean
  streaming: boolean
  logprobs: boolean
}

/** A call as the core sees it: numbers and flags, never its text. */
export interface Features {
  /** Estimated `o200k` tokens of the prompt, media and framing included. */
  inputTokens: number
  /** The caller's own limit, when there is one. */
  maxOutputTokens: number | undefined
  needs: Needs
  prefix: readonly PrefixBlock[]
  task: Task
  /** Whose message came last: a conversation may change its model only at the start of a user's turn. */
  turn: 'user' | 'tool'
}

/** Tokens of one call as billed. `inputTokens` holds the cached and written ones, `outputTokens` the reasoning ones. */
export interface Usage {
  inputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  /** Of `cacheWriteTokens`, those written at another than the default lifetime. */
  cacheWriteTokensByTtl?: Readonly<Record<string, number>>
  outputTokens: number
  reasoningTokens: number
  /** Holds the cached ones. */
  audioInputTokens?: number
  audioOutputTokens?: number
  /** Of `cacheReadTokens`, those of audio. */
  audioCacheReadTokens?: number
  /** Service tier that the response names; prices may depend on it. */
  serviceTier?: string
  /** Served under data residency in one region, where the response says so. */
  residency?: boolean
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'error' | 'other'

/** What one chunk says. Fields that a chunk does not speak of are absent. */
export interface Reading {
  /** The chunk carries content: text, reasoning or part of a tool call. Role-only and empty chunks do not. */
  meaningful: boolean
  /** Characters of content, for an estimate where no usage is reported. */
  contentChars?: number
  /** Merged over earlier readings of the attempt, field by field. */
  usage?: Partial<Usage>
  /** Set by the terminal event only. */
  finish?: FinishReason
  /** Model that the provider says has answered. */
  model?: string
}

export type FailureKind =
  | 'auth'
  | 'permission'
  | 'not_found'
  | 'quota'
  | 'rate_limit'
  | 'overloaded'
  | 'timeout'
  | 'bad_request'
  | 'context_overflow'
  | 'content_filter'
  | 'server'
  | 'network'
  | 'truncated'
  | 'unknown'

/** A provider's failure, classified; the original is kept whole in `cause`. */
export interface Failure {
  kind: FailureKind
  message: string
  status?: number
  /** The provider's own code. */
  code?: string
  retryAfterMs?: number
  /** Window that a context-overflow message names. */
  limitTokens?: number
  cause: unknown
}

/** Speaks a framework's types for the core. */
export interface Dialect<Call, Chunk> {
  /** Describes a call: tokens, needs, prefix blocks, task. */
  describe(call: Call, context: CallContext): Features
  /** Makes the call valid for this target. */
  prepare(call: Call, target: Target<Call, Chunk>): Call
  /** Reads what a chunk says. */
  read(chunk: Chunk, target: Target<Call, Chunk>): Reading
  /** Classifies what a target threw. */
  failure(error: unknown, target: Target<Call, Chunk>): Failure
}

/** Who is calling. */
export interface CallContext {
  tenant?: string
  session?: string
  task?: Task
}

/** A target still possible for this call, with what is expected of it. */
export interface Candidate {
  id: string
  model: string
  provider: string
  tags: readonly string[]
  card: ModelCard
  /** Input tokens as this model would count them. */
  inputTokens: number
  /** Of those, expected to be read from the prompt cache. */
  cacheReadTokens: number
  /** Of those, expected to be written to the prompt cache. */
  cacheWriteTokens: number
  outputTokens: number
  /** `undefined`: the price is not known. */
  expectedCostNanoUsd: NanoUsd | undefined
  /** The same in dollars; `Infinity` when the price is not known, so that it sorts last. */
  expectedCostUsd: number
  expectedFirstTokenMs: number
  expectedQuality: number
}

/** Orders candidates, best first, and leaves out those that must not be called. A pure function. */
export type Policy = (candidates: readonly Candidate[], call: Features) => readonly Candidate[]

export type AttemptReason = 'first' | 'fallback' | 'hedge'

export type AttemptEnd =
  | { type: 'answered'; finish: FinishReason | undefined }
  | { type: 'failed'; failure: Failure }
  | { type: 'superseded' }
  | { type: 'aborted' }
  | { type: 'interrupted'; failure: Failure }

/** One attempt as it happened. */
export interface AttemptReceipt {
  target: string
  model: string
  reason: AttemptReason
  end: AttemptEnd
  /** Milliseconds after the call began. */
  startedMs: number
  /** From the start of the attempt; absent when no token came. */
  firstTokenMs?: number
  totalMs: number
  usage: Usage
  /** `provider`: the provider's own figures. `estimated`: ours, because none arrived. `none`: nothing was billed. */
  usageSource: 'provider' | 'estimated' | 'none'
  expectedCostNanoUsd: NanoUsd | undefined
  /** `undefined`: the price is not known. */
  costNanoUsd: NanoUsd | undefined
}

/** A target that was considered, and why it was left out. */
export interface Consideration {
  target: string
  model: string
  /** Place in the plan, from 1; absent when left out. */
  rank?: number
  /** Why it was left out. */
  excluded?: string
  expectedCostUsd?: number
  expectedFirstTokenMs?: number
  expectedQuality?: number
  inputTokens?: number
  cacheReadTokens?: number
  outputTokens?: number
}

/** What was considered, expected and done for one call, and what it cost. Plain data. */
export interface Receipt {
  id: string
  /** ISO 8601. */
  at: string
  task: Task
  tenant?: string
  session?: string
  /** Target that answered; absent when none did. */
  target?: string
  /** Model that answered. */
  model?: string
  considered: readonly Consideration[]
  attempts: readonly AttemptReceipt[]
  usage: Usage
  expectedCostUsd?: number
  /** All attempts together. */
  costNanoUsd: NanoUsd
  costUsd: number
  /** `true`: part of the cost is our estimate, or the price of an attempt is not known. */
  estimated: boolean
  firstTokenMs?: number
  totalMs: number
  /** Time the decision itself took. */
  decisionMs: number
}
