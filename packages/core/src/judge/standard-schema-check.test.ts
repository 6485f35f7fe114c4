import { expect, test } from 'vitest'
import * as z4 from 'zod'
import * as z3 from 'zod/v3'
import { standardSchemaCheck } from './standard-schema-check.ts'

test.each([
  ['zod 4', z4.object({ age: z4.number().refine(age => age > 0, 'must be positive') })],
  ['zod 3', z3.object({ age: z3.number().refine(age => age > 0, 'must be positive') })],
])('a schema of %s tells where a value is wrong, and in whose words', (_, schema) => {
  const check = standardSchemaCheck(schema)
  expect(check({ age: 7 })).toBe(undefined)
  expect(check({ age: -7 })).toBe('age: must be positive')
  expect(check({ age: 'seven' })).toMatch(/^age: .*expected number/i)
})

test('what takes its time to tell, and what throws, is no fault', () => {
  const late = z4.string().refine(async () => false)
  expect(standardSchemaCheck(late)('x')).toBe(undefined)
  const broken = () => {
    throw new Error('broken')
  }
  expect(standardSchemaCheck({ '~standard': { validate: broken } })('x')).toBe(undefined)
})
