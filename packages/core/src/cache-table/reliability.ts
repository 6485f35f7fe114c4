import type { ModelCard, Usage } from '../types.ts'
import { createRealMinimum } from './real-minimum.ts'
import { isAutomatic } from './rule.ts'
import { createSurvival, type Survival } from './survival.ts'

/** Weight of the newest observation in what is learned about a cache. */
const LEARNING_RATE = 0.1
/** Weight of the newest response in the prediction error. */
const ERROR_RATE = 0.02
/** Lifetimes that are told apart; a provider has two or three. */
const MAX_TTLS = 8
/** Of what was held, less than this has come: it was missed. */
const MISSED = 0.1
/** And this much is all of it, as far as it can be counted. */
const WHOLE = 0.95
const DEFAULT_TTL_MS = 300_000

/** One response's own figures against what was held when it was asked for. */
export interface CacheObservation {
  usage: Usage
  /** What was expected to be read. */
  predictedReadTokens: number
  /** Tokens of the prompt that the cache was known to hold, in the model's own count; 0: none. */
  heldTokens: number
  /** Milliseconds since they were last used, and their lifetime. */
  idleMs: number
  ttlMs: number
  promptTokens: number
}

/** How far one target's cache has turned out to do what is expected of it. */
export interface CacheFacts {
  /** Responses with the provider's own figures. */
  observed: number
  /** Tokens by which predictions were off, over those that were predicted or came, whichever were more; newer responses weigh more. 0 is perfect. */
  predictionError: number
  /** Share of what is held that comes when it was used just now. */
  hitRatio: number
  /** The shortest prefix that is really held, in the model's own tokens. */
  minTokens: number
  /** Milliseconds without use after which less than half of it is left. */
  halfLifeMs: number
}

/** How far one target's cache is believed: what it should hold against what its responses report. Bounded. */
export function createReliability({ cache }: Pick<ModelCard, 'cache'>) {
  const documentedTtlMs = (cache.ttls[0]?.seconds ?? DEFAULT_TTL_MS / 1_000) * 1_000
  const survivals = new Map<number, Survival>()
  const minimum = createRealMinimum(cache.minTokens)
  let writeShare = isAutomatic(cache) ? 1 : 0
  let observed = 0
  let wrongTokens = 0
  let allTokens = 0

  function survivalOf(ttlMs: number): Survival {
    let survival = survivals.get(ttlMs)
    if (survival === undefined) {
      survival = createSurvival(ttlMs, cache.guaranteed)
      if (survivals.size < MAX_TTLS) survivals.set(ttlMs, survival)
    }
    return survival
  }
  const hitRatio = (idleMs: number, ttlMs: number): number => survivalOf(ttlMs).at(idleMs)

  return {
    /** Share of held tokens that is expected to come, last used so long ago under a lifetime. */
    hitRatio,
    /** The shortest prefix that is really held, in the model's own tokens. */
    minTokens: minimum.tokens,
    /** Share of uncached input that is written to the cache. */
    writeShare: (): number => writeShare,

    observe({ usage, predictedReadTokens, heldTokens, idleMs, ttlMs, promptTokens }: CacheObservation): void {
      const { cacheReadTokens, cacheWriteTokens } = usage
      observed += 1
      wrongTokens += ERROR_RATE * (Math.abs(predictedReadTokens - cacheReadTokens) - wrongTokens)
      allTokens += ERROR_RATE * (Math.max(predictedReadTokens, cacheReadTokens) - allTokens)

      const isLong = heldTokens >= minimum.tokens()
      minimum.found(cacheReadTokens)
      if (cacheWriteTokens > 0) minimum.found(cacheReadTokens + cacheWriteTokens)
      const came = heldTokens > 0 ? Math.min(1, cacheReadTokens / heldTokens) : 0
      // Part of what has expired is there where others have the same beginning, whom we do not see: no sign of a longer life.
      const share = idleMs > ttlMs && came < WHOLE ? 0 : came
      // What has expired was not missed for being short.
      if (heldTokens > 0 && share < MISSED && hitRatio(idleMs, ttlMs) > 0.5) minimum.missed(heldTokens)
      if (heldTokens > 0 && isLong) survivalOf(ttlMs).observe(idleMs, share)

      const uncached = promptTokens - cacheReadTokens
      if (uncached >= minimum.tokens()) writeShare += LEARNING_RATE * (Math.min(1, cacheWriteTokens / uncached) - writeShare)
    },

    facts: (): CacheFacts => ({
      observed,
      predictionError: allTokens === 0 ? 0 : wrongTokens / allTokens,
      hitRatio: hitRatio(0, documentedTtlMs),
      minTokens: minimum.tokens(),
      halfLifeMs: halfLifeOf(survivalOf(documentedTtlMs), documentedTtlMs),
    }),
  }
}

export type Reliability = ReturnType<typeof createReliability>

/** Looked for in sixths of an octave from a 256th of the documented lifetime on. */
function halfLifeOf({ at }: Survival, ttlMs: number): number {
  for (let step = -48; step <= 48; step += 1) if (at(ttlMs * 2 ** (step / 6)) < 0.5) return Math.round(ttlMs * 2 ** (step / 6))
  return Math.round(ttlMs * 2 ** 8)
}
