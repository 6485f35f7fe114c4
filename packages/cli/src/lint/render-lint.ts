import type { LintFinding, LintPlace, LintReason, LintReport } from '@routewise/core'
import { integer, percent, usd } from '../text/figures.ts'
import type { Style } from '../text/style.ts'
import { wrap } from '../text/table.ts'

/** What the report tells beside what was found. */
export interface LintContext {
  /** Where the requests stand. */
  name: string
  /** Line (of a JSON array: item) of each request. */
  numbers: readonly number[]
  unit: 'line' | 'item'
  /** Models that nothing is known of. */
  unknownModels: readonly string[]
  /** Findings to show. */
  top: number
}

const WIDTH = 100

/** The report for people: how much a cache can hold, what is lost to changes, and what to do, the dearest first. */
export function renderLint(report: LintReport, context: LintContext, style: Style): string {
  const { findings } = report
  const shown = findings.slice(0, context.top)
  const lines = [
    ...summaryOf(report, context, style),
    ...shown.flatMap((finding, at) => ['', ...findingLines(finding, at, report, context, style)]),
  ]
  if (findings.length > shown.length) lines.push('', style.dim(`${findings.length - shown.length} more; --top shows them.`))
  return `${lines.join('\n')}\n`
}

function summaryOf(report: LintReport, { name, unknownModels }: LintContext, style: Style): string[] {
  const { requests, sessions, compared, tooShort, inputTokens, readableTokens, lostTokens, usdPerDay, findings } = report
  const share = (tokens: number) => percent(inputTokens === 0 ? 0 : tokens / inputTokens).padStart(6)
  const lines = [
    style.bold(`${name}: ${many(requests, 'request')} in ${many(sessions, 'conversation')}, ${integer(inputTokens)} input tokens`),
    `  ${share(readableTokens)}  begin as an earlier prompt did: a cache can hold them`,
    `  ${share(lostTokens)}  were sent before and cannot be read from a cache, for what stands before them has changed`,
  ]
  if (tooShort > 0) lines.push(style.dim(`          ${many(tooShort, 'request')} too short for any cache`))
  if (compared === 0) lines.push(style.dim('          no request had an earlier one to be compared with'))
  if (findings.length === 0) return [...lines, style.good('Nothing keeps these prompts from being cached.')]
  if (usdPerDay === undefined) lines.push(style.dim('          no price is known: give --model'))
  else lines.push(style.bad(`  ${usd(usdPerDay)} a day ${basisOf(report)}`))
  if (unknownModels.length > 0 && usdPerDay !== undefined)
    lines.push(...wrap(`          without ${unknownModels.join(', ')}: no price is known`, WIDTH, '          '))
  return lines
}

function basisOf({ days, daysFrom }: LintReport): string {
  switch (daysFrom) {
    case 'requestsPerDay':
      return 'at the number of requests given'
    case 'times':
      return days >= 1
        ? `over ${days.toFixed(1)} days`
        : `at the pace of these ${days * 24 >= 1 ? `${(days * 24).toFixed(1)} hours` : `${Math.round(days * 1_440)} minutes`}`
    case 'assumed':
      return 'if these are the requests of a day (they have no times; see --requests-per-day)'
  }
}

function findingLines(finding: LintFinding, at: number, { requests }: LintReport, { numbers, unit }: LintContext, style: Style): string[] {
  const { reason, place, between, before, after, times, sessions, lostTokens, usdPerDay, mend, request } = finding
  const cost = usdPerDay === undefined ? `${integer(lostTokens)} tokens` : `${usd(usdPerDay)} a day`
  const where = `${between === 'turns' ? 'from turn to turn' : 'between conversations'}, ${many(times, 'request')} of ${integer(requests)}, ${many(sessions, 'conversation')}`
  return [
    style.bold(`${at + 1}. ${cost}: ${wordsOf(reason)} in ${placeOf(place)}`),
    style.dim(
      `   ${where}${usdPerDay === undefined ? '' : `, ${integer(lostTokens)} tokens`}; such as ${unit} ${numbers[request] ?? request + 1}:`,
    ),
    `   - ${before}`,
    `   + ${after}`,
    ...wrap(`   ${mend}`, WIDTH, '   ').map(style.good),
  ]
}

function wordsOf(reason: LintReason): string {
  switch (reason.type) {
    case 'timestamp':
      return 'a date or time'
    case 'random-id':
      return 'a random id'
    case 'counter':
      return 'a number that changes'
    case 'caller-name':
      return 'the name of the caller'
    case 'tool-order':
      return 'another order'
    case 'tool-set':
      return `other tools (${[...reason.added.map(name => `+${name}`), ...reason.removed.map(name => `−${name}`)].slice(0, 6).join(', ')})`
    case 'key-order':
      return 'the order of JSON keys'
    case 'document-order':
      return 'the order of documents'
    case 'sliding-window':
      return `a sliding window (${many(reason.droppedMessages, 'message')} dropped)`
    case 'rolling-summary':
      return `a summary written anew (of ${many(reason.replacedMessages, 'message')})`
    case 'history-edited':
      return 'an edit'
    case 'media-address':
      return 'the address of a file'
    case 'whitespace':
      return 'spaces and line ends'
    case 'text-changed':
      return 'other words'
  }
}

const placeOf = (place: LintPlace): string =>
  place.type === 'tools'
    ? place.tool === undefined
      ? 'the tools'
      : `the tool ${place.tool}`
    : place.type === 'system'
      ? 'the system prompt'
      : `message ${place.index + 1} (${place.role})`

const many = (count: number, what: string): string => `${integer(count)} ${what}${count === 1 ? '' : 's'}`
