import { expect, test } from 'vitest'
import { createCalibration } from './calibration.ts'

test('corrects nothing before the first report', () => {
  expect(createCalibration().correct(1_000)).toBe(1_000)
})

test('learns a steady ratio', () => {
  const calibration = createCalibration()
  for (let call = 0; call < 200; call++) calibration.observe(1_000, 1_300)
  expect(calibration.correct(1_000)).toBeCloseTo(1_300, -1)
})

test('one report moves the ratio half way at most', () => {
  const calibration = createCalibration()
  calibration.observe(1_000, 1_400)
  expect(calibration.correct(1_000)).toBeCloseTo(1_200)
})

test('follows a model whose tokenizer changes', () => {
  const calibration = createCalibration()
  for (let call = 0; call < 500; call++) calibration.observe(1_000, 1_000)
  for (let call = 0; call < 100; call++) calibration.observe(1_000, 1_300)
  expect(calibration.correct(1_000)).toBeGreaterThan(1_290)
})

test('a report beyond the bounds counts as the bound', () => {
  const high = createCalibration()
  const low = createCalibration()
  for (let call = 0; call < 500; call++) {
    high.observe(100, 1_000_000)
    low.observe(1_000_000, 1)
  }
  expect(high.correct(100)).toBeCloseTo(250, 0)
  expect(low.correct(100)).toBeCloseTo(50, 0)
})

test('learns nothing from tiny prompts, media, or reports that are no numbers', () => {
  const calibration = createCalibration()
  calibration.observe(20, 40)
  calibration.observe(1_000, 2_000, { media: true })
  for (const wrong of [0, -1, Number.NaN]) calibration.observe(1_000, wrong)
  calibration.observe(Number.NaN, 1_000)
  expect(calibration.correct(1_000)).toBe(1_000)
})
