import { createParser, type EventSourceMessage } from 'eventsource-parser'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEventCutter, lastEventStart } from './event-cutter.ts'

const MB = 1024 * 1024

function eventsOf(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = []
  createParser({ onEvent: event => events.push(event) }).feed(text)
  return events
}

/** Streams with every way to end a line, and with what stands between events. */
const corpus: Record<string, string> = {
  LF: 'data: {"a":1}\n\ndata: {"b":2}\n\n',
  CRLF: 'data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\n',
  CR: 'data: {"a":1}\r\rdata: {"b":2}\r\r',
  mixed: 'data: 1\r\n\ndata: 2\n\r\ndata: 3\r\r\ndata: 4\n\rdata: 5\r\n\rdata: 6\n\n',
  'a byte order mark': '\ufeffdata: {"a":1}\n\ndata: {"b":2}\n\n',
  comments: ': OPENROUTER PROCESSING\n\n: \r\n\r\ndata: 1\n\n:\n\n',
  'names and several lines': 'event: delta\ndata: one\ndata: two\nid: 7\n\nevent: end\r\ndata: three\r\n\r\n',
  emoji: 'data: {"text":"👩‍👩‍👧 café 日本語"}\n\ndata: {"text":"🦊"}\r\n\r\n',
  'empty lines': '\n\n\r\n\r\ndata: 1\n\n\n\n\r\rdata: 2\n\n',
  'no last empty line': 'data: 1\n\ndata: cut o',
}

describe('the cutter', () => {
  describe.each(Object.entries(corpus))('%s', (_, stream) => {
    const bytes = Buffer.from(stream)
    const whole = eventsOf(stream)

    function cutAt(...places: number[]): Buffer[] {
      const cutter = createEventCutter(MB)
      const edges = [0, ...places, bytes.length]
      return edges.slice(1).flatMap((end, at) => {
        const piece = bytes.subarray(edges[at], end)
        return piece.length === 0 ? [] : (cutter.cut(piece) ?? [])
      })
    }

    test('gives the same events wherever the network cuts', () => {
      for (let first = 0; first <= bytes.length; first += 1) {
        for (let second = first; second <= bytes.length; second += 1) {
          const batches = cutAt(first, second)
          expect(batches.flatMap(batch => eventsOf(batch.toString()))).toEqual(whole)
        }
      }
    })

    test('gives the same events byte by byte, each batch whole, and no byte but a byte order mark is lost', () => {
      const batches = cutAt(...Array.from(bytes.keys()).slice(1))
      for (const batch of batches) expect(eventsOf(`${batch.toString()}data: next\n\n`).at(-1)?.data).toBe('next')
      const plain = stream.replace('\ufeff', '')
      expect(plain.startsWith(Buffer.concat(batches).toString())).toBe(true)
      expect(batches.flatMap(batch => eventsOf(batch.toString()))).toEqual(whole)
    })

    test('is walked back event by event', () => {
      const batch = Buffer.concat(cutAt())
      const found: EventSourceMessage[] = []
      for (let start = batch.length; start > 0;) {
        const end = start
        start = lastEventStart(batch, end)
        expect(start).toBeLessThan(end)
        found.unshift(...eventsOf(batch.toString('utf8', start, end)))
      }
      expect(found).toEqual(whole)
    })
  })

  test('any stream, cut anywhere, is the same stream', () => {
    const line = fc.oneof(
      fc.constantFrom('data: 1', 'data:', ': x', 'event: e', 'id: 1', 'retry: 5', 'nothing'),
      fc.string({ unit: 'grapheme', maxLength: 6 }).map(text => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
    )
    const stream = fc
      .array(fc.tuple(fc.oneof(line, fc.constant('')), fc.constantFrom('\n', '\r', '\r\n')), { maxLength: 12 })
      .map(lines => lines.flat().join(''))
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 80 }), { maxLength: 8 }), (stream, places) => {
        const bytes = Buffer.from(stream)
        const cutter = createEventCutter(MB)
        const edges = [0, ...places.filter(place => place < bytes.length).toSorted((a, b) => a - b), bytes.length]
        const batches = edges.slice(1).flatMap((end, at) => {
          const piece = bytes.subarray(edges[at], end)
          return piece.length === 0 ? [] : (cutter.cut(piece) ?? [])
        })
        expect(batches.flatMap(batch => eventsOf(batch.toString()))).toEqual(eventsOf(stream))
      }),
      { numRuns: 3_000 },
    )
  })

  test('an event longer than the bound is an error, with no more kept than the bound and one read', () => {
    const cutter = createEventCutter(4 * MB)
    const read = Buffer.alloc(64 * 1024, 'x')
    let taken = 0
    expect(() => {
      for (; taken < 64 * MB; taken += read.length) cutter.cut(read)
    }).toThrow('longer than 4194304 bytes')
    expect(taken).toBeLessThanOrEqual(4 * MB)
  })

  test('a long event takes time in proportion to its length', () => {
    const cutter = createEventCutter(64 * MB)
    const read = Buffer.alloc(64 * 1024, 'x')
    const startedAt = performance.now()
    for (let taken = 0; taken < 32 * MB; taken += read.length) expect(cutter.cut(read)).toBeUndefined()
    expect(cutter.cut(Buffer.from('\n\n'))?.length).toBe(32 * MB + 2)
    // 512 reads that each copied all that was kept would be 8 GB.
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })
})
