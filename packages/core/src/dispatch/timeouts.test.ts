import { expect, test } from 'vitest'
import { answer, scriptedTarget } from '../testing/index.ts'
import { setUp } from '../testing/scripted-router.ts'
import type { ScriptStep } from '../testing/scripted.ts'

const quiet = { hedge: false as const, retry: false as const }

test('no headers in time is a failure, and the next target answers', async () => {
  const { clock, start } = setUp(clock => [scriptedTarget('a', clock, [{ hang: true }]), scriptedTarget('b', clock, answer('b'))], {
    ...quiet,
    timeouts: { headersMs: 1_000 },
  })
  const { result } = start()
  await clock.advance(1_000)
  expect(result.text).toBe('b')
  expect(result.receipt?.attempts[0]).toMatchObject({ end: { failure: { kind: 'timeout', message: 'No headers within 1000 ms.' } } })
})

test('an attempt that runs out of time is billed to its end where the provider does not stop', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ hang: true }], { card: { cancelStopsBilling: false } }),
      scriptedTarget('b', clock, answer('b')),
    ],
    { ...quiet, timeouts: { firstTokenMs: 1_000 } },
  )
  const { result } = start()
  await clock.advance(1_000)
  expect(result.receipt?.attempts[0]).toMatchObject({ usageSource: 'estimated', usage: { outputTokens: 250 } })
})

test('headers without a token run into the other limit', async () => {
  const { clock, start } = setUp(
    clock => [scriptedTarget('a', clock, [{ headers: {} }, { hang: true }]), scriptedTarget('b', clock, answer('b'))],
    { ...quiet, timeouts: { headersMs: 1_000, firstTokenMs: 5_000 } },
  )
  const { result } = start()
  await clock.advance(4_999)
  expect(result.text).toBe('')
  await clock.advance(1)
  expect(result.receipt?.attempts[0]).toMatchObject({ end: { failure: { message: 'No first token within 5000 ms.' } } })
})

const stalls: ScriptStep[] = [{ text: 'The answer ' }, { afterMs: 500, text: 'is ' }, { hang: true }]

test('a stall after part of the answer is an error with the text and the bill so far', async () => {
  const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, stalls), scriptedTarget('b', clock, answer('b'))], {
    ...quiet,
    timeouts: { stallMs: 2_000 },
  })
  const { result } = start()
  await clock.advance(2_499)
  expect(result.error).toBeUndefined()
  await clock.advance(1)
  expect(result.error).toMatchObject({
    code: 'stream_interrupted',
    partialText: 'The answer is ',
    failures: [{ target: 'a', kind: 'timeout', message: 'No token for 2000 ms.' }],
    receipt: { estimated: true, attempts: [{ end: { type: 'interrupted' }, usage: { outputTokens: 4 } }] },
  })
  expect(targets[0]!.signals[0]!.aborted).toBe(true)
  expect(clock.pending()).toBe(0)
})

const words: ScriptStep[] = [{ text: 'one ' }, { text: 'two ' }, { text: 'three' }, { finish: 'stop' }]

test('a reader that takes its time is not taken for a provider that stalls', async () => {
  const { clock, router } = setUp(clock => [scriptedTarget('a', clock, words)], {
    ...quiet,
    timeouts: { stallMs: 1_000 },
  })
  const reading = router.run({ prompt: 'hi' })
  const seen: string[] = []
  for (;;) {
    const step = await reading.next()
    if (step.done === true) break
    if ('text' in step.value) seen.push(step.value.text)
    await clock.advance(5_000)
  }
  expect(seen).toEqual(['one ', 'two ', 'three'])
})

test('asked to, another target goes on where the answer stalled, and both are on the receipt', async () => {
  const { clock, start, targets } = setUp(clock => [scriptedTarget('a', clock, stalls), scriptedTarget('b', clock, answer('42.'))], {
    ...quiet,
    timeouts: { stallMs: 2_000 },
    onStall: 'continue',
  })
  const { result } = start()
  await clock.advance(2_500)
  expect(result.text).toBe('The answer is 42.')
  expect(targets[1]!.calls).toEqual([{ prompt: 'hello there | The answer is ' }])
  expect(result.receipt?.attempts).toMatchObject([
    { target: 'a', reason: 'first', end: { type: 'interrupted' } },
    { target: 'b', reason: 'continuation', end: { type: 'answered' } },
  ])
})

test('a continuation that breaks off too is continued by the next, with all the text there is', async () => {
  const broken: ScriptStep[] = [{ text: 'is ' }, { fail: { kind: 'network', message: 'reset' } }]
  const { clock, start, targets } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ text: 'The answer ' }, { fail: { kind: 'network', message: 'reset' } }]),
      scriptedTarget('b', clock, broken),
      scriptedTarget('c', clock, answer('42.')),
    ],
    { ...quiet, onStall: 'continue' },
  )
  const { result } = start()
  await clock.advance(0)
  expect(result.text).toBe('The answer is 42.')
  expect(targets[2]!.calls).toEqual([{ prompt: 'hello there | The answer is ' }])
})

test('a tool call that broke off is never continued', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ tool: { name: 'pay', arguments: '{"usd":' } }, { fail: { kind: 'network', message: 'reset' } }]),
      scriptedTarget('b', clock, answer('42.')),
    ],
    { ...quiet, onStall: 'continue' },
  )
  const { result } = start()
  await clock.advance(0)
  expect(result.error).toMatchObject({ code: 'stream_interrupted' })
})

test('when nobody can go on, the error is that of the answer that broke off', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ text: 'The answer ' }, { fail: { kind: 'network', message: 'reset' } }]),
      scriptedTarget('b', clock, [{ fail: { kind: 'auth', message: 'no' } }]),
    ],
    { ...quiet, onStall: 'continue' },
  )
  const { result } = start()
  await clock.advance(0)
  expect(result.error).toMatchObject({
    code: 'stream_interrupted',
    partialText: 'The answer ',
    failures: [{ target: 'a' }, { target: 'b' }],
  })
  expect(result.error).toMatchObject({ receipt: { attempts: [{ end: { type: 'interrupted' } }, { end: { type: 'failed' } }] } })
})

test.each([
  ['never closes', { hang: true as const }],
  ['breaks', { fail: { kind: 'network' as const, message: 'reset' } }],
])('an answer that has told its end is whole, though its line %s after it', async (_, after) => {
  const { clock, start, targets } = setUp(
    clock => [scriptedTarget('a', clock, [{ text: 'All of it.' }, { finish: 'stop' }, after]), scriptedTarget('b', clock, answer('b'))],
    { ...quiet, onStall: 'continue' },
  )
  const { result } = start()
  await clock.advance(5_000)
  expect(result.text).toBe('All of it.')
  expect(result.receipt).toMatchObject({ target: 'a', attempts: [{ end: { type: 'answered', finish: 'stop' } }] })
  expect(targets[0]!.signals[0]!.aborted).toBe(true)
  expect(clock.pending()).toBe(0)
})
