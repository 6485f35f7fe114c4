import type { Store } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type ManualClock = ReturnType<typeof createManualClock>

/** What every store must do. `make` gets a clock that the suite moves by hand. */
export function testStore(name: string, make: (clock: ManualClock) => Store | Promise<Store>): void {
  const setUp = async () => {
    const clock = createManualClock()
    return { clock, store: await make(clock) }
  }

  describe(`store: ${name}`, () => {
    test('a key that was never set has no value', async () => {
      const { store } = await setUp()
      expect(await store.get('nothing')).toBeUndefined()
    })

    test('a value disappears after ttlMs', async () => {
      const { clock, store } = await setUp()
      await store.set('key', 'value', { ttlMs: 1_000 })
      await clock.advance(999)
      expect(await store.get('key')).toBe('value')
      await clock.advance(1)
      expect(await store.get('key')).toBeUndefined()
    })

    test('setting again replaces the value and its lifetime', async () => {
      const { clock, store } = await setUp()
      await store.set('key', 'old', { ttlMs: 1_000 })
      await clock.advance(900)
      await store.set('key', 'new', { ttlMs: 1_000 })
      await clock.advance(900)
      expect(await store.get('key')).toBe('new')
    })

    test('add keeps the window of the first add', async () => {
      const { clock, store } = await setUp()
      expect(await store.add('count', 1, { ttlMs: 1_000 })).toBe(1)
      await clock.advance(600)
      expect(await store.add('count', 2, { ttlMs: 1_000 })).toBe(3)
      await clock.advance(600)
      expect(await store.add('count', 5, { ttlMs: 1_000 })).toBe(5)
    })

    test('adds that run at once lose nothing', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 50 }), async amounts => {
          const { store } = await setUp()
          const totals = await Promise.all(amounts.map(amount => store.add('count', amount, { ttlMs: 60_000 })))
          const sum = amounts.reduce((total, amount) => total + amount, 0)
          expect(totals).toContain(sum)
          expect(Number(await store.get('count'))).toBe(sum)
        }),
        { numRuns: 25 },
      )
    })

    test('a deleted key is gone', async () => {
      const { store } = await setUp()
      await store.set('key', 'value', { ttlMs: 1_000 })
      await store.delete('key')
      expect(await store.get('key')).toBeUndefined()
    })
  })
}
