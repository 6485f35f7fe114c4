import { expect, test } from 'vitest'
import { plainReceipt } from './receipt.ts'
import type { AttemptReceipt, Receipt } from './types.ts'

const attempt = (end: AttemptReceipt['end']): AttemptReceipt => ({
  target: 'a',
  model: 'a',
  reason: 'first',
  end,
  startedMs: 0,
  totalMs: 1,
  usage: { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 },
  usageSource: 'provider',
  expectedCostNanoUsd: 1,
  expectedCacheReadTokens: 0,
  costNanoUsd: 1,
})
const receipt = (...attempts: AttemptReceipt[]): Receipt => ({
  id: 'call-1',
  at: '2026-09-28T12:00:00.000Z',
  task: 'chat',
  considered: [],
  attempts,
  usage: attempts[0]!.usage,
  costNanoUsd: 1,
  costUsd: 1e-9,
  estimated: false,
  totalMs: 1,
  decisionMs: 0.1,
})
const answered = attempt({ type: 'answered', finish: 'stop' })

test('a plain receipt keeps the words of a failure and loses the error, which may hold headers', () => {
  const cause = new Error('Overloaded', { cause: { authorization: 'Bearer secret' } })
  const failed = attempt({ type: 'failed', failure: { kind: 'overloaded', message: 'Overloaded', status: 529, cause } })
  const given = receipt(failed, answered)
  const plain = plainReceipt(given)
  expect(plain.attempts[0]!.end).toEqual({ type: 'failed', failure: { kind: 'overloaded', message: 'Overloaded', status: 529 } })
  expect(plain.attempts[1]).toBe(answered)
  expect(given.attempts[0]!.end).toMatchObject({ failure: { cause } })
})

test('a receipt without failures is plain as it is', () => {
  const given = receipt(answered)
  expect(plainReceipt(given)).toBe(given)
})
