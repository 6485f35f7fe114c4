import {
  NO_NEEDS,
  type Dialect,
  type Failure,
  type FailureKind,
  type Features,
  type FinishReason,
  type Needs,
  type Reading,
  type Usage,
} from '@routewise/core'
import { CHARS_PER_TOKEN } from './ledger.ts'

/** A call as the simulation makes it: what the router is told of it, and nothing else. */
export interface SimulatedCall {
  /** Place among the calls of the run. */
  id: number
  inputTokens: number
  maxOutputTokens: number | undefined
  streaming: boolean
  /** Calls with one prefix share a prompt cache and an affinity. */
  prefix: number
  turn: 'user' | 'tool'
  task: string
  /** It may be gone on with where another broke off. */
  resumable: boolean
  /** It is answered by a tool call. */
  asksForTool: boolean
  /** The fault that is to be mended, or what was already said. */
  repairs?: string
  resumes?: string
}

/** A piece of an answer. It names the attempt that made it, in its text too, so that mixed answers show. */
export interface SimulatedChunk {
  attempt: string
  /** Place in the attempt, from 0. */
  index: number
  /** Empty: it carries no content. In the answer to a call that asks for a tool, arguments of the tool call. */
  text: string
  isTool: boolean
  tokens: number
  usage: Partial<Usage> | undefined
  finish: FinishReason | undefined
}

/** Text of a chunk that cannot be read. */
export const UNREADABLE = '\0'

/** What a simulated provider throws. */
export class ProviderError extends Error {
  readonly failure: Failure
  constructor(kind: FailureKind, message: string, details: { status?: number; retryAfterMs?: number } = {}) {
    super(message)
    this.failure = { kind, message, cause: this, ...details }
  }
}

const STREAMING_NEEDS: Needs = { ...NO_NEEDS, streaming: true }

/** The simplest dialect there is. */
export const simulatedDialect: Dialect<SimulatedCall, SimulatedChunk> = {
  describe({ inputTokens, maxOutputTokens, streaming, prefix, turn, task }): Features {
    return {
      inputTokens,
      maxOutputTokens,
      needs: streaming ? STREAMING_NEEDS : NO_NEEDS,
      prefix: [{ hash: prefix, digest: prefix, tokens: inputTokens, parts: 1, role: 'user', marked: false }],
      task,
      turn,
    }
  },
  prepare: call => call,
  read({ text, isTool, tokens, usage, finish }, { card: { tokenFactor } }) {
    if (text === UNREADABLE) throw new SyntaxError('Unexpected token in JSON.')
    // Assigned rather than spread: this is done for every chunk.
    const reading: Reading = { meaningful: text !== '' }
    if (text !== '') {
      if (isTool) reading.toolCalls = [{ index: 0, arguments: text }]
      else reading.text = text
      reading.contentChars = (tokens * CHARS_PER_TOKEN) / tokenFactor
    }
    if (usage !== undefined) reading.usage = usage
    if (finish !== undefined) reading.finish = finish
    return reading
  },
  failure: error => (error instanceof ProviderError ? error.failure : { kind: 'unknown', message: String(error), cause: error }),
  repair: (call, _answer, fault) => ({ ...call, repairs: fault }),
  resume: (call, text) => (call.resumable ? { ...call, resumes: text } : undefined),
}
