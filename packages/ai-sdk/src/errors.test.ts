import { APICallError } from '@ai-sdk/provider'
import { RouterError, type AttemptReceipt, type Receipt, type TargetFailure } from '@routewise/core'
import { expect, test } from 'vitest'
import { toAiSdkError } from './errors.ts'
import { receiptOf } from './receipt.ts'

const receiptWith = (attempts: number): Receipt => ({
  id: 'call-1',
  at: '2026-11-21T12:00:00.000Z',
  task: 'chat',
  considered: [],
  attempts: Array.from({ length: attempts }, () => ({}) as AttemptReceipt),
  usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 },
  costNanoUsd: 0,
  costUsd: 0,
  estimated: false,
  totalMs: 1,
  decisionMs: 0,
})
const overloaded = () =>
  new APICallError({
    message: 'Overloaded',
    url: 'https://provider.test/v1',
    requestBodyValues: { model: 'a' },
    statusCode: 503,
    responseHeaders: { 'retry-after': '1' },
    responseBody: '{}',
  })
const failed = (...causes: readonly unknown[]) =>
  new RouterError('all_attempts_failed', 'Every attempt failed.', {
    failures: causes.map((cause, at): TargetFailure => ({ target: `t${at}`, kind: 'overloaded', message: 'no', cause })),
    cause: causes.at(-1),
    receipt: receiptWith(causes.length),
  })

test('what one attempt has thrown is thrown on, and its receipt can be had', () => {
  const thrown = new TypeError('boom')
  const error = failed(thrown)
  expect(toAiSdkError(error)).toBe(thrown)
  expect(receiptOf(thrown)).toBe(error.receipt)
})

test('an error that says that asking again may help says so no more, and is what it was in all else', () => {
  const thrown = overloaded()
  const error = toAiSdkError(failed(thrown))
  expect(thrown.isRetryable).toBe(true)
  expect(APICallError.isInstance(error)).toBe(true)
  expect(error).toBeInstanceOf(APICallError)
  expect(error).toMatchObject({ message: 'Overloaded', statusCode: 503, url: 'https://provider.test/v1', isRetryable: false })
  expect(receiptOf(error)?.id).toBe('call-1')
})

test('several failures are a RouterError that is an APICallError, too, with the facts of the last of them', () => {
  const error = toAiSdkError(failed(overloaded(), new TypeError('boom')))
  expect(RouterError.isInstance(error)).toBe(true)
  expect(APICallError.isInstance(error)).toBe(true)
  expect(error).toBeInstanceOf(RouterError)
  expect(error).toBeInstanceOf(APICallError)
  expect(error).toMatchObject({ code: 'all_attempts_failed', statusCode: 503, responseHeaders: { 'retry-after': '1' }, isRetryable: false })
  expect(APICallError.isInstance(toAiSdkError(failed(new TypeError('a'), new TypeError('b'))))).toBe(false)
})

test('an abort is the reason of its signal', () => {
  const reason = new DOMException('enough', 'AbortError')
  const aborted = new RouterError('aborted', 'The caller gave up.', { cause: reason })
  expect(toAiSdkError(aborted, AbortSignal.abort(reason))).toBe(reason)
  expect(toAiSdkError(aborted)).toBe(aborted)
})

test('errors of the router itself stay as they are', () => {
  const error = new RouterError('no_candidates', 'None left.')
  expect(toAiSdkError(error)).toBe(error)
  expect(receiptOf(new Error('of somebody else'))).toBeUndefined()
})
