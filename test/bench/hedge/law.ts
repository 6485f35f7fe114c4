import type { Failure, ModelCard, Policy, PrefixBlock } from '@routewise/core'
import { scriptedBlock } from '@routewise/core/testing'
import { createRandom, type SeededRandom } from '../../simulation/random.ts'
import { virtualCard, type VirtualCall } from '../virtual.ts'

export interface LawRequest extends VirtualCall {
  /** First token to be expected of it, of the first target. */
  expectedMs: number
}

/** One attempt as it will go. */
export interface Fate {
  firstTokenMs: number
  /** It fails at that time instead. */
  failure?: Failure
  cacheReadTokens?: number
  outputTokens?: number
}

/** What is asked, and how long targets take. */
export interface Law {
  /** In the order in which they are tried: where their prices are the same, or where the policy says so. */
  cards: readonly ModelCard[]
  policy?: Policy
  request(): LawRequest
  attempt(target: number, request: LawRequest, nowMs: number): Fate
}

/** Times follow a lognormal law; a share of the attempts, independent of each other, takes so many times as long. */
interface Stragglers {
  share: number
  factor: number
}

const straggle = (random: SeededRandom, { share, factor }: Stragglers): number => (random.chance(share) ? factor : 1)
const streams = (random: SeededRandom, cards: readonly ModelCard[]) => cards.map((_, target) => random.fork(target))
const equalCards = (overrides: Partial<ModelCard>) => ['a', 'b', 'c'].map(id => virtualCard(id, overrides))
const firstTokenOf = ({ firstToken }: ModelCard, tokens: number): number => firstToken.baseMs + firstToken.msPerInputToken * tokens

/** The benchmark that bhope/hedge publishes: mean 5 ms, standard deviation 2 ms, 5 % of the attempts ten times as long. */
function published(seed: number): Law {
  const cards = equalCards({ firstToken: { baseMs: 5, msPerInputToken: 0 } })
  const sigma = Math.sqrt(Math.log(1 + (2 / 5) ** 2))
  const mu = Math.log(5) - sigma ** 2 / 2
  const times = streams(createRandom(seed), cards)
  return {
    cards,
    request: () => ({ inputTokens: 1_000, streaming: true, expectedMs: 5 }),
    attempt: target => ({
      firstTokenMs: times[target]!.lognormal(mu, sigma) * straggle(times[target]!, { share: 0.05, factor: 10 }),
    }),
  }
}

const prompts = (random: SeededRandom) => () => Math.max(1, Math.min(100_000, Math.round(random.lognormal(Math.log(1_500), 1.2))))
const LLM_STRAGGLERS: Stragglers = { share: 0.03, factor: 8 }
/** At the bench's 20 requests a second, half a minute of them. */
const RECENT_PROMPTS = 420

/** First token = (200 + 0.25 × tokens) ms × lognormal(σ 0.25); 3 % of the attempts eight times as long. */
function llm(seed: number, { prior = virtualCard('').firstToken }: { prior?: ModelCard['firstToken'] } = {}): Law {
  const cards = equalCards({ firstToken: prior })
  const truth = virtualCard('')
  const random = createRandom(seed)
  const times = streams(random, cards)
  const tokens = prompts(random.fork(9))
  return {
    cards,
    request() {
      const inputTokens = tokens()
      return { inputTokens, streaming: true, expectedMs: firstTokenOf(truth, inputTokens) }
    },
    attempt: (target, { expectedMs }) => ({
      firstTokenMs: expectedMs * times[target]!.lognormal(0, 0.25) * straggle(times[target]!, LLM_STRAGGLERS),
    }),
  }
}

/**
 * Three in ten prompts go on from one of the last half minute, which makes nine tenths of them: 30 % of all tokens. Each target's cache
 * holds what that target has read, and what it holds takes no time.
 */
function cached(seed: number): Law {
  const cards = equalCards({
    cache: {
      kind: 'auto-prefix',
      minTokens: 0,
      ttls: [{ id: '5m', seconds: 300, sliding: true }],
      readableAfter: 'first-token',
      scope: 'org',
      guaranteed: true,
    },
  })
  const random = createRandom(seed)
  const times = streams(random, cards)
  const choice = random.fork(8)
  const tokens = prompts(random.fork(9))
  const recent: PrefixBlock[] = []
  const held = cards.map(() => new Set<number>())
  let asked = 0
  return {
    cards,
    request() {
      asked += 1
      const own = tokens()
      const before = recent.length === RECENT_PROMPTS && choice.chance(0.31) ? choice.pick(recent) : undefined
      const inputTokens = before === undefined ? own : Math.round(before.tokens / 0.9)
      const block = scriptedBlock(asked, inputTokens)
      const prefix = before === undefined ? [block] : [before, block]
      if (before === undefined) recent.push(block)
      if (recent.length > RECENT_PROMPTS) recent.shift()
      return { inputTokens, streaming: true, prefix, expectedMs: 200 + 0.25 * (inputTokens - (before?.tokens ?? 0)) }
    },
    attempt(target, { inputTokens, prefix = [] }) {
      const hit = prefix.findLast(({ hash }) => held[target]!.has(hash))
      const cacheReadTokens = hit?.tokens ?? 0
      for (const { hash } of prefix) held[target]!.add(hash)
      const expectedMs = firstTokenOf(cards[target]!, inputTokens - cacheReadTokens)
      return { firstTokenMs: expectedMs * times[target]!.lognormal(0, 0.25) * straggle(times[target]!, LLM_STRAGGLERS), cacheReadTokens }
    },
  }
}

/** Stragglers come in blocks of 5 s, in which all attempts of one target take eight times as long. */
function blocks(seed: number): Law {
  const plain = llm(seed)
  const times = streams(createRandom(seed ^ 0x5bd1), plain.cards)
  const slow = (target: number, block: number) => createRandom(Math.imul(seed * 31 + target, 0x85eb) ^ block).chance(LLM_STRAGGLERS.share)
  return {
    ...plain,
    attempt: (target, { expectedMs }, nowMs) => ({
      firstTokenMs: expectedMs * times[target]!.lognormal(0, 0.25) * (slow(target, Math.floor(nowMs / 5_000)) ? LLM_STRAGGLERS.factor : 1),
    }),
  }
}

/** Two targets: the second starts later, reads faster and spreads wider. */
function unlike(seed: number): Law {
  const cards = [virtualCard('a'), virtualCard('b', { firstToken: { baseMs: 500, msPerInputToken: 0.1 } })]
  const spread = [0.25, 0.4]
  const random = createRandom(seed)
  const times = streams(random, cards)
  const tokens = prompts(random.fork(9))
  return {
    cards,
    request() {
      const inputTokens = tokens()
      return { inputTokens, streaming: true, expectedMs: firstTokenOf(cards[0]!, inputTokens) }
    },
    attempt: (target, { inputTokens }) => ({
      firstTokenMs:
        firstTokenOf(cards[target]!, inputTokens) * times[target]!.lognormal(0, spread[target]!) * straggle(times[target]!, LLM_STRAGGLERS),
    }),
  }
}

export const laws = {
  published,
  llm,
  'prior / 2': (seed: number) => llm(seed, { prior: { baseMs: 100, msPerInputToken: 0.125 } }),
  'prior x 2': (seed: number) => llm(seed, { prior: { baseMs: 400, msPerInputToken: 0.5 } }),
  'slope / 2': (seed: number) => llm(seed, { prior: { baseMs: 200, msPerInputToken: 0.125 } }),
  cached,
  blocks,
  unlike,
} satisfies Record<string, (seed: number) => Law>

export type LawName = keyof typeof laws
