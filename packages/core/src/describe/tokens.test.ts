import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { expect, test } from 'vitest'
import { tokenFixtures } from './fixtures/tokens.ts'
import { estimateTokens, measureText } from './tokens.ts'

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
const errorsOf = (kind: string) =>
  tokenFixtures.filter(fixture => fixture.kind === kind).map(({ text, tokens }) => Math.abs(estimateTokens(text) / tokens - 1))

test('the counts of the fixtures are those of the tokenizer', () => {
  expect(tokenFixtures.map(({ text }) => countTokens(text))).toEqual(tokenFixtures.map(({ tokens }) => tokens))
})

test.each(['english', 'chinese', 'code', 'json'])('median error on %s is at most 15 %%', kind => {
  expect(errorsOf(kind).length).toBeGreaterThanOrEqual(4)
  expect(median(errorsOf(kind))).toBeLessThanOrEqual(0.15)
})

test.each([...new Set(tokenFixtures.map(({ kind }) => kind))])('no sample of %s is more than 35 %% off', kind => {
  for (const error of errorsOf(kind)) expect(error).toBeLessThanOrEqual(0.35)
})

test('median error over all fixtures is at most 8 %', () => {
  expect(median(tokenFixtures.map(({ text, tokens }) => Math.abs(estimateTokens(text) / tokens - 1)))).toBeLessThanOrEqual(0.08)
})

test('nothing costs nothing', () => {
  expect(estimateTokens('')).toBe(0)
})

test.each([
  ['one letter', 'a'],
  ['Han', '汉'],
  ['emoji', '😀'],
  ['lone surrogates', '\ud800'],
  ['NUL', '\0'],
  ['spaces', ' '],
  ['newlines', '\n'],
])('100,000 units of %s give a finite, positive, linear estimate', (_what, unit) => {
  const half = estimateTokens(unit.repeat(50_000 / unit.length))
  const whole = estimateTokens(unit.repeat(100_000 / unit.length))
  expect(half).toBeGreaterThan(0)
  expect(whole / half).toBeCloseTo(2, 2)
})

test('a long text, of which every other stretch is looked at, counts within 2 % of what its parts do', () => {
  const parts = tokenFixtures.map(fixture => fixture.text)
  const times = 40
  const long = parts.join('\n').repeat(times)
  const sum = times * parts.reduce((tokens, part) => tokens + estimateTokens(part), 0)
  expect(long.length).toBeGreaterThan(3 * 0x8000)
  expect(Math.abs(estimateTokens(long) / sum - 1)).toBeLessThan(0.02)
})

test('the digest tells texts apart: a changed, moved, added or dropped character', () => {
  const texts = ['', 'a', 'b', 'ab', 'ba', 'aab', 'aba', 'a\0', '\0a', 'a\0\0']
  const long = 'x'.repeat(0x8000)
  texts.push(long, `${long}x`, `${long}y`, `y${long}`, `${long.slice(1)}y`)
  for (let at = 0; at < 300; at++) texts.push(`${'m'.repeat(at)}n${'m'.repeat(299 - at)}`)
  expect(new Set(texts.map(text => measureText(text).hash)).size).toBe(texts.length)
})

test('the digest is the same for equal texts, whole and below 2^52', () => {
  for (const { text } of tokenFixtures) {
    const { hash } = measureText(text)
    expect(measureText(`${text.slice(0, 7)}${text.slice(7)}`).hash).toBe(hash)
    expect(Number.isSafeInteger(hash) && hash >= 0 && hash < 2 ** 52).toBe(true)
  }
})

test.each([
  ['in the middle', (index: number) => `Order number ${index} has been shipped to the customer.`],
  ['at the end', (index: number) => `order ${index}`],
])('300,000 texts that differ by a number %s have 300,000 digests', (_, textOf) => {
  const hashes = new Set<number>()
  for (let index = 0; index < 300_000; index++) hashes.add(measureText(textOf(index)).hash)
  expect(hashes.size).toBe(300_000)
})
