import { duration, integer, percent, score, seconds, usd, usdInTable } from '../text/figures.ts'
import type { Style } from '../text/style.ts'
import { type Column, renderTable, wrap } from '../text/table.ts'
import { faces } from './faces.ts'
import { renderReceipt } from './receipt-view.ts'
import type { DemoReport, Side } from './report-data.ts'
import type { Figures } from './tally.ts'

/** Columns that every report keeps to. */
export const REPORT_WIDTH = 100

const columns: readonly Column[] = [
  { heading: '', width: 14, align: 'left' },
  { heading: 'turns', width: 6 },
  { heading: 'before', width: 9 },
  { heading: 'after', width: 9 },
  { heading: 'ratio', width: 6 },
  { heading: 'before', width: 7 },
  { heading: 'after', width: 6 },
  { heading: 'before', width: 15 },
  { heading: 'after', width: 14 },
  { heading: 'cached %', width: 9 },
]
const groups: readonly Column[] = [
  { heading: '', width: 20, align: 'left' },
  { heading: 'cost', width: 24 },
  { heading: 'quality', width: 13 },
  { heading: 'first token p50/p95/p99 s', width: 29 },
  { heading: 'bef/aft', width: 9 },
]

/** The report as a person reads it, in `REPORT_WIDTH` columns. */
export function renderReport(report: DemoReport, style: Style): string {
  const { before, after } = report
  return [
    '',
    style.bold(`Before and after on ${faces[report.face].framework}, task by task`),
    ...tableLines(report, style),
    '',
    style.bold('What it comes to'),
    ...verdictLines(report, style),
    '',
    style.bold('Who answered after'),
    ...after.models.map(
      ({ model, requests, usd: cost }) =>
        `  ${model.padEnd(40)} ${integer(requests).padStart(7)} requests ${usdInTable(cost).padStart(10)}`,
    ),
    '',
    ...(report.receipt === undefined
      ? []
      : [
          style.bold('One receipt in full'),
          ...renderReceipt(report.receipt, {
            flagship: before.model,
            flagshipUsd: report.receiptFlagshipUsd,
            timeScale: report.timeScale,
            style,
          }),
          '',
        ]),
    style.bold('How to read this'),
    ...report.notes.flatMap(note => wrap(`- ${note}`, REPORT_WIDTH, '  ')).map(style.dim),
    '',
  ].join('\n')
}

function tableLines(report: DemoReport, style: Style): string[] {
  const total = ['all', ...cells(report.before.turns, report.before, report.after, report.usdRatio)]
  const rows = report.tasks.map(({ task, turns, before, after, usdRatio }) => [task, ...cells(turns, before, after, usdRatio)])
  const { head, body } = renderTable(columns, [...rows, total])
  return [style.dim(renderTable(groups, []).head), style.dim(head), ...body.slice(0, -1), style.bold(body.at(-1) ?? '')]
}

function cells(turns: number, before: Figures, after: Figures, usdRatio: number | null): string[] {
  return [
    integer(turns),
    usdInTable(before.usd),
    usdInTable(after.usd),
    usdRatio === null ? '–' : usdRatio.toFixed(2),
    score(before.score),
    score(after.score),
    times(before),
    times(after),
    `${share(before)}/${share(after)}`,
  ]
}

const times = ({ firstTokenMs: { p50, p95, p99 } }: Figures): string => `${seconds(p50)}/${seconds(p95)}/${seconds(p99)}`
const share = ({ cachedShare }: Figures): string => (cachedShare === null ? '–' : String(Math.round(cachedShare * 100)))

function verdictLines(report: DemoReport, style: Style): string[] {
  const { before, after, usdRatio, answeredByBoth: both } = report
  const saving = usdRatio === null ? '' : `, ${style.good(`${percent(1 - usdRatio)} less`)}`
  const same =
    both.usdRatio === null
      ? ''
      : `On the ${integer(both.turns)} turns that both answered: ${usd(both.before.usd)} → ${usd(both.after.usd)}, ratio ${both.usdRatio.toFixed(2)}${qualityOf(both)}.`
  return [
    `  cost      ${usd(before.usd)} → ${usd(after.usd)}${saving}`,
    `  quality   ${before.score === null ? 'nobody can tell' : `${score(before.score)} → ${score(after.score)}, over the turns that each answered`}`,
    `  failures  before: ${failures(before, style)}`,
    `            after:  ${failures(after, style)}`,
    ...failedTasks(report),
    ...(same === '' ? [] : wrap(`  same      ${same}`, REPORT_WIDTH, '            ')),
    ...wrap(
      `  bill      the providers billed ${usd(after.usd)}, the receipts add up to ${usd(after.receiptsUsd)}: ${difference(report)}`,
      REPORT_WIDTH,
      '            ',
    ),
    `  took      ${duration(report.seconds * 1000)} of real time`,
  ]
}

const qualityOf = ({ before, after }: DemoReport['answeredByBoth']): string =>
  before.score === null ? '' : `, quality ${score(before.score)} → ${score(after.score)}`

function failures({ failures: { met, survived }, failed }: Figures | Side, style: Style): string {
  const lost = failed === 0 ? style.good('no turn without an answer') : style.bad(`${integer(failed)} turns without an answer`)
  return `${integer(met)} met, ${integer(survived)} survived; ${lost}`
}

function failedTasks({ tasks }: DemoReport): string[] {
  const struck = tasks.filter(({ before, after }) => before.failures.met + after.failures.met > 0)
  if (struck.length === 0) return []
  const list = struck.map(
    ({ task, before, after }) =>
      `${task} ${before.failures.met}/${before.failures.survived} → ${after.failures.met}/${after.failures.survived}`,
  )
  return wrap(`            by task, met/survived before → after: ${list.join(', ')}`, REPORT_WIDTH, '            ')
}

function difference({ after: { billMinusReceiptsNanoUsd: nano, usd: billed } }: DemoReport): string {
  if (nano === 0) return 'equal to the nano-dollar.'
  const part = billed > 0 ? ` (${((100 * Math.abs(nano)) / 1e9 / billed).toFixed(1)} %)` : ''
  return `the bill is ${usd(Math.abs(nano) / 1e9)} ${nano < 0 ? 'lower' : 'higher'}${part}, from cancelled attempts, whose usage no provider reports and receipts estimate.`
}
