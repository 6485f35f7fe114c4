import type { Receipt } from '@routewise/core'
import { expect, test } from 'vitest'
import { createStyle, plainStyle } from '../text/style.ts'
import { renderReceipt } from './receipt-view.ts'
import { renderReport, REPORT_WIDTH } from './report.ts'
import type { DemoReport } from './report-data.ts'
import type { Figures } from './tally.ts'

const usage = { inputTokens: 2_500, cacheReadTokens: 2_400, cacheWriteTokens: 100, outputTokens: 90, reasoningTokens: 0 }
const receipt: Receipt = {
  id: '0d82c385-9859-4c30-b34f-043103e39cb4',
  at: '2026-11-21T15:50:35.897Z',
  task: 'reasoning',
  target: 'gpt-6-sol',
  model: 'gpt-6-sol',
  considered: [
    {
      target: 'claude-opus-5-5',
      model: 'claude-opus-5-5',
      rank: 1,
      expectedCostUsd: 0.0044,
      expectedFirstTokenMs: 2_500,
      expectedQuality: 0.95,
      inputTokens: 3_209,
      cacheReadTokens: 3_075,
      outputTokens: 160,
    },
    {
      target: 'gpt-6-sol',
      model: 'gpt-6-sol',
      rank: 2,
      expectedCostUsd: 0.005,
      expectedFirstTokenMs: 939,
      expectedQuality: 0.94,
      inputTokens: 2_386,
      cacheReadTokens: 0,
      outputTokens: 160,
    },
    { target: 'claude-haiku-4-5', model: 'claude-haiku-4-5', excluded: 'cooldown: it has just failed' },
  ],
  attempts: [
    {
      target: 'claude-opus-5-5',
      model: 'claude-opus-5-5',
      reason: 'first',
      end: { type: 'failed', failure: { kind: 'overloaded', message: 'Overloaded', status: 503, cause: undefined } },
      startedMs: 2,
      totalMs: 190,
      usage: { ...usage, inputTokens: 0 },
      usageSource: 'none',
      expectedCostNanoUsd: 4_400_000,
      expectedCacheReadTokens: 0,
      costNanoUsd: 0,
    },
    {
      target: 'gpt-6-sol',
      model: 'gpt-6-sol',
      reason: 'fallback',
      end: { type: 'answered', finish: 'stop' },
      startedMs: 193,
      firstTokenMs: 900,
      totalMs: 1_800,
      usage,
      usageSource: 'provider',
      expectedCostNanoUsd: 5_000_000,
      expectedCacheReadTokens: 0,
      costNanoUsd: 1_630_000,
    },
  ],
  usage,
  expectedCostUsd: 0.0044,
  costNanoUsd: 1_630_000,
  costUsd: 0.00163,
  estimated: false,
  firstTokenMs: 1_093,
  totalMs: 1_993,
  decisionMs: 1.6,
}

const figures = (change: Partial<Figures>): Figures => ({
  turns: 2_000,
  usd: 1_234.5678,
  score: 0.9371,
  failed: 41,
  firstTokenMs: { p50: 1_337, p95: 12_825, p99: 131_405 },
  cachedShare: 0.82,
  requests: 2_204,
  failures: { met: 41, survived: 0 },
  ...change,
})

function report(change: Partial<DemoReport> = {}): DemoReport {
  const before = figures({})
  const after = figures({ usd: 432.1, failed: 0, score: 0.95, failures: { met: 15, survived: 15 } })
  return {
    face: 'langchain',
    before: { model: 'claude-opus-5', ...before },
    after: {
      model: 'RoutedChatModel over 6 models',
      ...after,
      models: [{ model: 'gpt-6-sol', requests: 2_000, usd: 432.1 }],
      receiptsUsd: 432.2,
      billMinusReceiptsNanoUsd: -100_000_000,
    },
    usdRatio: 0.35,
    answeredByBoth: { turns: 1_959, before: { usd: 1_234.5, score: 0.93 }, after: { usd: 400, score: 0.94 }, usdRatio: 0.32 },
    tasks: [{ task: 'a-task-with-a-very-long-name-indeed', turns: 2_000, before, after, usdRatio: 0.35 }],
    receipt,
    receiptFlagshipUsd: 0.0065,
    seed: 1,
    timeScale: 8,
    notes: [
      'A note that is long enough to be broken into several lines, because it says rather more than fits into one line of a hundred columns.',
    ],
    seconds: 16.2,
    ...change,
  }
}

test('keeps to its columns and uses no colour unless asked', () => {
  const text = renderReport(report(), plainStyle)
  expect(text.split('\n').filter(line => line.length > REPORT_WIDTH)).toEqual([])
  expect(text).not.toContain('\u001B')
  expect(text).toContain('$432')
})

test('says nothing of quality where nobody can tell', () => {
  const none = figures({ score: null })
  const text = renderReport(report({ before: { model: 'claude-opus-5', ...none }, receipt: undefined }), plainStyle)
  expect(text).toContain('nobody can tell')
  expect(text).not.toContain('One receipt')
})

test('colours a terminal, but not one that asked for none', () => {
  expect(createStyle({ stream: { isTTY: true }, env: {} }).bold('x')).toContain('\u001B')
  expect(createStyle({ stream: { isTTY: true }, env: { NO_COLOR: '1' } }).bold('x')).toBe('x')
  expect(createStyle({ stream: {}, env: {} }).bold('x')).toBe('x')
})

test('a receipt tells what was considered, what happened and what was saved', () => {
  const text = renderReceipt(receipt, { flagship: 'claude-opus-5', flagshipUsd: 0.0065, timeScale: 8, style: plainStyle }).join('\n')
  expect(text).toMatch(/claude-opus-5-5 +1 +0\.95 +2\.5 s +3,209 +3,075 +160 +\$0\.004400/)
  expect(text).toContain('claude-haiku-4-5 was left out: cooldown: it has just failed')
  expect(text).toContain('at 2 ms, claude-opus-5-5 (first choice): failed after 190 ms, overloaded (503); $0')
  expect(text).toContain('at 193 ms, gpt-6-sol (fallback after a failure): answered, first token after 900 ms')
  expect(text).toContain('2,400 of them from its prompt cache')
  expect(text).toContain('claude-opus-5 alone would have cost $0.006500: 75 % less')
})
