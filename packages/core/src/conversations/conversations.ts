import type { Clock } from '../clock.ts'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { measureText } from '../describe/tokens.ts'
import { createLru } from '../lru.ts'
import type { CallContext, Features, Task } from '../types.ts'
import type { CacheTrace, CollapseCause } from './collapse.ts'
import { createFollowUps, type FollowUps, type OpenAnswer } from './follow-ups.ts'
import { firstUserOf, goesOn, type Outline, outlineOf, saltedDigest } from './outline.ts'

/** Messages that may have been added since the last answer: parallel tool calls each add a result. */
const WALK_BLOCKS = 64
const NEAR_BLOCKS = 4
/** Messages from the end among which the last of an earlier prompt is looked for, where its beginning was changed. */
const TAIL_BLOCKS = 16
/** Conversations that are told apart in one session: agents start others beside their own. */
const THREADS_PER_SESSION = 8
/** Kinds of work that are learned of; tasks may be named by users. */
const MAX_TASKS = 100
/** Tokens that a call adds before anything was seen, and what that counts as. */
const PRIOR_ADDED_TOKENS = 300
const PRIOR_CALLS = 2
const MIN_WEIGHT = 0.02
/**
 * Probability that another call follows, before anything was seen: a conversation is not taken for granted, but where tools are at hand
 * one answer in two asks for one, and who has used one will more likely use another.
 */
const GUESS = { plain: 0, tools: 0.5, tool: 0.75 }

/** A conversation as it was when one of its calls was answered. */
export interface Conversation {
  /** Target that answered. */
  readonly target: string
  /** Calls answered so far. */
  readonly calls: number
  /** When the last of them was answered. */
  readonly at: number
  readonly thread: Thread
  readonly open: OpenAnswer
  /** Of the kind of work that the call was; the next may be another. */
  readonly followUps: FollowUps
}

/** What all calls of a conversation share. */
export interface Thread {
  latest: Conversation | undefined
  /** Of the latest prompt. */
  outline: Outline
  /** Tokens, `o200k`, that its calls have added, and by how many calls. */
  addedTokens: number
  additions: number
  /** What its latest call has left in caches, and why what they held was last lost. */
  traces: readonly CacheTrace[]
  collapse: CollapseCause | undefined
}

/** What is expected of a conversation after the call at hand. */
export interface Outlook {
  /** Calls that are expected to follow. */
  readonly calls: number
  /** Tokens, `o200k`, that each adds to the prompt. */
  readonly tokensPerCall: number
  /** Probability that a call follows, and does so within so many milliseconds of this one. */
  followsWithin(ms: number): number
}

interface Work {
  followUps: FollowUps
  addedTokens: number
  seen: number
}

/**
 * Knows conversations by the hashes of what was read in them, and where their beginning was changed by the caller's session, by the
 * user's first message or by their last one. Bounded: `max` answers, default 20,000, about 40 MB if all were of very long prompts.
 */
export function createConversations({ now }: Pick<Clock, 'now'>, { max = 20_000 }: { max?: number } = {}) {
  const answered = createLru<number, Conversation>(max)
  /** By salted digest of the user's first message, and of the last block. */
  const byHead = createLru<number, Thread>(max / 2)
  const byTail = createLru<number, Thread>(max / 2)
  const sessions = createLru<number, readonly Thread[]>(max / 2)
  const works = new Map<Task, Work>()

  function workOf(task: Task): Work {
    let work = works.get(task)
    if (work === undefined) {
      work = { followUps: createFollowUps(), addedTokens: PRIOR_ADDED_TOKENS, seen: PRIOR_CALLS }
      if (works.size < MAX_TASKS) works.set(task, work)
    }
    return work
  }

  /** The conversation that this prompt goes on with although what was read in it is not its beginning. */
  function findChanged({ prefix, caller }: Features, salt: number): Conversation | undefined {
    if (caller?.session !== undefined) return sessions.get(salt)?.find(({ outline }) => goesOn(outline, prefix, true))?.latest
    const head = byHead.get(saltedDigest(salt, firstUserOf(prefix)))
    if (head !== undefined && goesOn(head.outline, prefix, false)) return head.latest
    for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - TAIL_BLOCKS); at -= 1) {
      const tail = byTail.get(saltedDigest(salt, prefix[at]!.digest))
      if (tail !== undefined && goesOn(tail.outline, prefix, false)) return tail.latest
    }
    return undefined
  }

  function find(features: Features): Conversation | undefined {
    const { prefix } = features
    const salt = saltOf(features.caller)
    for (let at = prefix.length - 1; at >= Math.max(0, prefix.length - WALK_BLOCKS); at -= 1) {
      // An earlier prompt ended where its answer begins; near the end the answer may have been left out.
      if (at < prefix.length - NEAR_BLOCKS && prefix[at + 1]!.role !== 'assistant') continue
      const conversation = answered.get(saltedDigest(salt, prefix[at]!.hash))
      if (conversation === undefined) continue
      const { thread } = conversation
      // Of an earlier call: a branch of its own, unless what came after it is here too, with something changed in between.
      return thread.latest !== conversation && goesOn(thread.outline, prefix, false) ? thread.latest : conversation
    }
    return findChanged(features, salt)
  }

  return {
    find,

    /** Notes that a target has answered this prompt. */
    remember(features: Features, target: string): Conversation | undefined {
      const outline = outlineOf(features.prefix)
      if (outline === undefined) return undefined
      const { task, turn, caller } = features
      const salt = saltOf(caller)
      const at = now()
      const before = find(features)
      const work = workOf(task)
      before?.followUps.followed(before.open, Math.max(0, at - before.at))
      const calls = (before?.calls ?? 0) + 1
      const goesOnFrom = before?.thread.latest === before ? before?.thread : undefined
      const thread = goesOnFrom ?? { latest: undefined, outline, addedTokens: 0, additions: 0, traces: [], collapse: undefined }
      const { followUps } = work
      const conversation: Conversation = { target, calls, at, thread, open: followUps.answered(calls, turn, at), followUps }
      const grownTokens = outline.tokens - thread.outline.tokens
      if (grownTokens > 0) {
        thread.addedTokens += grownTokens
        thread.additions += 1
        work.seen += 1
        work.addedTokens += Math.max(MIN_WEIGHT, 1 / work.seen) * (grownTokens - work.addedTokens)
      }
      thread.latest = conversation
      thread.outline = outline
      answered.set(saltedDigest(salt, outline.hash), conversation)
      if (caller?.session !== undefined) {
        const others = (sessions.get(salt) ?? []).filter(other => other !== thread)
        sessions.set(salt, [thread, ...others].slice(0, THREADS_PER_SESSION))
      } else {
        byHead.set(saltedDigest(salt, outline.firstUser), thread)
        byTail.set(saltedDigest(salt, outline.tail), thread)
      }
      return conversation
    },

    /** What is to be expected of a conversation of this kind once the call at hand is answered; worked out when it is asked for. */
    outlook: (conversation: Conversation | undefined, features: Features): Outlook =>
      new LazyOutlook(conversation, features, workOf(features.task), now()),
  }
}

export type Conversations = ReturnType<typeof createConversations>

// A class for its getters' sake: most decisions ask for none of them.
class LazyOutlook implements Outlook {
  readonly #conversation: Conversation | undefined
  readonly #features: Features
  readonly #work: Work
  readonly #now: number
  #follows: number | undefined
  #calls: number | undefined

  constructor(conversation: Conversation | undefined, features: Features, work: Work, now: number) {
    this.#conversation = conversation
    this.#features = features
    this.#work = work
    this.#now = now
  }

  get calls(): number {
    if (this.#calls !== undefined) return this.#calls
    const guess = this.#features.needs.tools ? GUESS.tool : GUESS.plain
    return (this.#calls = this.#share() * (1 + this.#work.followUps.remaining(this.#count(), guess)))
  }

  get tokensPerCall(): number {
    const { addedTokens = 0, additions = 0 } = this.#conversation?.thread ?? {}
    return (addedTokens + PRIOR_CALLS * this.#work.addedTokens) / (additions + PRIOR_CALLS)
  }

  followsWithin(ms: number): number {
    return this.#share() * this.#work.followUps.gaps(this.#features.turn).shareWithin(ms)
  }

  #share(): number {
    if (this.#follows !== undefined) return this.#follows
    const { turn, needs } = this.#features
    const guess = turn === 'tool' ? GUESS.tool : needs.tools ? GUESS.tools : GUESS.plain
    return (this.#follows = this.#work.followUps.share(this.#count(), turn, guess, this.#now))
  }

  /** Calls of the conversation with the one at hand. */
  #count(): number {
    return (this.#conversation?.calls ?? 0) + 1
  }
}

/** Tenants and sessions never meet: all that a conversation is looked for by begins with them. */
function saltOf(caller: CallContext | undefined): number {
  if (caller?.session === undefined && caller?.tenant === undefined) return EMPTY_PREFIX
  const tenant = chain(EMPTY_PREFIX, measureText(caller.tenant ?? '').hash)
  return caller.session === undefined ? tenant : chain(tenant, measureText(caller.session).hash)
}
