import type { CallRecord, Segment } from '../caller.ts'
import type { Entry } from '../ledger.ts'
import type { Outcome } from '../simulate.ts'
import type { Pair, Report } from './call.ts'
import type { Settings } from './settings.ts'
import { ROUNDING_MS } from './times.ts'

/** What has come out of a call is one whole answer, or the start of one, of one attempt; or it says that it was joined. */
export function checkAnswer(record: CallRecord, pairs: readonly Pair[], outcome: Outcome, settings: Settings, report: Report): void {
  const { segments, plan } = record
  for (const [at, segment] of segments.entries()) {
    const { attempt: name, from, running } = segment
    const entry = outcome.ledger.named(name)
    if (entry?.name !== name || entry.call !== plan.call.id) report('one-answer', `${name} is not an attempt of this call`)
    if (running.length > 0) report('losers-first', `${running.join(', ')} not told when ${name} was passed on`)
    if (at === 0 && from !== 0) report('one-answer', `begins with chunk ${from} of ${name}`)
    if (at > 0) checkJoint(segments[at - 1]!, segment, record, pairs, settings, report)
    if (at === 0 && entry !== undefined && outcome.scenario.judge === undefined) checkRelease(segment, entry, record, settings, report)
  }
  if (record.end === 'answered') checkWhole(record, pairs, outcome, settings, report)
}

/** Two attempts follow each other only where the first broke off and the receipt says that another went on. */
function checkJoint(
  before: Segment,
  { attempt: name, from }: Segment,
  { plan }: CallRecord,
  pairs: readonly Pair[],
  settings: Settings,
  report: Report,
) {
  const joint = `${before.attempt}.${before.from + before.count - 1} is followed by ${name}.${from}`
  const broken = pairs.find(({ entry }) => entry.name === before.attempt)
  const next = pairs.find(({ entry }) => entry.name === name)
  if (plan.call.asksForTool) report('one-answer', `${joint}: a tool call cannot be gone on with`)
  // A reader that never came back has no receipt to say so.
  if (settings.onStall !== 'continue' || (pairs.length > 0 && !isContinued(pairs, broken, next))) report('one-answer', joint)
  else if (from > 1) report('one-answer', `${joint}: the start is missing`)
  else if (broken !== undefined && before.from + before.count !== broken.entry.chunks) report('one-answer', `${joint}: the end is missing`)
}

/** Somebody went on where this one broke off: the attempt itself, or the first of those that were tried for it. */
function isContinued(pairs: readonly Pair[], broken: Pair | undefined, next: Pair | undefined): boolean {
  if (broken === undefined || next === undefined || broken.attempt.end.type !== 'interrupted') return false
  const since = broken.attempt.startedMs + broken.attempt.totalMs
  return pairs.some(
    ({ attempt: { reason, startedMs } }) => reason === 'continuation' && startedMs >= since && startedMs <= next.attempt.startedMs,
  )
}

/** An answer is passed on neither before it may be nor, where nothing holds it back, after. */
function checkRelease({ at, ended, tokens }: Segment, entry: Entry, { plan }: CallRecord, { release }: Settings, report: Report): void {
  if (ended || !plan.call.streaming || entry.firstTokenAt === undefined) return
  const heldMs = at - entry.firstTokenAt
  if (release === 'first-token') {
    if (heldMs > ROUNDING_MS) report('held-back', `${entry.name} was held for ${heldMs} ms`)
  } else if (release === 'judged') report('held-back', `${entry.name} was passed on before it was whole`)
  else if ('ms' in release) {
    if (heldMs < release.ms - ROUNDING_MS) report('held-back', `${entry.name} was passed on after ${heldMs} ms`)
  } else if (tokens < release.tokens - 1) report('held-back', `${entry.name} was passed on after ${tokens} tokens`)
}

function checkWhole({ segments, receipt }: CallRecord, pairs: readonly Pair[], outcome: Outcome, settings: Settings, report: Report): void {
  const last = segments.at(-1)
  const entry = last === undefined ? undefined : outcome.ledger.named(last.attempt)
  if (last === undefined || entry === undefined) {
    report('terminal-event', 'a success without a chunk')
    return
  }
  const { name, chunks, target, fault, ended, finish } = entry
  if (last.from + last.count !== chunks) report('one-answer', `${name} has given ${chunks} chunks, ${last.from + last.count} came`)
  const mayEndSilently = outcome.scenario.providers.some(({ facts }) => facts.id === target && facts.terminalEvent === false)
  // What happens to the line after the terminal event takes nothing from the answer.
  if (finish === undefined && !(mayEndSilently && ended === 'done')) {
    report('terminal-event', `${name} (${fault ?? 'no fault'}) is passed for a success; it ended as ${ended}`)
  }
  if (receipt !== undefined && receipt.target !== target) report('every-attempt', `${target} answered, the receipt says ${receipt.target}`)
  const answered = pairs.filter(({ attempt: { end, reason } }) => end.type === 'answered' && reason !== 'sample' && reason !== 'judge')
  if (answered.length !== 1 || answered[0]!.entry !== entry)
    report('every-attempt', `${answered.length} attempts are said to have answered`)
  if (settings.release === 'judged' && outcome.verdicts.get(name) === 'rejected') {
    const better = pairs.find(pair => outcome.verdicts.get(pair.entry.name) === 'accepted')
    if (better !== undefined) report('judged', `${name} was rejected and ${better.entry.name} accepted, the first was passed on`)
  }
}
