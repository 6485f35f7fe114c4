import type { Print } from './print.ts'

/** From a difference on, how many blocks of the earlier prompt are gone and how many new ones stand there, until both go on alike. */
export interface Shift {
  removed: number
  added: number
  /** `false`: they do not go on alike. */
  found: boolean
}

/** New blocks that are looked behind for one that was there before. */
const MAX_ADDED = 64
/** Blocks in a row that are compared to tell a true place from one that is like it by chance. */
const RUN = 8

/** Where two prompts that differ at `p` and `n` go on alike. `places` tells where a digest stands in the earlier prompt. */
export function align(
  before: readonly Print[],
  after: readonly Print[],
  p: number,
  n: number,
  places: ReadonlyMap<number, readonly number[]>,
): Shift {
  const most = Math.min(MAX_ADDED, after.length - n - 1)
  for (let added = 0; added <= most; added += 1) {
    let best = -1
    let bestRun = 0
    for (const place of places.get(after[n + added]!.digest) ?? []) {
      if (place < p || (added === 0 && place === p)) continue
      const run = runFrom(before, after, place, n + added)
      // One block alone may be like another by chance ("continue"), unless the earlier prompt ends with it.
      if (run > bestRun && (run > 1 || place === before.length - 1)) {
        best = place
        bestRun = run
      }
    }
    if (best >= 0) return { removed: best - p, added, found: true }
  }
  return { removed: 1, added: 1, found: false }
}

function runFrom(before: readonly Print[], after: readonly Print[], p: number, n: number): number {
  let run = 0
  while (run < RUN && p + run < before.length && n + run < after.length && before[p + run]!.digest === after[n + run]!.digest) run += 1
  return run
}

/** Where each digest stands, in ascending order. */
export function placesOf(prints: readonly Print[]): Map<number, number[]> {
  const places = new Map<number, number[]>()
  for (const [place, { digest }] of prints.entries()) {
    const known = places.get(digest)
    if (known === undefined) places.set(digest, [place])
    else known.push(place)
  }
  return places
}
