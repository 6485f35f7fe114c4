import { expect, test } from 'vitest'
import { createOutputLengths } from './output-length.ts'

test('starts from a prior by task and moves to what is seen', () => {
  const lengths = createOutputLengths()
  const prior = lengths.expect('code', undefined)
  for (let at = 0; at < 50; at += 1) lengths.observe('code', 100)
  expect(prior).toBe(600)
  expect(lengths.expect('code', undefined)).toBeLessThan(150)
  expect(lengths.expect('chat', undefined)).toBe(250)
})

test('follows a change of habit within some dozens of answers', () => {
  const lengths = createOutputLengths()
  for (let at = 0; at < 500; at += 1) lengths.observe('chat', 100)
  for (let at = 0; at < 60; at += 1) lengths.observe('chat', 1_000)
  expect(lengths.expect('chat', undefined)).toBeGreaterThan(900)
})

test('the caller’s limit caps it', () => {
  expect(createOutputLengths().expect('code', 50)).toBe(50)
})

test('what others have answered stands in until a target has answers of its own', () => {
  const others = createOutputLengths()
  for (let at = 0; at < 50; at += 1) others.observe('code', 20)
  const lengths = createOutputLengths(task => others.expect(task, undefined))
  expect(lengths.expect('code', undefined)).toBeLessThan(60)
  for (let at = 0; at < 50; at += 1) lengths.observe('code', 900)
  expect(lengths.expect('code', undefined)).toBeGreaterThan(800)
})
