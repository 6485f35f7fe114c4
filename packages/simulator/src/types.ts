import type { FinishReason, ModelCard, Usage } from '@routewise/core'

/**
 * The wall between wires and engine.
 *
 * A wire reads requests and writes answers, usage and errors in one API's exact shape. What it must remember between requests
 * (a stored response, an uploaded file) goes to the `ServerStore` it is given.
 * The engine decides what is answered, when, what the prompt cache held, and what it cost. It never sees a wire's JSON.
 */

export type JsonSchema = Readonly<Record<string, unknown>> | boolean

/** A request as it came over the socket. */
export interface HttpRequest {
  method: string
  /** Path without the query, as sent: `/v1/chat/completions`. */
  path: string
  query: URLSearchParams
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Parsed JSON; `undefined` when there was none. */
  body: unknown
}

export interface HttpReply {
  status: number
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  body: unknown
  /** Work to be billed, where the operation is not free. */
  billed?: { model: string; usage: Usage; storageUsd?: number }
}

/** A cache marker: what ends at this block may be written to the prompt cache. */
export interface CacheMarker {
  /** Lifetime asked for, by the id that the model card gives it. Default: the provider's default lifetime. */
  ttl?: string
}

/** A piece of the prompt. Text is what the model reads: equal prompts must give equal texts, whatever the order of JSON keys around them. */
export interface PromptBlock {
  section: 'tools' | 'system' | 'messages'
  role: 'system' | 'user' | 'assistant' | 'tool'
  /** Text, or canonical JSON of what is not text (a tool's definition, a tool call with its arguments). */
  text: string
  /** Tokens that are not text: an image, a document, the framing of a message. Counted in `o200k`, like the text. */
  extraTokens?: number
  /** What tells this block from another of equal text and costs no tokens: the digest of an image, settings that void the cache from here on. */
  identity?: string
  cache?: CacheMarker
}

/** A tool that the caller offers. */
export interface SimTool {
  name: string
  /** JSON Schema of its arguments. */
  schema: JsonSchema
}

export type ToolChoice = { type: 'auto' } | { type: 'none' } | { type: 'required' } | { type: 'tool'; name: string }

/** A call to a model, free of its wire. */
export interface SimRequest {
  model: string
  /** The API key, which is the account: prompt caches and rate limits are its own. */
  apiKey: string
  /** The prompt in prompt-cache order: tools, then system, then messages. One message may be several blocks. */
  blocks: readonly PromptBlock[]
  /** Text of the last message of the user: what recordings are found by. */
  prompt: string
  /** Whose message came last. After a tool's result the model answers in text. */
  turn: 'user' | 'tool'
  stream: boolean
  /** `0` only warms the cache, where the wire knows that. */
  maxOutputTokens?: number
  tools: readonly SimTool[]
  toolChoice: ToolChoice
  /** `false`: at most one tool call. */
  parallelTools: boolean
  /** The answer must be JSON of this schema; `true` is any JSON object. */
  responseSchema?: JsonSchema
  stop: readonly string[]
  /** The caller wants the model's reasoning shown, and the wire can show it. */
  showReasoning: boolean
  /** `false`: the caller has switched reasoning off. Default: as the model does by itself. */
  reasoning?: boolean
  /** Log probabilities asked for, with this many alternatives per token. */
  topLogprobs?: number
  promptCache: {
    /**
     * `automatic`: by the provider's own rule for requests without markers. `explicit`: only blocks that carry a marker are written.
     * `off`: nothing is written.
     */
    mode: 'automatic' | 'explicit' | 'off'
    /** What the caller steers requests to one machine with. */
    key?: string
    /** Lifetime of automatic writes. Default: the provider's. */
    ttl?: string
    /** So many blocks stand in a cache that the caller has made by an API call, and are read from there. */
    heldBlocks?: number
  }
  /** Service tier asked for, in the words of `Usage.serviceTier`. */
  serviceTier?: string
}

/**
 * One fragment of an answer, in order. `tokens` are output tokens that the fragment stands for.
 * Ids of tool calls are 24 hexadecimal digits; the wire makes its own kind of id of them.
 */
export type AnswerEvent =
  | { type: 'text'; text: string; tokens: number; logprob?: number }
  | { type: 'reasoning'; text: string; tokens: number }
  | { type: 'refusal'; text: string; tokens: number }
  /** Opens tool call `index` (from 0); its arguments follow as fragments of JSON. */
  | { type: 'tool-call'; index: number; id: string; name: string; tokens: number }
  | { type: 'tool-input'; index: number; json: string; tokens: number }
  /** The call is complete: `json` is the whole of its arguments. */
  | { type: 'tool-end'; index: number; id: string; name: string; json: string }
  /** Last event of every answer that ends properly: terminal events, usage and end markers are written now. */
  | { type: 'finish'; reason: FinishReason; stopSequence?: string; usage: Usage }

export type AnswerPart =
  | { type: 'text'; text: string; logprobs?: readonly TokenLogprob[] }
  | { type: 'reasoning'; text: string }
  | { type: 'refusal'; text: string }
  | { type: 'tool-call'; id: string; name: string; json: string }

export interface TokenLogprob {
  token: string
  logprob: number
}

/** A whole answer, for a call that does not stream. */
export interface Answer {
  parts: readonly AnswerPart[]
  reason: FinishReason
  stopSequence?: string
  usage: Usage
}

/** What one simulated vendor remembers between requests. Bounded: the oldest entries go first. */
export interface ServerStore {
  get(id: string): unknown
  set(id: string, value: unknown): void
  delete(id: string): void
}

/** What is known before the first token. */
export interface AnswerHead {
  /** 24 hexadecimal digits, unique per request; the wire adds its own prefix. */
  id: string
  /** Milliseconds since 1970 in provider time. */
  createdMs: number
  provider: Provider
  card: ModelCard
  request: SimRequest
  /** Input side only: `outputTokens` is 0. */
  usage: Usage
  store: ServerStore
}

/** Writes one streamed answer. Each method returns what goes over the socket as it is, `''` for nothing. */
export interface StreamEncoder {
  /** What precedes every token: a role chunk, `message_start`. */
  start(): string
  event(event: AnswerEvent): string
  /** An error after status 200, in the stream. The engine writes nothing after it. */
  error(problem: Problem): string
  /** Sent while the model is silent. Default: nothing. */
  keepAlive?: string
}

/** Writes answers of one operation in its wire's shape. */
export interface AnswerCodec {
  /** Headers of every answer: request ids, rate limits. */
  headers(head: AnswerHead): Record<string, string>
  /** Body of a call that does not stream. */
  body(head: AnswerHead, answer: Answer): unknown
  stream(head: AnswerHead): StreamEncoder
  /** Content type of streams. Default: `text/event-stream; charset=utf-8`. */
  streamType?: string
}

/** Classes of error that every wire can write. */
export type ProblemKind =
  | 'auth'
  | 'permission'
  | 'not-found'
  /** No money left; `status` 402 and 429 read differently on some wires. */
  | 'quota'
  | 'rate-limit'
  | 'overloaded'
  | 'server'
  | 'timeout'
  | 'bad-request'
  | 'too-large'
  | 'context-overflow'
  | 'content-filter'

/** An error to be written in a wire's own shape, with its own words. */
export interface Problem {
  kind: ProblemKind
  /** Default: the status that the wire uses for the kind. */
  status?: number
  /** Default: the provider's own words for the kind. */
  message?: string
  /** The provider's own code, where the kind alone does not decide it. */
  code?: string
  /** Field of the request at fault. */
  param?: string
  retryAfterMs?: number
  model?: string
  /** Of an overflow: tokens of the prompt, and the window. */
  inputTokens?: number
  limitTokens?: number
  /** 24 hexadecimal digits, unique per request; the wire adds its own prefix. */
  requestId?: string
  /** Provider time, milliseconds since 1970: for headers that name an instant. */
  wallMs?: number
}

/** Thrown by a wire's `parse` for a request that its provider would refuse. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.message ?? problem.kind)
    this.problem = problem
  }
}

/** What a wire may ask of the engine. */
export interface OperationContext {
  provider: Provider
  /** A model of this provider. */
  findModel(id: string): ModelCard | undefined
  store: ServerStore
  /** Cards of the models that this provider serves. */
  models: readonly ModelCard[]
  /** True tokens of a prompt, as the model would report them. */
  countTokens(blocks: readonly PromptBlock[], card: ModelCard): Promise<number>
  /** Provider time, milliseconds since 1970. */
  wallMs: number
}

export type Operation =
  | {
      type: 'generate'
      /** Throws `ProblemError`. The context gives the model's card, for refusals that depend on the model. */
      parse(context: OperationContext): SimRequest
      codec: AnswerCodec
    }
  | { type: 'reply'; model?: string; reply(context: OperationContext): HttpReply | Promise<HttpReply> }

/** One API: what it answers to, how it reads and writes. Listed for its providers in `providers.ts`. */
export interface WireModule {
  /** What the request asks for; `undefined`: not of this wire. */
  match(request: HttpRequest, provider: Provider): Operation | undefined
  /** The HTTP response for a problem. */
  error(problem: Problem, provider: Provider): HttpReply
}

/** A vendor whose API is simulated. */
export interface Provider {
  id: string
  /** What its own SDK expects after the origin in a base URL: `/v1`, or `''`. */
  basePath: string
  /** The first that matches a request answers it; the first of all words the errors of paths that none knows. */
  wires: readonly WireModule[]
}
