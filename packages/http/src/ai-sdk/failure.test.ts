import { APICallError } from '@ai-sdk/provider'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { failureOf } from './failure.ts'

const key = 'sk-canary-0123456789abcdef'
const header = 'opaque-header-value'
const echo = `wrong key ${key} with ${header}`
const error = new APICallError({
  message: echo,
  url: `https://example.com/?key=${key}`,
  requestBodyValues: { echo },
  statusCode: 429,
  responseHeaders: { 'retry-after': '2', 'x-echo': echo },
  responseBody: JSON.stringify({ error: { message: echo, code: key } }),
  data: { error: { message: echo, code: key } },
})

test('what a provider echoes of a key stays behind, and what is to be known of the failure does not', () => {
  const failure = failureOf(error, [header])
  expect(failure).toMatchObject({ kind: 'rate_limit', status: 429, retryAfterMs: 2_000 })
  const seen = `${inspect(failure, { depth: 10, showHidden: true })}${JSON.stringify(failure)}${String((failure.cause as Error).stack)}`
  expect(seen).toContain('wrong key ***')
  expect(seen).not.toContain(key)
  expect(seen).not.toContain(header)
})
