import type { FinishReason, Usage } from '@routewise/core'
import type { Fault } from './faults.ts'

/** Characters of content that the core takes for a token of generated text. */
export const CHARS_PER_TOKEN = 4

/** Trillionths of a US dollar per token: whole numbers, so that the provider's own bill needs no rounding but its last. */
export interface PicoRates {
  input: number
  cacheRead: number
  output: number
}

/** One attempt as the provider saw it, and what it charged for it. */
export interface Entry {
  /** `t3.a17`: the seventeenth attempt of the run, at the third target. */
  readonly name: string
  /** Place among all attempts of the run. */
  readonly number: number
  readonly target: string
  readonly call: number
  readonly streaming: boolean
  readonly openedAt: number
  readonly fault: Fault | undefined
  headersAt: number | undefined
  /** First chunk with content, as it was given to the core. */
  firstTokenAt: number | undefined
  abortedAt: number | undefined
  /** How the iterator ended, and when. */
  ended: 'done' | 'failed' | 'returned' | undefined
  endedAt: number | undefined
  /** Chunks and tokens that the core was given before it aborted. */
  chunks: number
  tokens: number
  finish: FinishReason | undefined
  finishAt: number | undefined
  /** Longest time that the core waited for one chunk after the first token. */
  longestWaitMs: number
  /** The last figures it has sent; they need not be true. */
  reported: Partial<Usage> | undefined
  /** Says what it charges. */
  honest: boolean
  /** What it charges, as of now. */
  charged(): Usage
  readonly rates: PicoRates | undefined
}

/** Nano-dollars, rounded once, half up; `undefined` when there is no price. Not the core's own arithmetic, on purpose. */
export function billOf(rates: PicoRates | undefined, { inputTokens, cacheReadTokens, outputTokens }: Usage): number | undefined {
  if (rates === undefined) return undefined
  const pico = (inputTokens - cacheReadTokens) * rates.input + cacheReadTokens * rates.cacheRead + outputTokens * rates.output
  const rest = pico % 1_000
  return (pico - rest) / 1_000 + (rest >= 500 ? 1 : 0)
}

/** When nobody waited for it any more. */
export const overAt = ({ abortedAt, endedAt }: Entry): number =>
  Math.min(abortedAt ?? Number.POSITIVE_INFINITY, endedAt ?? Number.POSITIVE_INFINITY)

/** All attempts of a run, in the order they were opened. */
export function createLedger() {
  const entries: Entry[] = []
  const byCall = new Map<number, Entry[]>()
  return {
    entries: entries as readonly Entry[],
    add(entry: Entry): void {
      entries.push(entry)
      const known = byCall.get(entry.call)
      if (known === undefined) byCall.set(entry.call, [entry])
      else known.push(entry)
    },
    of: (call: number): readonly Entry[] => byCall.get(call) ?? [],
    /** The attempt that has made this text. */
    named(name: string): Entry | undefined {
      const at = name.indexOf('.a')
      return at < 0 ? undefined : entries[Number.parseInt(name.slice(at + 2), 10)]
    },
  }
}

export type Ledger = ReturnType<typeof createLedger>
