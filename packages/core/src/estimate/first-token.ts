import type { Clock } from '../clock.ts'
import { createLatencyWindow } from '../state/latency-window.ts'
import type { ModelCard } from '../types.ts'

/** Until a target has this many measurements, its card's prior stands in. */
const WARM_COUNT = 20
/** How late, as a multiple of what is expected, a cold target is before its silence says something. */
const COLD_SILENCE = 3
/** Quantiles are read at most this often per target: windows age by the second, decisions come by the microsecond. */
const REREAD_MS = 1_000

/** What is expected before anything was measured. A whole (unstreamed) answer comes when its last token does. */
export function priorFirstTokenMs(card: ModelCard, uncachedTokens: number, outputTokens: number, streaming: boolean): number {
  const first = card.firstToken.baseMs + card.firstToken.msPerInputToken * uncachedTokens
  return streaming ? first : first + (outputTokens / card.outputTokensPerSecond) * 1_000
}

/**
 * First-token time per target, kept as measured ÷ prior: so a long prompt is not taken for a slow provider.
 * `quantile` is the share of first tokens that should have come before silence counts (default 0.92; reliability is best at 0.92–0.95).
 */
export function createFirstTokens({ now, quantile = 0.92 }: { now: Clock['now']; quantile?: number }) {
  const targets = new Map<string, ReturnType<typeof createRatio>>()

  function createRatio() {
    const window = createLatencyWindow({ now })
    let median = 1
    let late = COLD_SILENCE
    let readAt = Number.NEGATIVE_INFINITY
    const read = () => {
      if (now() - readAt < REREAD_MS) return
      readAt = now()
      const warm = window.count >= WARM_COUNT
      median = (warm ? window.quantile(0.5) : undefined) ?? 1
      late = (warm ? window.quantile(quantile) : undefined) ?? COLD_SILENCE
    }
    return {
      median: () => (read(), median),
      late: () => (read(), late),
      add(ratio: number, censored: boolean) {
        if (censored) window.addCensored(ratio)
        else window.add(ratio)
        if (window.count <= WARM_COUNT) readAt = Number.NEGATIVE_INFINITY
      },
    }
  }
  const ratioOf = (target: string, streaming: boolean) => {
    const key = streaming ? target : `${target} whole`
    const known = targets.get(key)
    if (known !== undefined) return known
    const fresh = createRatio()
    targets.set(key, fresh)
    return fresh
  }

  return {
    /** Median first-token time to expect, given the prior for this call. */
    expect: (target: string, streaming: boolean, priorMs: number): number => priorMs * ratioOf(target, streaming).median(),
    /** Silence after which another target is worth starting. */
    silenceMs: (target: string, streaming: boolean, priorMs: number): number => priorMs * ratioOf(target, streaming).late(),
    /** `censored`: the attempt was given up, so the true time is longer than `ms`. */
    observe(target: string, streaming: boolean, priorMs: number, ms: number, censored: boolean): void {
      if (priorMs > 0) ratioOf(target, streaming).add(Math.max(ms, 0.001) / priorMs, censored)
    },
  }
}
