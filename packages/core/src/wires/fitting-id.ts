import { stableHash } from './stable-hash.ts'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** Mistral takes ids of this length alone; all others take it, too. Source: its error 3280. */
const LENGTH = 9

/** All ids fit where no pattern is known. */
export const fitsPattern = (id: string, pattern: RegExp | undefined): boolean => pattern === undefined || pattern.test(id)

/** The id itself, where it fits and is not `taken`; else nine letters and digits, always the same for the same id and those taken before it. */
export function fittingId(id: string, pattern: RegExp | undefined, taken: ReadonlySet<string>): string {
  if (fitsPattern(id, pattern) && !taken.has(id)) return id
  for (let round = 0; ; round += 1) {
    const name = nineOf(id, round)
    if (!taken.has(name)) return name
  }
}

function nineOf(id: string, round: number): string {
  let [low, high] = [stableHash(id, 2 * round), stableHash(id, 2 * round + 1)]
  let name = ''
  for (let at = 0; at < LENGTH; at += 1) {
    name += LETTERS[low % LETTERS.length]
    low = Math.floor(low / LETTERS.length)
    // Each half gives five letters.
    if (at === 4) [low, high] = [high, low]
  }
  return name
}
