import type { Clock } from '../clock.ts'
import { createLatencyWindow } from '../state/latency-window.ts'
import type { ModelCard } from '../types.ts'

/** Until a target has this many measurements, its card's prior stands in. */
const WARM_COUNT = 20
/** How late, as a multiple of what is expected, a cold target is before its silence says something. */
const COLD_SILENCE = 3
/** Quantiles are read again after this long, or when the window has grown by this much: windows age by the second, decisions come by the microsecond. */
const REREAD_MS = 1_000
const REREAD_GROWTH = 1.25

/** What one more attempt may bring while another is silent. */
export interface HedgeOutlook {
  /** Share of such silences that last until the other attempt has answered. */
  winShare: number
  /** Wait that the other attempt saves, on average over those that it wins and those that it does not; measured ÷ prior. */
  savedRatio: number
}

/** What is expected before anything was measured. A whole (unstreamed) answer comes when its last token does. */
export function priorFirstTokenMs(card: ModelCard, uncachedTokens: number, outputTokens: number, streaming: boolean): number {
  const first = card.firstToken.baseMs + card.firstToken.msPerInputToken * uncachedTokens
  return streaming ? first : first + (outputTokens / card.outputTokensPerSecond) * 1_000
}

/**
 * How late one target's first tokens are, as measured ÷ prior: so a long prompt is not taken for a slow provider.
 * `quantile` is the share of first tokens that should have come before silence counts.
 */
export function createLateness({ now }: Pick<Clock, 'now'>, quantile: number) {
  const window = createLatencyWindow({ now })
  let median = 1
  let late = COLD_SILENCE
  let readAt = Number.NEGATIVE_INFINITY
  let rereadCount = 0
  const read = (time: number) => {
    if (time - readAt < REREAD_MS) return
    readAt = time
    rereadCount = Math.max(WARM_COUNT, window.count * REREAD_GROWTH)
    const warm = window.count >= WARM_COUNT
    median = (warm ? window.quantile(0.5) : undefined) ?? 1
    late = (warm ? window.quantile(quantile) : undefined) ?? COLD_SILENCE
  }
  return {
    /** Median of measured ÷ prior. */
    median(time: number): number {
      read(time)
      return median
    },
    /** Measured ÷ prior beyond which silence counts. */
    late(time: number): number {
      read(time)
      return late
    },
    /**
     * What another attempt brings that starts now and needs `otherRatio`, after a silence of `elapsedRatio`; both as measured ÷ prior.
     * Of a cold target it is known only that it is silent: it is expected to be so for as long again (a Pareto tail with exponent 2).
     */
    outlook(elapsedRatio: number, otherRatio: number): HedgeOutlook {
      const from = Math.max(elapsedRatio, Number.MIN_VALUE)
      const past = from + otherRatio
      if (window.count < WARM_COUNT) return { winShare: (from / past) ** 2, savedRatio: from ** 2 / past }
      return { winShare: window.survival(from, past), savedRatio: window.meanExcess(from, past) }
    },
    /** `censored`: the attempt was given up, so the true time is longer than `ms`. */
    observe(ms: number, priorMs: number, censored: boolean): void {
      if (!(priorMs > 0)) return
      const ratio = Math.max(ms, 0.001) / priorMs
      if (censored) window.addCensored(ratio)
      else window.add(ratio)
      if (window.count >= rereadCount) readAt = Number.NEGATIVE_INFINITY
    },
  }
}
