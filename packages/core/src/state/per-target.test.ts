import { expect, test } from 'vitest'
import { perTarget } from './per-target.ts'

test('a target keeps its state, and no two share one', () => {
  const stateOf = perTarget(target => ({ target, count: 0 }))
  stateOf('a').count += 1
  expect(stateOf('a')).toEqual({ target: 'a', count: 1 })
  expect(stateOf('b')).toEqual({ target: 'b', count: 0 })
})

test('the state of a thousand targets is kept, and the oldest goes first', () => {
  const stateOf = perTarget(() => ({ count: 1 }))
  stateOf('first').count = 2
  for (let target = 0; target < 999; target += 1) stateOf(`target ${target}`).count = 2
  expect(stateOf('first').count).toBe(2)
  stateOf('one more')
  expect(stateOf('target 0').count).toBe(2)
  expect(stateOf('first').count).toBe(1)
})
