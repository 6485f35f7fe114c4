/** Seeded chance (mulberry32): the same seed gives the same run on every machine. */
export function createRandom(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    /** From 0 up to, not including, 1. */
    next,
    normal,
    /** `mu` and `sigma` of the logarithm. */
    lognormal: (mu: number, sigma: number): number => Math.exp(mu + sigma * normal()),
    exponential: (mean: number): number => -mean * Math.log(1 - next()),
    /** A whole number from `low` to `high`, both included. */
    integer: (low: number, high: number): number => low + Math.floor(next() * (high - low + 1)),
    chance: (share: number): boolean => next() < share,
    pick: <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!,
    /** A stream of its own, so that one part of a run does not shift another. */
    fork: (label: number) => createRandom((state ^ Math.imul(label + 1, 0x9e3779b1)) >>> 0),
  }
}

export type SeededRandom = ReturnType<typeof createRandom>
