import { expect, test } from 'vitest'
import { answer, scriptedTarget, type ScriptStep } from '../testing/index.ts'
import { setUp } from '../testing/scripted-router.ts'

const reset = { fail: { kind: 'network' as const, message: 'reset' } }
const broken: ScriptStep[] = [{ text: 'one ' }, { afterMs: 300, text: 'two ' }, { afterMs: 300, ...reset }]
const targets = (script: readonly ScriptStep[]) => (clock: Parameters<typeof scriptedTarget>[1]) => [
  scriptedTarget('a', clock, script),
  scriptedTarget('b', clock, answer('whole')),
]
const patient = { hedge: false as const }

test('by default the first token is passed on at once', async () => {
  const { clock, start } = setUp(targets(broken), patient)
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('one ')
})

test.each([
  ['tokens', { tokens: 5 }],
  ['milliseconds', { ms: 1_000 }],
])('held back for some %s, an answer that breaks off is replaced without a trace', async (_, release) => {
  const { clock, start } = setUp(targets(broken), { ...patient, release })
  const { result } = start()
  await clock.advance(600)
  expect(result.text).toBe('whole')
  expect(result.receipt?.attempts.map(({ reason, end }) => [reason, end.type])).toEqual([
    ['first', 'failed'],
    ['fallback', 'answered'],
  ])
  expect(clock.pending()).toBe(0)
})

test('after the time that was asked for, what is held is passed on, and the rest as it comes', async () => {
  const script: ScriptStep[] = [{ text: 'one ' }, { afterMs: 100, text: 'two ' }, { afterMs: 900, text: 'three' }, { finish: 'stop' }]
  const { clock, start } = setUp(targets(script), { ...patient, release: { ms: 500 } })
  const { result } = start()
  await clock.advance(499)
  expect(result.text).toBe('')
  await clock.advance(1)
  expect(result.text).toBe('one two ')
  await clock.advance(500)
  expect(result.text).toBe('one two three')
})

test('an answer that is over before its time is passed on at its end', async () => {
  const { clock, start } = setUp(targets(answer('short')), { ...patient, release: { ms: 5_000 } })
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('short')
  expect(clock.pending()).toBe(0)
})

test('the first token counts from when it came, however long it was held', async () => {
  const script: ScriptStep[] = [{ afterMs: 50, text: 'one ' }, { afterMs: 400, text: 'two' }, { finish: 'stop' }]
  const { clock, start } = setUp(targets(script), { ...patient, release: 'judged' })
  const { result } = start()
  await clock.advance(500)
  expect(result.receipt).toMatchObject({ firstTokenMs: 450, attempts: [{ firstTokenMs: 50 }] })
})

test('held back, a leader that fails gives way to one that was given up for it', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('slow', clock, [answer('slow', { afterMs: 10_000 }), answer('second time')]),
      scriptedTarget('hasty', clock, [{ text: 'one ' }, { afterMs: 100, ...reset }]),
    ],
    { hedge: { budget: 1, delayMs: 200 }, release: { tokens: 100 } },
  )
  const { result } = start()
  await clock.advance(300)
  expect(result.text).toBe('second time')
  expect(result.receipt?.attempts.map(({ target, reason, end }) => [target, reason, end.type])).toEqual([
    ['slow', 'first', 'superseded'],
    ['hasty', 'hedge', 'failed'],
    ['slow', 'fallback', 'answered'],
  ])
})
