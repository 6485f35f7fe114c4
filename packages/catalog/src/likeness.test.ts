import { expect, test } from 'vitest'
import { closestRelative, likenessOf } from './likeness.ts'

test.for([
  ['claude-sonnet-5-5', 'claude-sonnet-#', [5, 5]],
  ['claude-haiku-4-5-20251001', 'claude-haiku-#', [4, 5]],
  ['gpt-4o-2024-08-06', 'gpt-#o', [4]],
  ['gpt-6.1-sol', 'gpt-#-sol', [6, 1]],
  ['llama-3.3-70b-versatile', 'llama-#-70b-versatile', [3, 3]],
  ['openai/gpt-oss-120b', 'openai/gpt-oss-120b', []],
  ['kimi-k3', 'kimi-k#', [3]],
] as const)('%s is of the family %s', ([id, family, version]) => {
  expect(likenessOf(id)).toEqual({ family, version })
})

test('the closest relative is the newest that is not newer, else the oldest', () => {
  const known = ['grok-4.6', 'grok-4.3', 'grok-4.5', 'grok-4.5-mini']
  expect(closestRelative('grok-9', known)).toBe('grok-4.6')
  expect(closestRelative('grok-4.4', known)).toBe('grok-4.3')
  expect(closestRelative('grok-1', known)).toBe('grok-4.3')
  expect(closestRelative('grok-5-mini', known)).toBe('grok-4.5-mini')
  expect(closestRelative('grok-5-nano', known)).toBeUndefined()
})

test('an id without a version is like none', () => {
  expect(closestRelative('gpt-oss-120b', ['gpt-oss-120b'])).toBeUndefined()
})
