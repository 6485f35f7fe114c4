import { type AttemptReceipt, type Consideration, type Receipt, toUsd } from '@routewise/core'
import { duration, integer, percent, usd } from '../text/figures.ts'
import type { Style } from '../text/style.ts'
import { type Column, renderTable, wrap } from '../text/table.ts'

export interface ReceiptViewOptions {
  /** Model that was called alone before. */
  flagship: string
  /** What it would have cost. */
  flagshipUsd: number | undefined
  /** Times of the receipt ÷ real times. */
  timeScale: number
  style: Style
}

const WIDTH = 100

const columns: readonly Column[] = [
  { heading: '  considered', width: 26, align: 'left' },
  { heading: 'rank', width: 5 },
  { heading: 'quality', width: 9 },
  { heading: 'first token', width: 13 },
  { heading: 'input', width: 9 },
  { heading: 'cached', width: 9 },
  { heading: 'output', width: 8 },
  { heading: 'expected cost', width: 16 },
]

/** A receipt as a person would read it: what was considered, what happened, what it cost. */
export function renderReceipt(receipt: Receipt, { flagship, flagshipUsd, timeScale, style }: ReceiptViewOptions): string[] {
  const { head, body } = renderTable(columns, receipt.considered.map(consideration))
  const { usage } = receipt
  return [
    `  ${receipt.id}, task ${receipt.task}`,
    style.dim(head),
    ...body.map((line, at) => (receipt.considered[at]?.target === receipt.target ? style.bold(line) : line)),
    ...receipt.considered
      .filter(({ excluded }) => excluded !== undefined)
      .flatMap(({ target, excluded }) => wrap(`    ${target} was left out: ${excluded}`, WIDTH, '      ')),
    ...receipt.considered
      .filter(({ resting }) => resting !== undefined)
      .flatMap(({ target, resting }) => wrap(`    ${target} was put last: ${resting}`, WIDTH, '      ')),
    style.dim('  what happened'),
    ...receipt.attempts.flatMap(attempt => wrap(`    ${happened(attempt)}`, WIDTH, '      ')),
    style.dim('  money'),
    ...wrap(
      `    ${receipt.model ?? 'nobody'} read ${integer(usage.inputTokens)} tokens, ${integer(usage.cacheReadTokens)} of them from its prompt cache, and wrote ${integer(usage.outputTokens)}`,
      WIDTH,
      '      ',
    ),
    ...wrap(
      `    paid ${usd(receipt.costUsd)}${receipt.estimated ? ' (in part our estimate)' : ''}, expected ${receipt.expectedCostUsd === undefined ? 'unknown' : usd(receipt.expectedCostUsd)}${comparison(receipt, flagship, flagshipUsd)}`,
      WIDTH,
      '      ',
    ),
    `    deciding took ${(receipt.decisionMs / timeScale).toFixed(2)} ms of real time`,
  ]
}

function consideration(one: Consideration): string[] {
  const { target, rank, expectedQuality, expectedFirstTokenMs, inputTokens, cacheReadTokens, outputTokens, expectedCostUsd } = one
  const shown = <Value>(value: Value | undefined, as: (value: Value) => string) => (value === undefined ? '' : as(value))
  return [
    `  ${target}`,
    shown(rank, String),
    shown(expectedQuality, quality => quality.toFixed(2)),
    shown(expectedFirstTokenMs, duration),
    shown(inputTokens, integer),
    shown(cacheReadTokens, integer),
    shown(outputTokens, integer),
    shown(expectedCostUsd, usd),
  ]
}

function happened(attempt: AttemptReceipt): string {
  const { startedMs, target, reason, costNanoUsd } = attempt
  const cost = costNanoUsd === undefined ? 'price unknown' : usd(toUsd(costNanoUsd))
  return `at ${duration(startedMs)}, ${target} (${REASONS[reason]}): ${ended(attempt)}; ${cost}`
}

const REASONS: Readonly<Record<AttemptReceipt['reason'], string>> = {
  first: 'first choice',
  fallback: 'fallback after a failure',
  hedge: 'hedge against silence',
  escalation: 'escalation after a poor answer',
  retry: 'retry after a failure',
  repair: 'repair of a fault in its answer',
  continuation: 'continuation of what broke off',
  sample: 'sample for the judge',
  judge: 'judge',
}

function ended({ end, firstTokenMs, totalMs, verdict }: AttemptReceipt): string {
  switch (end.type) {
    case 'answered':
      return `answered, first token after ${duration(firstTokenMs ?? totalMs)}, done after ${duration(totalMs)}`
    case 'failed':
    case 'interrupted': {
      const { status, kind } = end.failure
      return `${end.type} after ${duration(totalMs)}, ${kind.replaceAll('_', ' ')}${status === undefined ? '' : ` (${status})`}`
    }
    case 'superseded':
      return `given up after ${duration(totalMs)}, as another was first`
    case 'rejected':
      return `rejected after ${duration(totalMs)}${verdict?.reason === undefined ? '' : `: ${verdict.reason}`}`
    case 'aborted':
      return `aborted after ${duration(totalMs)}`
  }
}

function comparison({ costUsd }: Receipt, flagship: string, flagshipUsd: number | undefined): string {
  if (flagshipUsd === undefined || flagshipUsd === 0) return ''
  const saved = 1 - costUsd / flagshipUsd
  const words = saved >= 0 ? `${percent(saved)} less` : `${percent(-saved)} more`
  return `; ${flagship} alone would have cost ${usd(flagshipUsd)}: ${words}`
}
