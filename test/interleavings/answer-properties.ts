import type { AttemptEnd, Receipt } from '@routewise/core'
import type { Chunk } from './dialect.ts'
import { type CallRecord, textOf } from './journal.ts'
import { isAside, type Pair, type Report } from './property.ts'
import type { Scenario } from './scenario.ts'

/** How the attempt may have ended whose chunks came last. Who leaves may do so when the answer has just come to its end. */
const LAST_ENDS: Readonly<Record<NonNullable<CallRecord['end']>, readonly AttemptEnd['type'][]>> = {
  answered: ['answered'],
  failed: ['interrupted', 'aborted'],
  left: ['interrupted', 'aborted', 'answered'],
}

const isGoodEnd = ({ finish }: Chunk): boolean => finish !== undefined && finish !== 'error'

/** What the caller has got, against what the attempts have said. */
export function checkAnswer(record: CallRecord, receipt: Receipt, pairs: readonly Pair[], scenario: Scenario, report: Report): void {
  const { chunks } = record
  const names = [...new Set(chunks.map(({ attempt }) => attempt))]
  const pieces = names.map(name => chunks.filter(({ attempt }) => attempt === name))
  const list = names.join(', ')
  if (pieces.flat().some((chunk, at) => chunk !== chunks[at])) report('one-answer', `chunks of ${list} are mixed`)
  if (names.length > 1 && scenario.options.onStall !== 'continue') report('one-answer', `of ${list}`)
  if (pieces.filter(piece => piece.some(({ tool }) => tool !== undefined)).length > 1) report('one-answer', `tool calls of ${list}`)
  const onReceipt = receipt.attempts.map(({ model }) => model).filter(model => names.includes(model))
  if (onReceipt.join(', ') !== list) report('one-answer', `came as ${list}, the receipt has ${onReceipt.join(', ')}`)
  let before = ''
  for (const [at, piece] of pieces.entries()) {
    const pair = pairs.find(({ entry }) => entry.name === names[at])
    if (pair === undefined) report('one-answer', `${names[at]} is not an attempt of this call`)
    else checkPiece(piece, pair, before, at < pieces.length - 1 ? undefined : record, report)
    before += textOf(piece)
  }
  checkWinner(record, pairs, names.at(-1), report)
}

/** One attempt's share of an answer; `last` is the call when no other follows. */
function checkPiece(piece: readonly Chunk[], { entry, attempt }: Pair, before: string, last: CallRecord | undefined, report: Report): void {
  const { name, given, resumedFrom } = entry
  const ends = last === undefined ? ['interrupted'] : LAST_ENDS[last.end!]
  const isComplete = last === undefined || last.end === 'answered'
  if (piece.some((chunk, at) => chunk.index !== at)) report('one-answer', `chunks of ${name} are missing or out of order`)
  if (isComplete ? piece.length !== given.length : piece.length > given.length)
    report('one-answer', `the caller has ${piece.length} of the ${given.length} chunks of ${name}`)
  if (before !== '' && resumedFrom !== before) report('one-answer', `${name} went on from ${resumedFrom}, the caller had ${before}`)
  if (isAside(attempt)) report('no-remains', `${name} was opened for the judge`)
  if (!ends.includes(attempt.end.type))
    report('no-remains', `${name} was ${attempt.end.type}, and the caller has ${piece.length} chunks of it`)
  if (attempt.end.type === 'interrupted' && given.some(isGoodEnd))
    report('one-answer', `${name} was interrupted after it had said that it was done`)
}

function checkWinner({ end, receipt }: CallRecord, pairs: readonly Pair[], name: string | undefined, report: Report): void {
  const answered = pairs.filter(({ attempt }) => attempt.end.type === 'answered' && !isAside(attempt))
  const [winner] = answered
  if (answered.length > 1) report('no-remains', `${answered.map(({ entry }) => entry.name).join(' and ')} have both answered`)
  if (winner === undefined) {
    if (end === 'answered') report('no-remains', 'answered by nobody')
    return
  }
  if (end === 'failed') report('no-remains', `${winner.entry.name} has answered a call that has failed`)
  if (end === 'answered' && (name !== winner.entry.name || receipt?.target !== winner.entry.target))
    report('one-answer', `the receipt says ${receipt?.target}, the answer is of ${name}`)
  const accepted = pairs.find(({ attempt }) => attempt.verdict?.accepted === true)
  if (winner.attempt.verdict?.accepted === false && accepted !== undefined)
    report('no-remains', `${winner.entry.name} was rejected and passed on, ${accepted.entry.name} was accepted`)
}
