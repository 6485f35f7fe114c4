import { expect, test } from 'vitest'
import { chain, EMPTY_PREFIX } from './prefix.ts'

test('the order of blocks matters', () => {
  expect(chain(chain(EMPTY_PREFIX, 1), 2)).not.toBe(chain(chain(EMPTY_PREFIX, 2), 1))
})

test('the upper and the lower half of both numbers matter', () => {
  const digest = 0x7_89ab_cdef_0123
  const base = chain(0x5_4321_0fed_cba9, digest)
  expect(chain(0x5_4321_0fed_cba8, digest)).not.toBe(base)
  expect(chain(0x4_4321_0fed_cba9, digest)).not.toBe(base)
  expect(chain(0x5_4321_0fed_cba9, digest - 1)).not.toBe(base)
  expect(chain(0x5_4321_0fed_cba9, digest - 2 ** 40)).not.toBe(base)
})

test('long chains of equal blocks never repeat, and stay whole numbers below 2^52', () => {
  const seen = new Set<number>()
  let hash = EMPTY_PREFIX
  for (let block = 0; block < 100_000; block++) {
    hash = chain(hash, 7)
    expect(Number.isSafeInteger(hash) && hash >= 0 && hash < 2 ** 52).toBe(true)
    seen.add(hash)
  }
  expect(seen.size).toBe(100_000)
})
