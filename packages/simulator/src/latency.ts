import type { ModelCard, Random } from '@routewise/core'
import { drawLognormal } from './seed.ts'

/** How fast a model answers. First token: (`baseMs` + `msPerInputToken` × uncached input tokens) × lognormal(`sigma`), for stragglers × `stragglerFactor`. */
export interface LatencyLaw {
  baseMs: number
  msPerInputToken: number
  /** Spread of the first token: standard deviation of its logarithm. Default 0.25. */
  sigma: number
  /** Share of requests that are far too slow. Default 0.02. */
  stragglerShare: number
  /** How much slower those are. Default 6. */
  stragglerFactor: number
  outputTokensPerSecond: number
}

export interface DrawnLatency {
  firstTokenMs: number
  msPerOutputToken: number
}

/** The law of a model: its card's figures unless given. */
export const latencyLaw = (card: ModelCard, given: { [Name in keyof LatencyLaw]?: number | undefined } = {}): LatencyLaw => ({
  baseMs: card.firstToken.baseMs,
  msPerInputToken: card.firstToken.msPerInputToken,
  sigma: 0.25,
  stragglerShare: 0.02,
  stragglerFactor: 6,
  outputTokensPerSecond: card.outputTokensPerSecond,
  ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<LatencyLaw>),
})

/** Draws the latency of one request. Takes the same number of draws whatever comes out. */
export function drawLatency(law: LatencyLaw, uncachedTokens: number, random: Random): DrawnLatency {
  const spread = drawLognormal(random, law.sigma)
  const straggles = random() < law.stragglerShare
  return {
    firstTokenMs: (law.baseMs + law.msPerInputToken * uncachedTokens) * spread * (straggles ? law.stragglerFactor : 1),
    msPerOutputToken: 1000 / law.outputTokensPerSecond,
  }
}
