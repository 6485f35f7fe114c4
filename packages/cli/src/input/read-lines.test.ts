import { expect, test } from 'vitest'
import { collect, gzipped, temporaryDirectory } from '../testing/fixtures.ts'
import { type Line, readLines } from './read-lines.ts'

const linesOf = async (path: string, options?: { longestLineBytes?: number }): Promise<Line[]> => collect(readLines(path, options))

test('numbers lines from 1, skips blank ones, and takes a last line without its end', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('a.jsonl', '\uFEFFone\r\n\n  \ntwo')
  expect(await linesOf(path)).toEqual([
    { number: 1, text: 'one\r' },
    { number: 4, text: 'two' },
  ])
})

test('gunzips whatever is gzip, whatever it is called', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('plain.txt', gzipped('one\ntwo\n'))
  expect(await linesOf(path)).toEqual([
    { number: 1, text: 'one' },
    { number: 2, text: 'two' },
  ])
})

test('keeps characters whole across chunks of the file', async () => {
  await using directory = await temporaryDirectory()
  const text = '🙂ß'.repeat(40_000)
  const path = await directory.write('long.jsonl', `${text}\n${text}`)
  expect(await linesOf(path)).toEqual([
    { number: 1, text },
    { number: 2, text },
  ])
})

test('reports a line that is too long and goes on with the next', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('huge.jsonl', `${'x'.repeat(3_000_000)}\nshort\n`)
  const [huge, short] = await linesOf(path, { longestLineBytes: 1_000_000 })
  expect(huge).toEqual({ number: 1, problem: '3 MB long, more than the 1 MB a line may have' })
  expect(short).toEqual({ number: 2, text: 'short' })
})

test('reports bytes that are not UTF-8', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('latin1.jsonl', Buffer.from([0x7b, 0xe9, 0x7d, 0x0a]))
  expect(await linesOf(path)).toEqual([{ number: 1, problem: 'not UTF-8' }])
})

test('says what is wrong with a file that is missing, a directory, or cut short', async () => {
  await using directory = await temporaryDirectory()
  const cut = await directory.write('cut.gz', gzipped('line\n'.repeat(1000)).subarray(0, 30))
  await expect(linesOf('missing.jsonl')).rejects.toThrow('missing.jsonl: no such file')
  await expect(linesOf('.')).rejects.toThrow('is a directory')
  await expect(linesOf(cut)).rejects.toThrow('its gzip data is broken')
})
