import { expect, test } from 'vitest'
import { collect, jsonl, temporaryDirectory } from '../testing/fixtures.ts'
import { readRows, scanInput } from './scan.ts'

const { signal } = new AbortController()

test('stops at bad lines, with their numbers, their count and why', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('bad.jsonl', `${jsonl({ prompt: 'a' })}nonsense\n${jsonl({ x: 1 }, { prompt: 'b' })}`)
  await expect(scanInput(path, { seed: 1, skipBad: false, signal })).rejects.toThrow(
    /2 lines cannot be used:\n {2}line 2: not JSON .*\n {2}line 3: expected `prompt`/,
  )
  const scan = await scanInput(path, { seed: 1, skipBad: true, signal })
  expect({ rows: scan.rows, turns: scan.turns, bad: scan.bad.count }).toEqual({ rows: 2, turns: 2, bad: 2 })
  const rows = await collect(readRows(scan, { keep: () => true, signal }))
  expect(rows.map(({ line }) => line)).toEqual([1, 4])
})

test('refuses a file that mixes recorded rows with others, and one that holds nothing', async () => {
  await using directory = await temporaryDirectory()
  const mixed = await directory.write('mixed.jsonl', jsonl({ prompt: 'a' }, { prompt: 'b', out: { m: { s: 1 } } }))
  const empty = await directory.write('empty.jsonl', '\n\n')
  await expect(scanInput(mixed, { seed: 1, skipBad: false, signal })).rejects.toThrow('Split the file')
  await expect(scanInput(empty, { seed: 1, skipBad: false, signal })).rejects.toThrow('holds no rows')
})

test('the seed decides the draw of a row, which is what splits it off', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('rows.jsonl', jsonl(...Array.from({ length: 200 }, (_, at) => ({ prompt: `Question ${at}` }))))
  const [one, again, other] = await Promise.all([1, 1, 2].map(seed => scanInput(path, { seed, skipBad: false, signal })))
  expect([...one!.draws]).toEqual([...again!.draws])
  expect([...one!.draws]).not.toEqual([...other!.draws])
  const edge = one!.draws[39]!
  expect(await collect(readRows(one!, { keep: line => one!.draw(line) <= edge, signal }))).toHaveLength(40)
})
