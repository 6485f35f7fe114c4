import { type AttemptReceipt, RouterError } from '@routewise/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { interleave } from './interleave.ts'
import type { Journal } from './journal.ts'
import { violationsOf } from './properties.ts'
import type { Property } from './property.ts'
import type { Scenario, TargetPlan } from './scenario.ts'

const target = (ending: TargetPlan['scripts'][number]['ending']): TargetPlan => ({
  rank: 1,
  scripts: [{ headers: false, role: true, pieces: ['text', 'text'], ending, throws: undefined }],
  manners: { onAbort: 'rejects', onReturn: 'ends', pushes: false },
  terminalEvent: true,
})

/** The first target fails before anything of it was passed on, the second answers. */
const scenario: Scenario = {
  options: { hedge: false, retry: false, timeouts: { totalMs: 500 }, release: { tokens: 100 }, onRefusal: 'return', onStall: 'fail' },
  savedHedges: 0,
  resumable: true,
  targets: [target({ finish: undefined, then: 'ends' }), target({ finish: 'stop', then: 'ends' })],
  judge: undefined,
  callers: [{ streaming: true, ahead: false, pauses: [false], leaves: undefined }],
  pace: { patience: 30, gaps: ['rest'], lags: [0] },
}
const play = () => interleave(fc.sample(fc.scheduler(), { numRuns: 1, seed: 1 })[0]!, scenario)

const receiptOf = ({ receipts }: Journal) => receipts.get(0)![0]!.receipt
const attemptsOf = (journal: Journal) => receiptOf(journal).attempts as AttemptReceipt[]

/** All is said to have failed after the first target. */
function spoilGivenUp(journal: Journal): void {
  const receipt = receiptOf(journal)
  const [call] = journal.calls
  call!.end = 'failed'
  call!.receipt = undefined
  call!.error = new RouterError('all_attempts_failed', 'Every attempt failed.', { receipt })
  attemptsOf(journal).pop()
}

const faults: [Property, string, (journal: Journal) => void][] = [
  ['one-answer', 'the last chunk is lost', ({ calls }) => calls[0]!.chunks.pop()],
  ['one-answer', 'chunks change places', ({ calls: [call] }) => call!.chunks.push(call!.chunks.shift()!)],
  [
    'one-answer',
    'a chunk of the other attempt comes between',
    ({ calls, entries }) => calls[0]!.chunks.splice(1, 0, entries[0]!.given[1]!),
  ],
  ['no-remains', 'the answer is of a superseded attempt', journal => (attemptsOf(journal)[1]!.end = { type: 'superseded' })],
  ['accounted', 'an attempt is on no receipt', journal => attemptsOf(journal).shift()],
  ['accounted', 'an attempt was never opened', ({ entries }) => entries.shift()],
  ['accounted', 'an attempt goes on', ({ calls }) => (calls[0]!.running = ['a1'])],
  ['told', 'listeners hear of two receipts', ({ receipts }) => receipts.get(0)!.push(receipts.get(0)![0]!)],
  ['told', 'listeners do not hear of an attempt', ({ attempts }) => attempts.get(0)!.pop()],
  ['rest', 'a timer is left', journal => (journal.timersAtEnd = 1)],
  ['rest', 'a listener is left', ({ calls }) => (calls[0]!.listeners = 1)],
  ['rest', 'the caller waits for ever', ({ calls }) => (calls[0]!.end = undefined)],
  ['rest', 'the end comes too late', ({ calls }) => (calls[0]!.endedAt = 501)],
  ['unhandled', 'a rejection is left', ({ unhandled }) => unhandled.push(new Error('nobody listens'))],
  ['typed-errors', 'an error is not ours', ({ calls }) => (calls[0]!.error = new Error('raw'))],
  [
    'first-good',
    'one that has said nothing supersedes',
    journal => {
      attemptsOf(journal)[0]!.end = { type: 'superseded' }
      journal.entries[1]!.spoke = false
    },
  ],
  ['first-good', 'a target was not asked', spoilGivenUp],
  ['bounded', 'there is a hedge too many', journal => (attemptsOf(journal)[1]!.reason = 'hedge')],
  ['manners', 'a target is pulled twice', journal => journal.faults.push('a1 was pulled twice at once')],
]

test('a run in which all is well breaks nothing', async () => {
  expect(violationsOf(await play(), scenario)).toEqual([])
})

test.each(faults)('%s: sees that %s', async (property, _what, spoil) => {
  const journal = await play()
  spoil(journal)
  expect(violationsOf(journal, scenario).map(violation => violation.split(':')[0])).toContain(property)
})
