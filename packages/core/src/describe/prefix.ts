import { joinHash } from './tokens.ts'

/** Hash of the empty prompt, where every chain begins. */
export const EMPTY_PREFIX = 0

/** Hash of a prefix that goes on with one more digest. Order matters; 52 bits, so exact as a number. */
export function chain(prefix: number, digest: number): number {
  const low = Math.imul((prefix | 0) ^ Math.imul(digest | 0, 0x9e3779b1), 0x85ebca77)
  const high = Math.imul(upper(prefix) ^ Math.imul(upper(digest), 0x9e3779b1), 0xc2b2ae3d)
  return joinHash(low + Math.imul(high, 31), high + (low >>> 15) + 1)
}

function upper(hash: number): number {
  return Math.floor(hash / 0x1_0000_0000)
}
