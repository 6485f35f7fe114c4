import { expect, test } from 'vitest'
import { isRight, rightProbability } from './skill.ts'

const shareRight = (model: string, skill: number, difficulty: number): number =>
  Array.from({ length: 4000 }, (_, index) => isRight(1, model, `prompt ${index}`, skill, difficulty)).filter(Boolean).length / 4000

test('a model is right as often as its skill against the difficulty says', () => {
  expect(rightProbability(0.5, 0.5)).toBe(0.5)
  expect(shareRight('a', 0.5, 0.5)).toBeCloseTo(0.5, 1)
  expect(shareRight('a', 0.8, 0.5)).toBeCloseTo(rightProbability(0.8, 0.5), 1)
  expect(shareRight('a', 0.3, 0.9)).toBeLessThan(0.05)
})

test('the decision is the same in every repeat, and one model’s luck is not another’s', () => {
  const decisions = (model: string) => Array.from({ length: 200 }, (_, index) => isRight(3, model, `prompt ${index}`, 0.5, 0.5))
  expect(decisions('a')).toEqual(decisions('a'))
  expect(decisions('a')).not.toEqual(decisions('b'))
})
