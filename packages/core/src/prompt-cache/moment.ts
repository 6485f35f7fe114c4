import type { Features } from '../types.ts'
import { type MarkerMoment, type MarkerPlaces, markerPlaces } from './breakpoints.ts'
import type { Conversation, Outlook } from '../conversations/conversations.ts'
import type { Heads } from '../conversations/heads.ts'
import { markedBlocks } from '../cache-table/rule.ts'
import { sharedPrefix } from '../conversations/stable-prefix.ts'
import type { KnownPrefixes } from '../cache-table/table.ts'

/** What one decision reads once, for all targets; most of it when it is first asked for. */
export class CacheMoment {
  readonly known: KnownPrefixes
  /** Absent for the first call of a conversation. */
  readonly conversation: Conversation | undefined
  readonly outlook: Outlook
  readonly now: number
  readonly wallMs: number
  lastUse: MarkerMoment['lastUse']
  readonly #features: Features
  readonly #heads: Heads
  #places: MarkerPlaces | undefined
  #headPauseMs: number | undefined
  #marked: readonly number[] | undefined

  constructor(facts: Pick<CacheMoment, 'known' | 'conversation' | 'outlook' | 'now' | 'wallMs'>, features: Features, heads: Heads) {
    this.known = facts.known
    this.conversation = facts.conversation
    this.outlook = facts.outlook
    this.now = facts.now
    this.wallMs = facts.wallMs
    this.#features = features
    this.#heads = heads
  }

  /** Where markers can be set. */
  get places(): MarkerPlaces {
    return (this.#places ??= markerPlaces(this.#features.prefix))
  }

  /** Blocks in which the caller has set a marker. */
  get marked(): readonly number[] {
    return (this.#marked ??= markedBlocks(this.#features.prefix))
  }

  /** Mean milliseconds between calls with the same tools and system. */
  get headPauseMs(): number {
    return (this.#headPauseMs ??= this.#heads.pauseMs(sharedPrefix(this.#features.prefix)))
  }
}
