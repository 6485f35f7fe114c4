import type { CacheRule, ModelCard } from '../types.ts'
import { type Break, type Comparison, comparePrompts } from './compare.ts'
import type { LintRequest, PrefixChange } from './finding.ts'
import { createHeads } from './heads.ts'
import { mendOf } from './mend.ts'
import { createPrinter } from './print.ts'
import { createSessions, type Prompt, type Session } from './sessions.ts'

/** What one prompt tells beside those before it. */
export interface Watched {
  session: number
  inputTokens: number
  /** The prompt is long enough to be cached. */
  cacheable: boolean
  /** It was compared with an earlier one that may still be cached. */
  compared: boolean
  /** Tokens that a cache can hold of it. */
  readableTokens: number
  changes: readonly PrefixChange[]
}

interface Options {
  /** Conversations that are remembered, each with its last prompt. */
  maxSessions: number
  /** Compares the first prompts of conversations with one another, too. */
  acrossSessions: boolean
}

/** Where no card says it: OpenAI's and most others' minimum. */
const USUAL_RULE: CacheRule = {
  kind: 'auto-prefix',
  minTokens: 1_024,
  ttls: [],
  readableAfter: 'first-token',
  scope: 'account',
  guaranteed: false,
}
/** A change that loses less is not worth a line; two conversations are a little alike without anybody's fault. */
const LEAST_TOKENS = { turns: 64, sessions: 256 } as const
/** Comparisons within which a second cut of the history makes it a sliding one. */
const SLIDING_WITHIN = 8
/** The same for cuts of more than a fifth: who trims in large steps comes by that again some day. */
const LARGE_CUT = 0.2
const SLIDING_WITHIN_LARGE = 3

/** Compares each prompt with the one before it in its conversation. Bounded; nothing here waits. */
export function createPrefixWatch({ maxSessions, acrossSessions }: Options) {
  const printOf = createPrinter()
  const sessions = createSessions(maxSessions)
  const heads = createHeads()

  /** A lone cut is no fault: at some time a history must be cut. */
  function isFault({ reason: { type } }: Break, comparison: Comparison, session: Session, earlier: Prompt): boolean {
    if (type !== 'sliding-window' && type !== 'rolling-summary') return true
    const since = session.compared - session.trimmedAt
    session.trimmedAt = session.compared
    const kept = comparison.sharedTokens + comparison.breaks.reduce((sum, { followingTokens }) => sum + followingTokens, 0)
    return since <= (kept < (1 - LARGE_CUT) * tokensOf(earlier) ? SLIDING_WITHIN_LARGE : SLIDING_WITHIN)
  }

  return {
    sessions: sessions.count,
    /** Notes a prompt; tells what keeps it from being read from the cache of `card`'s provider. */
    observe(request: LintRequest, card?: ModelCard): Watched {
      const { cache: rule = USUAL_RULE, tokenFactor = 1 } = card ?? {}
      const prints = request.blocks.map(printOf)
      const { session, before } = sessions.turn(request, prints)
      const inputTokens = tokensOf(session.last) * tokenFactor
      const watched: Watched = {
        session: session.id,
        inputTokens: Math.round(inputTokens),
        cacheable: rule.kind !== 'none' && inputTokens >= rule.minTokens,
        compared: false,
        readableTokens: 0,
        changes: [],
      }
      const between = before === undefined ? 'sessions' : 'turns'
      const now: Prompt = session.last
      const found = before === undefined ? (acrossSessions ? heads.compare(now) : undefined) : undefined
      const earlier = before ?? found?.before
      if (earlier === undefined || expired(earlier, now, rule.ttls)) return watched
      const comparison = found?.comparison ?? comparePrompts(before!.prints, prints, { before: before!.request, after: request, between })
      session.compared += before === undefined ? 0 : 1
      let held = comparison.sharedTokens * tokenFactor
      let read = readable(rule, held)
      const readableTokens = Math.round(read)
      const changes: PrefixChange[] = []
      for (const change of comparison.breaks) {
        // Each change is charged with what could be read from it up to the next one.
        held += change.followingTokens * tokenFactor
        const then = readable(rule, held)
        const lostTokens = Math.round(then - read)
        read = then
        if (!isFault(change, comparison, session, earlier) || lostTokens < LEAST_TOKENS[between]) continue
        const { followingTokens: _, ...told } = change
        changes.push({ ...told, between, lostTokens, mend: mendOf(change.reason, change.place) })
      }
      return { ...watched, compared: true, readableTokens, changes }
    },
  }
}

/** Of a beginning that was sent before, what a cache of this kind can hold. */
const readable = ({ kind, minTokens }: CacheRule, tokens: number): number => (kind === 'none' || tokens < minTokens ? 0 : tokens)

const tokensOf = ({ prints }: Prompt): number => prints.reduce((sum, { tokens }) => sum + tokens, 0)

/** What the earlier prompt has left in the cache is gone. */
function expired({ request: { atMs: from } }: Prompt, { request: { atMs: to } }: Prompt, ttls: CacheRule['ttls']): boolean {
  const seconds = ttls.reduce((most, ttl) => Math.max(most, ttl.seconds), 0)
  return seconds > 0 && from !== undefined && to !== undefined && to - from >= seconds * 1_000
}
