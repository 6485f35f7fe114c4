import type { Failure } from './failure.ts'
import type { Task } from './model-card.ts'

/** A part of a message that is not text. A size that is not known gets a default. */
export type Media =
  | { kind: 'image'; width?: number; height?: number; detail?: 'low' | 'high' | 'auto'; reference: string }
  | { kind: 'pdf'; pages?: number; reference: string }
  | { kind: 'audio'; seconds?: number; reference: string }

/** A message or a tool as the core sees it. */
export interface Block {
  role: 'tools' | 'system' | 'user' | 'assistant' | 'tool'
  /** Text in the order the model reads it; of a tool its name, description and JSON Schema. */
  texts: readonly string[]
  media?: readonly Media[]
  toolCalls?: readonly { name: string; arguments: string }[]
  /** The caller has set a cache marker in it. */
  marked?: boolean
}

/** A step of the prompt, in prompt-cache order: the prefix up to and including it. */
export interface PrefixBlock {
  /** Rolling hash over tools → system → messages up to here. */
  hash: number
  /** Hash of this step alone. */
  digest: number
  /** Estimated `o200k` tokens of the whole prefix up to here. */
  tokens: number
  /** Blocks of content up to here, about as providers count them where a read looks back over so many. */
  parts: number
  /** `tools` holds all tools, and the answer's schema with them. */
  role: 'tools' | 'system' | 'user' | 'assistant' | 'tool'
  /** The caller has set a cache marker in it. */
  marked: boolean
}

/** How a prompt is presented to the prompt cache of one provider; carried out by the dialect. What the caller has set stays. */
export interface CachePlan {
  /** Key by which the provider brings requests with one prefix to one machine. */
  readonly key?: string
  /** Where markers are set: at the end of the tools, or of a message, counted from 0; oldest first. */
  readonly breakpoints: readonly CacheBreakpoint[]
  /** Id of the lifetime that is asked for, where the provider takes one for the whole prompt. */
  readonly ttl?: string
}

export interface CacheBreakpoint {
  readonly after: 'tools' | number
  /** Id of the lifetime; absent: the provider's default. */
  readonly ttl?: string
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
  /** The caller's own routing key of the provider's prompt cache. */
  cacheKey?: string | undefined
  /** Who asks, as far as it is known. Set by the router. */
  caller?: CallContext
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

/** A piece of a tool call; pieces with one `index` belong to one call, and their arguments follow one another. */
export interface ToolCallPart {
  index: number
  name?: string
  /** Part of the arguments' JSON. */
  arguments?: string
}

/** How sure a model was of a token it has chosen, as natural logarithms. */
export interface TokenLogprob {
  token: string
  logprob: number
  /** The likeliest tokens at this place, where the provider names them. */
  top?: readonly { token: string; logprob: number }[]
}

/** What one chunk says. Fields that a chunk does not speak of are absent. */
export interface Reading {
  /** The chunk carries content: text, reasoning or part of a tool call. Role-only and empty chunks do not. */
  meaningful: boolean
  /** Characters of content, for an estimate where no usage is reported. */
  contentChars?: number
  /** Text of the answer: no reasoning, no tool calls. */
  text?: string
  toolCalls?: readonly ToolCallPart[]
  logprobs?: readonly TokenLogprob[]
  /** In place of the four above: what the chunk says, for whoever asks. Most answers are passed on without a look at their words. */
  later?: LaterReading
  /** Merged over earlier readings of the attempt, field by field. */
  usage?: Partial<Usage>
  /** Set by the terminal event only. */
  finish?: FinishReason
  /** The provider says that it has failed. An answer that is being passed on may still say how it ends; any other is over. */
  failure?: Failure
  /** Model that the provider says has answered. */
  model?: string
}

/** Content of a chunk that is read when a judge, an error or an estimate needs it. */
export interface LaterReading {
  /** About as many characters are kept until then. */
  characters: number
  read(): readonly Pick<Reading, 'contentChars' | 'text' | 'toolCalls' | 'logprobs'>[]
}

/** Who is calling. */
export interface CallContext {
  tenant?: string
  session?: string
  task?: Task
}
