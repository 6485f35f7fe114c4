import type { Random } from '@routewise/core'

/** 32-bit FNV-1a of a text; equal on every platform. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = start
  for (let index = 0; index < text.length; index += 1) {
    hash ^= text.charCodeAt(index)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** A stream of random numbers that depends on nothing but its keys (mulberry32). */
export function seededRandom(...keys: readonly (string | number)[]): Random {
  let state = hashText(keys.join('\u0000'))
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A draw from the standard normal distribution (Box–Muller). */
export function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()))
  return radius * Math.cos(2 * Math.PI * random())
}

/** A draw whose logarithm is normal: median 1, spread `sigma`. */
export const drawLognormal = (random: Random, sigma: number): number => Math.exp(sigma * drawNormal(random))

/** 24 hexadecimal digits that depend on nothing but the keys. */
export function seededId(...keys: readonly (string | number)[]): string {
  const random = seededRandom('id', ...keys)
  let id = ''
  while (id.length < 24)
    id += Math.floor(random() * 0x10000)
      .toString(16)
      .padStart(4, '0')
  return id
}
