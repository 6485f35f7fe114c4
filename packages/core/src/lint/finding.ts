import type { Block } from '../describe/describe.ts'

/** A tool, a system prompt or a message of a prompt that is compared; tools stand first, one block each. */
export type LintBlock = Block

/** One prompt as it was sent. */
export interface LintRequest {
  /** Conversations of two tenants are never taken for one. */
  tenant?: string | undefined
  /** Id of the conversation. Without it a prompt is known by what it goes on with. */
  session?: string | undefined
  /** When it was sent, Unix milliseconds. Without it nothing is taken to have expired, and the prompts for those of one day. */
  atMs?: number | undefined
  /** Model that it was sent to: caches are per model. */
  model?: string | undefined
  blocks: readonly LintBlock[]
}

/** Why two prompts do not begin alike. */
export type LintReason =
  /** A date or a time. */
  | { type: 'timestamp' }
  /** A UUID, a hash, a random id. */
  | { type: 'random-id' }
  /** A number that is another one each time. */
  | { type: 'counter' }
  /** The name or id of whoever is calling, in a text that all callers share. */
  | { type: 'caller-name' }
  | { type: 'tool-order' }
  | { type: 'tool-set'; added: readonly string[]; removed: readonly string[] }
  /** The same JSON, its keys in another order. */
  | { type: 'key-order' }
  /** The same paragraphs or documents in another order. */
  | { type: 'document-order' }
  /** The oldest messages are dropped on turn after turn. */
  | { type: 'sliding-window'; droppedMessages: number }
  /** The oldest messages are summed up anew on turn after turn. */
  | { type: 'rolling-summary'; replacedMessages: number }
  /** Messages that were sent before have changed, gone, or have others between them. */
  | { type: 'history-edited'; removedMessages: number; addedMessages: number }
  /** Another address or other bytes of an image, an audio or a document. */
  | { type: 'media-address' }
  | { type: 'whitespace' }
  | { type: 'text-changed' }

/** Which part of the prompt differs first. */
export type LintPlace =
  | { type: 'tools'; tool?: string }
  /** `index` counts the blocks after the tools, from 0. */
  | { type: 'system'; index: number }
  | { type: 'message'; index: number; role: LintBlock['role'] }

/** One thing that keeps a prompt from being read from a cache. */
export interface PrefixChange {
  reason: LintReason
  place: LintPlace
  /** Successive prompts of one conversation, or the first ones of two conversations. */
  between: 'turns' | 'sessions'
  /** What stood there, and what stands there now: 80 characters at most, keys masked. */
  before: string
  after: string
  /** Tokens that were in both prompts and could have been read from the cache but for this, in the model's own count. */
  lostTokens: number
  /** What to do about it. */
  mend: string
}

/** The same change in however many prompts. `before` and `after` are of the dearest one. */
export interface LintFinding extends PrefixChange {
  /** Prompts that it was found in, and conversations. */
  times: number
  sessions: number
  /** The dearest prompt, counted from 0. */
  request: number
  /** Dollars that reading these tokens anew has cost over reading them from the cache; absent where no price is known. */
  lostUsd?: number
  usdPerDay?: number
}

/** What a list of prompts tells. Plain data. */
export interface LintReport {
  requests: number
  sessions: number
  /** Prompts that had an earlier one to be compared with. */
  compared: number
  /** Prompts too short for any cache. */
  tooShort: number
  /** Tokens of all prompts; those a cache can hold as they are; those it could hold beside them. */
  inputTokens: number
  readableTokens: number
  lostTokens: number
  /** Days that the prompts stand for, by their times or by `requestsPerDay`; `assumed`: they say nothing of time and are taken for one day's. */
  days: number
  daysFrom: 'times' | 'requestsPerDay' | 'assumed'
  lostUsd?: number
  usdPerDay?: number
  /** Dearest first. */
  findings: readonly LintFinding[]
}
