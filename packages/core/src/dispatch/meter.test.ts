import { expect, test } from 'vitest'
import type { Reading } from '../types.ts'
import { Meter } from './meter.ts'

/** A reading that leaves its word for later, and counts how often it is read. */
function later(text: string, characters = text.length) {
  const seen = { times: 0 }
  const read = () => {
    seen.times += 1
    return [{ text, contentChars: text.length }]
  }
  return { seen, reading: { meaningful: true, later: { characters, read } } satisfies Reading }
}

test('words that nobody asks for are not read', () => {
  const meter = new Meter()
  const { seen, reading } = later('word')
  meter.add(reading)
  meter.add({ meaningful: false, finish: 'stop', usage: { inputTokens: 1, outputTokens: 1 } })
  expect(meter.finish).toBe('stop')
  expect(seen.times).toBe(0)
})

test('words are read once, in their order, whichever way they came', () => {
  const meter = new Meter()
  const first = later('one ')
  const third = later('three')
  meter.add(first.reading)
  meter.add({ meaningful: true, text: 'two ', contentChars: 4 })
  meter.add(third.reading)
  expect(meter.text).toBe('one two three')
  expect(meter.contentChars).toBe(13)
  expect([first.seen.times, third.seen.times]).toEqual([1, 1])
})

test('only so many chunks, and so many of their characters, are kept unread', () => {
  const many = Array.from({ length: 100 }, (_, at) => later(`${at} `))
  const meter = new Meter()
  for (const { reading } of many) meter.add(reading)
  expect(many.filter(({ seen }) => seen.times === 0).length).toBeLessThan(32)
  const long = [later('a', 100_000), later('b', 100_000)]
  const other = new Meter()
  for (const { reading } of long) other.add(reading)
  expect(long.map(({ seen }) => seen.times)).toEqual([1, 1])
})

test('usage is final until something more is said, read or not', () => {
  const meter = new Meter()
  meter.add(later('word').reading)
  expect(meter.hasContentSinceUsage).toBe(true)
  meter.add({ meaningful: false, usage: { outputTokens: 1 } })
  expect(meter.text).toBe('word')
  expect(meter.hasContentSinceUsage).toBe(false)
  meter.add(later('more').reading)
  expect(meter.hasContentSinceUsage).toBe(true)
})
