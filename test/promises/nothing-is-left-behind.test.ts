import { expect, test } from 'vitest'
import { mixedSoak } from '../bench/soak/mixed.ts'
import { hedgeStorm } from '../bench/soak/storm.ts'
import { long } from './long.ts'

const nothing = { sockets: 0, timers: 0, listeners: 0, warnings: 0 }

test('hedges leave no socket, timer or listener behind, and the books agree with the providers’ bill', async () => {
  const hedges = long ? 10_000 : 300
  const storm = await hedgeStorm(hedges, 8)
  expect(storm).toMatchObject({ hedges, ...nothing, unmatched: 0, differenceNanoUsd: 0 })
  // Every loser was heard to leave.
  expect(storm.closeMs).toHaveLength(storm.rows.length - hedges)
  expect(storm.rows.filter(({ provider, end }) => end !== (provider === 'openai' ? 'cancelled' : 'answered'))).toEqual([])
}, 600_000)

test('neither do calls of every kind, with faults of every kind and callers who leave in every way', async () => {
  const calls = long ? 10_000 : 400
  const mixed = await mixedSoak(calls, 16, 15)
  expect(mixed).toMatchObject({ ...nothing, unmatched: 0, differenceNanoUsd: 0 })
  // The soak has met what it was made of, and nothing else.
  const met = [...mixed.ends.keys()]
  expect(met).toEqual(expect.arrayContaining(['answered', 'left', 'AbortError', 'stream_interrupted']))
  expect(met.filter(end => !['answered', 'left', 'AbortError', 'stream_interrupted', 'all_attempts_failed'].includes(end))).toEqual([])
  expect(mixed.ends.get('answered')).toBeGreaterThan(calls / 2)
}, 600_000)
