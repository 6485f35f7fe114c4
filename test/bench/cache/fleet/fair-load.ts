const MINUTE_MS = 60_000
/** What an upstream may have of its fair share of a minute's tokens, and the tokens over that which are forgiven. */
const MAX_SHARE = 1.3
const FORGIVEN_TOKENS = 100_000

/** Watches that no upstream gets more than its share of the tokens of any minute, wherever the minute begins. */
export function createFairLoad(upstreams: number) {
  const sent: { at: number; upstream: number; tokens: number }[] = []
  const loads = Array.from({ length: upstreams }, () => 0)
  let oldest = 0
  let excesses = 0
  let worst = 0
  return {
    sent(upstream: number, tokens: number, at: number): void {
      for (; oldest < sent.length && sent[oldest]!.at <= at - MINUTE_MS; oldest += 1) loads[sent[oldest]!.upstream]! -= sent[oldest]!.tokens
      sent.push({ at, upstream, tokens })
      loads[upstream]! += tokens
      const all = loads.reduce((sum, load) => sum + load, 0)
      const used = loads[upstream]! / ((MAX_SHARE * all) / upstreams + FORGIVEN_TOKENS)
      worst = Math.max(worst, used)
      if (used > 1) excesses += 1
    },
    /** Requests that were one too many, and the largest load as a share of what an upstream may have. */
    sum: (): { excesses: number; worst: number } => ({ excesses, worst }),
  }
}
