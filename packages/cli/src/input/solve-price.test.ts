import { expect, test } from 'vitest'
import { createPriceSolver } from './solve-price.ts'

const solve = (rows: readonly (readonly [input: number, output: number, usd: number])[]) => {
  const solver = createPriceSolver()
  for (const [input, output, usd] of rows) solver.add(input, output, usd)
  return solver.solve()
}
const bill = (input: number, output: number) => (input * 0.15 + output * 0.6) / 1e6

test('finds the price that explains the costs, also when these were rounded', () => {
  const tokens = [
    [141, 124],
    [90, 300],
    [2_000, 11],
    [700, 80],
  ] as const
  expect(solve(tokens.map(([input, output]) => [input, output, bill(input, output)]))).toEqual({ input: 0.15, output: 0.6 })
  expect(solve(tokens.map(([input, output]) => [input, output, Number(bill(input, output).toFixed(7))]))).toEqual({
    input: 0.15,
    output: 0.6,
  })
})

test('gives up where the rows do not tell', () => {
  expect(solve([[100, 100, 0.1]])).toBeUndefined()
  expect(
    solve([
      [100, 50, 0.1],
      [200, 100, 0.2],
      [300, 150, 0.3],
    ]),
  ).toBeUndefined()
  expect(
    solve([
      [100, 50, 0.9],
      [200, 70, 0.001],
      [50, 400, 0.2],
      [10, 10, 3],
    ]),
  ).toBeUndefined()
})
