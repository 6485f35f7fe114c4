import { byTask, cheapest, type Policy } from '@routewise/core'
import type { Skill } from '@routewise/simulator'

/**
 * The demo's story, in one place. A support desk was written for the flagship of its day, `before`. Since then better and cheaper
 * models have come. After: the same app over `pool`, the flagship included, each turn answered by the cheapest model that is good
 * enough for its task. Prices, limits and speeds are those of the catalog.
 */
export interface PoolModel {
  id: string
  /**
   * How able the simulated model is, 0 to 1. It answers a turn of difficulty d rightly with probability 1 / (1 + exp(−8 × (skill − d))):
   * at 0.75, 97 of 100 easy turns (d = 0.3) and 60 of 100 hard ones (d = 0.7). An assumption, not a measurement of the real model:
   * newer and larger models are better, and small ones fail on what is hard. The router never sees it, nor any difficulty.
   */
  skill: Skill
  /**
   * What the user has told the router: the share of good answers by task, rounded, as a small evaluation of one's own app finds it.
   * Of the small models it is what they reach on this app's turns, most of which are not hard.
   */
  quality: Readonly<{ default: number } & Record<string, number>>
}

export interface Scenario {
  /** The one model that the app called before. It is in the pool, too. */
  before: string
  pool: readonly PoolModel[]
  policy: Policy
  /** Longest silence of a streaming attempt before it counts as failed, in provider milliseconds. */
  firstTokenTimeoutMs: number
  outage: {
    /** Shares of the turns between which the flagship's provider is down. */
    from: number
    to: number
    /** Share of the requests that meet silence; the rest meet a 503. */
    silentShare: number
    silenceMs: number
  }
  /** Provider milliseconds per real millisecond. */
  timeScale: number
  /** Conversations at once. */
  concurrency: number
}

export const scenario: Scenario = {
  before: 'claude-opus-5',
  pool: [
    {
      id: 'claude-opus-5',
      skill: 0.75,
      quality: {
        default: 0.92,
        agent: 0.92,
        chat: 0.98,
        classification: 0.89,
        code: 0.89,
        extraction: 0.96,
        reasoning: 0.85,
        summarization: 0.85,
        translation: 0.98,
      },
    },
    // Its successor: much better, and a fifth cheaper.
    {
      id: 'claude-opus-5-5',
      skill: 0.94,
      quality: {
        default: 0.97,
        agent: 0.98,
        chat: 0.99,
        classification: 0.97,
        code: 0.97,
        extraction: 0.99,
        reasoning: 0.95,
        summarization: 0.96,
        translation: 0.99,
      },
    },
    // A generation later, the middle of OpenAI's range has passed the old flagship.
    {
      id: 'gpt-6-sol',
      skill: 0.91,
      quality: {
        default: 0.96,
        agent: 0.97,
        chat: 0.99,
        classification: 0.96,
        code: 0.96,
        extraction: 0.98,
        reasoning: 0.94,
        summarization: 0.94,
        translation: 0.99,
      },
    },
    {
      id: 'gemini-3.8-flash',
      skill: 0.74,
      quality: {
        default: 0.91,
        agent: 0.92,
        chat: 0.97,
        classification: 0.89,
        code: 0.89,
        extraction: 0.95,
        reasoning: 0.84,
        summarization: 0.85,
        translation: 0.97,
      },
    },
    {
      id: 'claude-haiku-4-5',
      skill: 0.68,
      quality: {
        default: 0.88,
        agent: 0.88,
        chat: 0.96,
        classification: 0.85,
        code: 0.85,
        extraction: 0.94,
        reasoning: 0.79,
        summarization: 0.8,
        translation: 0.96,
      },
    },
    // Small: good at plain talk and at turning one text into another, lost where it has to think.
    {
      id: 'gpt-6-luna',
      skill: { default: 0.62, chat: 0.7, extraction: 0.72, translation: 0.72 },
      quality: {
        default: 0.83,
        agent: 0.83,
        chat: 0.96,
        classification: 0.8,
        code: 0.81,
        extraction: 0.95,
        reasoning: 0.73,
        summarization: 0.74,
        translation: 0.97,
      },
    },
  ],
  policy: byTask({
    // A wrong sum costs the shop money: only the best will do.
    reasoning: cheapest({ quality: 0.95 }),
    agent: cheapest({ quality: 0.97 }),
    chat: cheapest({ quality: 0.96 }),
    default: cheapest({ quality: 0.94 }),
  }),
  firstTokenTimeoutMs: 10_000,
  outage: { from: 0.4, to: 0.6, silentShare: 0.2, silenceMs: 30_000 },
  timeScale: 8,
  concurrency: 12,
}
