// Stay or switch: conversations whose turns need a strong model now and then, through the router, against the least they can cost.
import { type Candidate, cheapest, costOf, estimateTokens, type Policy, type PrefixBlock } from '@routewise/core'
import { hashText, seededRandom } from '../../../packages/simulator/src/seed.ts'
import { atMost, type BenchOptions, type Figure, measured, median, quartiles } from '../figures.ts'
import { type AgentConversation, readAgentConversations } from './agent-conversations.ts'
import { type Fleet, fleets, QUALITY } from './switch/fleets.ts'
import { optimum } from './switch/optimum.ts'
import { play, type PlayOptions, START_MS, type Step, type Talk, type Turn } from './switch/play.ts'

const SEEDS = 5
/** Conversations of a round, about. */
const CONVERSATIONS = 40
/** Share of turns that need the strong model; each seed has one of them. */
const HARD_SHARES = [0.03, 0.1, 0.3]
/** The fixed rule leaves a conversation's model for one that is cheaper by this share on the call at hand. */
const FIXED_SHARE = 0.2
/** What frames a message, in tokens. */
const FRAME_TOKENS = 4

interface Round {
  fleet: Fleet
  steps: readonly Step[]
  leastUsd: number
}

export async function run({ data, quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const talks = data === undefined ? generated() : (await readAgentConversations(data)).map(talkOf)
  if (data === undefined)
    log('switch: generated conversations; recorded ones are mini-SWE-agent’s (github.com/SWE-agent/mini-swe-agent), read with --data DIR')
  const rounds: Round[] = []
  // Each seed has its own.
  const stride = Math.max(1, Math.floor(talks.length / (quick ? 12 : CONVERSATIONS)))
  for (const [at, fleet] of fleets().entries()) {
    for (let seed = 0; seed < (quick ? 1 : SEEDS); seed += 1) {
      const share = HARD_SHARES[(at + seed) % HARD_SHARES.length]!
      const chosen = talks.filter((_, index) => index % stride === seed % stride)
      const conversations = chosen.map((talk, index) => stepsOf(talk, share, seededRandom('hard', seed, index)))
      const steps = conversations.flat().toSorted((a, b) => a.turn.at - b.turn.at)
      rounds.push({ fleet, steps, leastUsd: conversations.reduce((sum, conversation) => sum + optimum(fleet, conversation), 0) })
    }
  }
  const ratios = async (name: string, of: readonly Round[], optionsFor: (fleet: Fleet) => PlayOptions): Promise<number[]> => {
    const all: number[] = []
    for (const { fleet, steps, leastUsd } of of) {
      const { usd, calls } = await play(fleet, steps, optionsFor(fleet))
      all.push(usd / leastUsd)
      const hard = steps.filter(step => step.hard).length / steps.length
      const shares = [...calls].map(([id, count]) => `${id} ${((100 * count) / steps.length).toFixed(0)} %`)
      log(
        `switch: ${name} ${fleet.name}, ${(100 * hard).toFixed(0)} % hard: ${(usd / leastUsd).toFixed(3)} × $${leastUsd.toFixed(2)} (${shares.join(', ')})`,
      )
    }
    return all
  }
  const routed = await ratios('routed', rounds, () => ({}))
  // What nobody is held to: one seed of each fleet.
  const some = rounds.filter((_, at) => at % (quick ? 1 : SEEDS) === 0)
  const other = async (name: string, optionsFor: (fleet: Fleet) => PlayOptions): Promise<Figure> => {
    const values = await ratios(name, some, optionsFor)
    return measured(median(values), '×', quartiles(values))
  }
  return {
    switch_vs_optimum: atMost(median(routed), 1.08, '×', quartiles(routed)),
    switch_worst: measured(Math.max(...routed), '×'),
    switch_mean: measured(routed.reduce((sum, ratio) => sum + ratio, 0) / routed.length, '×'),
    switch_by_call_alone: await other('by the call alone', () => ({ stay: false })),
    switch_never: await other('never', fleet => ({ policy: last => neverSwitch(fleet, last) })),
    switch_always_cheapest: await other('always cheapest', () => ({ policy: () => byListPrice })),
    switch_fixed_percent: await other('fixed percent', () => ({ policy: fixedPercent })),
  }
}

const good = (candidates: readonly Candidate[]) => candidates.filter(({ expectedQuality }) => expectedQuality >= QUALITY)
const cheapestNow = cheapest({ quality: QUALITY })

/** One strong model for the whole conversation. */
const neverSwitch =
  ({ models }: Fleet, last: string | undefined): Policy =>
  (candidates, features) => {
    const strong = models.filter(model => model.strong && (last === undefined || model.card.id === last))
    return cheapestNow(
      candidates.filter(({ id }) => strong.some(({ card }) => card.id === id)),
      features,
    )
  }

/** The lowest price for a prompt that nobody has read. */
const byListPrice: Policy = candidates => {
  const listed = ({ card, inputTokens, outputTokens }: Candidate) =>
    costOf(card, { inputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens, reasoningTokens: 0 }, START_MS) ?? Infinity
  return good(candidates).sort((a, b) => listed(a) - listed(b))
}

/** Stays, unless another is cheaper by a fixed share for this call. */
const fixedPercent =
  (last: string | undefined): Policy =>
  (candidates, features) => {
    const ordered = good(cheapestNow(candidates, features)).sort((a, b) => a.expectedCostUsd - b.expectedCostUsd)
    const stay = ordered.find(({ id }) => id === last)
    return stay === undefined || ordered[0]!.expectedCostUsd < (1 - FIXED_SHARE) * stay.expectedCostUsd ? ordered : [stay]
  }

/** Turns of a conversation, some of which need the strong model. */
const stepsOf = (talk: Talk, share: number, random: () => number): Step[] =>
  talk.turns.map(turn => ({ talk, turn, hard: random() < share }))

function talkOf({ id, msgs, calls }: AgentConversation): Talk {
  let tokens = 0
  let hash = 0
  const blocks = msgs.map(([role, text], at): PrefixBlock => {
    tokens += estimateTokens(text) + FRAME_TOKENS
    hash = hashText(`${hash}/${at}/${text}`) * 0x100000 + (hashText(`${text}/${hash}`) & 0xfffff)
    return { hash, digest: hashText(text), tokens, parts: at + 1, role: ROLES[role], marked: false }
  })
  const turns = calls.filter(({ i }) => i > 0 && i <= msgs.length).map(({ t, i, o }) => ({ at: t * 1_000, messages: i, outputTokens: o }))
  if (turns.length === 0) throw new Error(`${id} has no calls`)
  return { blocks, turns }
}
const ROLES = { s: 'system', u: 'user', a: 'assistant' } as const

/** Conversations after the law of the recorded ones: some dozens of calls, seconds apart, each adding some hundred tokens. */
function generated(): readonly Talk[] {
  const random = seededRandom('conversations')
  const around = (middle: number, spread: number) => Math.round(middle * Math.exp(spread * (random() + random() + random() - 1.5)))
  return Array.from({ length: 80 }, (_, index) => {
    const start = random() * 3_600_000
    const turns: Turn[] = []
    const blocks: PrefixBlock[] = []
    let tokens = 0
    const add = (role: PrefixBlock['role'], more: number) => {
      tokens += more
      const at = blocks.length
      const hash = hashText(`${role}/${at}`, hashText(String(role === 'system' ? 0 : index + 1))) * 0x100000 + at
      blocks.push({ hash, digest: hash, tokens, parts: at + 1, role, marked: false })
    }
    add('system', 400)
    add('user', around(2_500, 1.5))
    let at = start
    for (let left = around(35, 1); left > 0; left -= 1) {
      const outputTokens = around(120, 2)
      turns.push({ at, messages: blocks.length, outputTokens })
      add('assistant', outputTokens)
      add('user', around(250, 2))
      at += around(5_000, 2)
    }
    return { blocks, turns }
  })
}
