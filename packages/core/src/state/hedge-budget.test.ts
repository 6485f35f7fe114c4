import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHedgeBudget } from './hedge-budget.ts'

test('nothing is given in advance', () => {
  expect(createHedgeBudget({ budget: 0.05, burst: 10 }).take()).toBe(false)
})

test('hedges never exceed their share of the calls, however calls and silences fall', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 500 }), fc.nat(1_000), (silences, perMille) => {
      const share = perMille / 1_000
      const budget = createHedgeBudget({ budget: share, burst: 10 })
      let hedges = 0
      for (const [at, silent] of silences.entries()) {
        budget.deposit()
        if (silent && budget.take()) hedges += 1
        expect(hedges).toBeLessThanOrEqual((at + 1) * share + 1e-6)
      }
    }),
  )
})

test('a quiet hour does not save up more than the burst', () => {
  const budget = createHedgeBudget({ budget: 0.5, burst: 10 })
  for (let call = 0; call < 1_000; call += 1) budget.deposit()
  let taken = 0
  while (budget.take()) taken += 1
  expect(taken).toBe(10)
})

test('looking takes nothing', () => {
  const budget = createHedgeBudget({ budget: 0.5, burst: 1 })
  budget.deposit()
  expect(budget.has()).toBe(false)
  budget.deposit()
  expect([budget.has(), budget.has(), budget.take(), budget.has()]).toEqual([true, true, true, false])
})
