import { expect, test } from 'vitest'
import { readBody } from './read-body.ts'

const small = (lists: number) => ({ model: 'm', x: Array.from({ length: 10 }, () => Array.from({ length: lists / 10 }, () => [0])) })

test('a body that the app has parsed is held to the limits of a text', () => {
  const tooMany = small(60_000)
  expect(() => readBody(tooMany)).toThrow(/more than 50000 objects and lists/)
  expect(() => readBody(JSON.stringify(tooMany))).toThrow(/more than 50000 objects and lists/)
  const enough = small(40_000)
  expect(readBody(enough)).toEqual({ body: enough, text: undefined })
  expect(readBody(JSON.stringify(enough)).body).toEqual(enough)
})
