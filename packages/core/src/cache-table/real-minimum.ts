/** Sizes that were missed, and of them the fewest that say something: one may be an accident. */
const MAX_MISSES = 32
const TELLING_MISSES = 4
/** No provider asks for more than this. */
const LARGEST_MINIMUM = 16_384

/** The shortest prefix that a cache really holds: documents contradict each other, and what is shorter is silently left alone. */
export interface RealMinimum {
  tokens(): number
  /** A prefix of so many tokens was found there, or written. */
  found(tokens: number): void
  /** One of so many tokens should have been, and was not. */
  missed(tokens: number): void
}

/**
 * Starts as `documentedTokens`. A prefix that is found below it lowers it at once. It rises to what is missed again and again, but never
 * past what was found, and only where something longer was: a cache that holds nothing at all has no minimum.
 */
export function createRealMinimum(documentedTokens: number): RealMinimum {
  let shortestFound = Number.POSITIVE_INFINITY
  let misses: number[] = []
  let tokens = documentedTokens

  function learn(): void {
    if (shortestFound < documentedTokens) tokens = shortestFound
    else if (shortestFound === Number.POSITIVE_INFINITY || misses.length < TELLING_MISSES) tokens = documentedTokens
    // The longest but one: the longest may have been missed for another reason.
    else tokens = Math.min(shortestFound, misses.toSorted((a, b) => b - a)[1]! + 1, LARGEST_MINIMUM)
  }

  return {
    tokens: () => tokens,
    found(size) {
      if (size <= 0 || size >= shortestFound) return
      shortestFound = size
      misses = misses.filter(miss => miss < size)
      learn()
    },
    missed(size) {
      if (size < documentedTokens || size >= shortestFound || size > LARGEST_MINIMUM) return
      misses.push(size)
      if (misses.length > MAX_MISSES) misses.shift()
      learn()
    },
  }
}
