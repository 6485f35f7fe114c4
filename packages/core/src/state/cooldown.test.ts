import { expect, test } from 'vitest'
import { createMemoryStore, type Store } from '../store.ts'
import { createManualClock } from '../testing/index.ts'
import { createCooldowns } from './cooldown.ts'

test('a target cools for the time given and no longer', async () => {
  const clock = createManualClock()
  const cooldowns = createCooldowns({ clock, store: undefined })
  cooldowns.start('a', 1_000)
  expect(cooldowns.isCooling('a')).toBe(true)
  expect(cooldowns.isCooling('b')).toBe(false)
  await clock.advance(1_000)
  expect(cooldowns.isCooling('a')).toBe(false)
})

test('a shorter cooldown does not cut a longer one, and an answer ends it', () => {
  const cooldowns = createCooldowns({ clock: createManualClock(), store: undefined })
  cooldowns.start('a', 10_000)
  cooldowns.start('a', 0)
  expect(cooldowns.isCooling('a')).toBe(true)
  cooldowns.clear('a')
  expect(cooldowns.isCooling('a')).toBe(false)
})

test('instances with one store hear of each other’s cooldowns', async () => {
  const clock = createManualClock()
  const store = createMemoryStore({ clock })
  const here = createCooldowns({ clock, store })
  const there = createCooldowns({ clock, store })
  here.start('a', 5_000)
  there.refresh(['a', 'b'])
  await clock.settle()
  expect(there.isCooling('a')).toBe(true)
  expect(there.isCooling('b')).toBe(false)
  await clock.advance(5_000)
  expect(there.isCooling('a')).toBe(false)
})

test('a store that fails leaves an instance with what it knows itself', async () => {
  const clock = createManualClock()
  const down = () => Promise.reject(new Error('store is down'))
  const store: Store = { get: down, set: down, add: down, delete: down }
  const cooldowns = createCooldowns({ clock, store })
  cooldowns.start('a', 1_000)
  cooldowns.refresh(['a'])
  await clock.settle()
  expect(cooldowns.isCooling('a')).toBe(true)
})
