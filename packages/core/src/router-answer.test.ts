import { expect, test } from 'vitest'
import type { CallOptions } from './router.ts'
import { answer, scriptedTarget, type ManualClock, type ScriptStep } from './testing/index.ts'
import { setUp } from './testing/scripted-router.ts'
import type { Receipt } from './types.ts'

const server = { kind: 'server', message: 'broken', status: 500 } as const

/** Asks for whole answers, one target per script, and tells what became of it. */
function asking(scripts: readonly (readonly ScriptStep[])[], options: Parameters<typeof setUp>[1] = {}) {
  const { clock, router, targets } = setUp(on => scripts.map((script, at) => scriptedTarget('abc'[at]!, on, script)), {
    retry: false,
    ...options,
  })
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  const ask = async (callOptions?: CallOptions) => {
    try {
      const { chunks, receipt } = await router.answer({ prompt: 'hello' }, callOptions)
      return { text: chunks.map(step => ('text' in step ? step.text : '')).join(''), receipt }
    } catch (error) {
      return { error }
    }
  }
  return { clock, targets, receipts, ask }
}

const after = async <Result>(clock: ManualClock, ms: number, pending: Promise<Result>): Promise<Result> => {
  await clock.advance(ms)
  return pending
}

test('a whole answer is all of its chunks and the receipt', async () => {
  const { clock, ask, receipts } = asking([answer('hello world', { afterMs: 100 })])
  const { text, receipt } = await after(clock, 100, ask())
  expect(text).toBe('hello world')
  expect(receipt).toMatchObject({ target: 'a', firstTokenMs: 100, costNanoUsd: 20_000 })
  expect(receipts).toEqual([receipt])
  expect(clock.pending()).toBe(0)
})

test('another target answers where one fails', async () => {
  const { clock, ask } = asking([[{ fail: server }], answer('from b')])
  expect(await after(clock, 0, ask())).toMatchObject({
    text: 'from b',
    receipt: { attempts: [{ end: { type: 'failed' } }, { reason: 'fallback' }] },
  })
})

test('when all fail, and when an answer breaks off, the error holds the receipt, and no timer is left', async () => {
  const down = asking([[{ fail: server }]])
  expect(await after(down.clock, 0, down.ask())).toMatchObject({ error: { code: 'all_attempts_failed', receipt: { id: 'call-1' } } })
  const broken = asking([[{ text: 'half' }, { afterMs: 5, fail: server }]])
  expect(await after(broken.clock, 5, broken.ask())).toMatchObject({
    error: { code: 'stream_interrupted', partialText: 'half', receipt: { attempts: [{ end: { type: 'interrupted' } }] } },
  })
  expect([down.clock.pending(), broken.clock.pending()]).toEqual([0, 0])
})

test('the caller’s signal and the time allowed end it, and its provider hears of it', async () => {
  const controller = new AbortController()
  const { clock, ask, targets, receipts } = asking([[{ text: 'half' }, { hang: true }]], { timeouts: { totalMs: 1_000 } })
  const aborted = ask({ signal: controller.signal })
  await clock.advance(10)
  controller.abort()
  expect(await aborted).toMatchObject({ error: { code: 'aborted' } })
  expect(await after(clock, 1_000, ask())).toMatchObject({ error: { code: 'deadline' } })
  expect(targets[0]!.signals.map(({ aborted: ended }) => ended)).toEqual([true, true])
  expect(receipts).toHaveLength(2)
  expect(clock.pending()).toBe(0)
})

test('a call that was aborted before it began asks nobody', async () => {
  const { ask, targets } = asking([answer('never')])
  expect(await ask({ signal: AbortSignal.abort() })).toMatchObject({ error: { code: 'aborted' } })
  expect(targets[0]!.calls).toHaveLength(0)
})
