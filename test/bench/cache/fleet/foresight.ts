import type { AgentPrompt } from './agent-prompts.ts'

const MINUTE_MS = 60_000
const LIFETIME_MS = 300_000
/** Length of one period of the future, and how many are looked at: four minutes. */
const PERIOD_MS = 15_000
const PERIODS = 16
/** Weights of a full upstream now and of crowded ones to come, in mean prompts. Tried: others do no better. */
const NOW_WEIGHT = 0.3
const FUTURE_WEIGHT = 0.05

/** The same trade as placement makes, by somebody who knows all that every conversation will send: what foresight could gain. */
export function foresight(prompts: readonly AgentPrompt[]): (prompt: AgentPrompt, upstreams: number) => number {
  const future = new Map<string, Map<number, number>>()
  for (const { session, at, tokens } of prompts) {
    const periods = future.get(session) ?? new Map<number, number>()
    const period = Math.floor(at / PERIOD_MS)
    periods.set(period, (periods.get(period) ?? 0) + tokens)
    future.set(session, periods)
  }
  const homes = new Map<string, number>()
  const held = new Map<string, { tokens: number; at: number }>()
  const sent: { upstream: number; tokens: number; at: number }[] = []
  let meanTokens = 0

  return ({ session, at, tokens }, upstreams) => {
    meanTokens += (tokens - meanTokens) / Math.min(100, sent.length + 1)
    while (sent.length > 0 && sent[0]!.at <= at - MINUTE_MS) sent.shift()
    const loads = Array.from({ length: upstreams }, () => 0)
    for (const one of sent) loads[one.upstream]! += one.tokens
    const all = loads.reduce((sum, load) => sum + load, tokens)
    const now = Math.floor(at / PERIOD_MS)
    const coming = loads.map(() => new Float64Array(PERIODS))
    const comingOfAll = new Float64Array(PERIODS)
    for (const [other, home] of homes) if (other !== session) addFuture(other, home)
    const heldAt = loads.map((_, upstream) => {
      const entry = held.get(`${session}/${upstream}`)
      return entry !== undefined && entry.at > at - LIFETIME_MS ? entry.tokens : 0
    })
    const most = Math.max(...heldAt)
    const costs = loads.map((load, upstream) => {
      const fullness = (load + tokens) / ((1.3 * all) / upstreams + 100_000)
      const wall = fullness > 1 ? 1e12 * fullness : 0
      return (
        wall + most - heldAt[upstream]! + meanTokens * (NOW_WEIGHT * fullness ** 8 + (most === 0 ? 1 : FUTURE_WEIGHT) * crowding(upstream))
      )
    })
    const chosen = costs.indexOf(Math.min(...costs))
    homes.set(session, chosen)
    held.set(`${session}/${chosen}`, { tokens, at })
    sent.push({ upstream: chosen, tokens, at })
    return chosen

    function addFuture(other: string, home: number): void {
      const periods = future.get(other)!
      for (let ahead = 0; ahead < PERIODS; ahead += 1) {
        const tokensThen = periods.get(now + ahead) ?? 0
        coming[home]![ahead]! += tokensThen
        comingOfAll[ahead]! += tokensThen
      }
    }
    /** How far over its share an upstream would come with this conversation, squared and summed. */
    function crowding(upstream: number): number {
      let sum = 0
      for (let ahead = 0; ahead < PERIODS; ahead += 1) {
        const own = future.get(session)!.get(now + ahead) ?? 0
        const share = (coming[upstream]![ahead]! + own) / ((comingOfAll[ahead]! + own) / upstreams + 6_000)
        sum += Math.max(0, share - 1) ** 2
      }
      return sum
    }
  }
}
