import { expect, test } from 'vitest'
import { differenceOf } from './text-difference.ts'
import { excerptOf } from './excerpt.ts'
import { isRandom } from './volatile.ts'

test.each([
  ['Sun Nov 22 2026 03:29:51 GMT', 'Sun Nov 22 2026 03:29:52 GMT', 'timestamp'],
  ['Date: 21 November 2026', 'Date: 22 November 2026', 'timestamp'],
  ['on 11/21/2026 we', 'on 11/22/2026 we', 'timestamp'],
  ['am Montag, 2026-11-23', 'am Montag, 2026-11-30', 'timestamp'],
  ['"ts": 1795312800', '"ts": 1795312861', 'timestamp'],
  ['run 01ARZ3NDEKTSV4RRFFQ69G5FAV ends', 'run 01BX5ZZKBKACTAV9WEVGEMMVRZ ends', 'random-id'],
  ['id=req_8fj2k1m9', 'id=req_x71hq0b4', 'random-id'],
  ['sha 9f8e7d6c5b4a', 'sha 0a1b2c3d4e5f', 'random-id'],
  ['You have 12 tries left', 'You have 11 tries left', 'counter'],
  ['$3.20 of $5', '$3.90 of $5', 'counter'],
  ['the cat sat', 'the dog sat', undefined],
  ['call getUserById', 'call getUserByName', undefined],
  ['use JavaScriptAPI', 'use TypeScriptAPI', undefined],
  ['Version one', 'Version 1', undefined],
])('%s → %s', (before, after, kind) => {
  expect(differenceOf(before, after).kind).toBe(kind)
})

test('names that people make do not look random', () => {
  for (const name of [
    'getUserByIdAndName2',
    'JavaScriptAndTypeScript',
    'utf8-decoder',
    'gpt-4o-mini-2024',
    'eBayPayPal',
    'internationalization',
  ]) {
    expect(isRandom(name)).toBe(false)
  }
})

test('what two texts share after a difference is counted past each time in them', () => {
  const text = (time: string) => `At ${time}: ${'a'.repeat(100)} until ${time}, ${'b'.repeat(100)} and ${time}!`
  const { at, sharedAfter } = differenceOf(text('10:00'), text('10:01'))
  expect(at).toBe(7)
  expect(sharedAfter).toBeGreaterThan(215)
})

test('an excerpt is one line of 80 characters at most, and shows the place', () => {
  const text = `${'x '.repeat(500)}\nhere it is\t${'y '.repeat(500)}`
  const excerpt = excerptOf(text, text.indexOf('here'))
  expect(excerpt).toHaveLength(80)
  expect(excerpt).toMatch(/^….*x {2}here it is y.*…$/)
  expect(excerptOf('', 0)).toBe('')
})

test('keys are masked also where the excerpt cuts them', () => {
  const key = `sk-${'Ab3'.repeat(40)}`
  for (let at = 0; at < key.length; at += 7) expect(excerptOf(`${'p '.repeat(40)}${key} tail`, 80 + at)).not.toContain('Ab3Ab3')
  expect(excerptOf(`token: ${'Zx9'.repeat(20)}`, 7)).not.toContain('x9Zx9')
  expect(excerptOf('id 3f2b8c1e-9d4a-4c7b-8a2e-000000000000', 3)).toContain('3f2b8c1e-9d4a')
})
