import type { FaultEffect } from '@routewise/simulator'
import { expect, test } from 'vitest'
import { startWorld } from './world.ts'

const CALLS = 40

/** Ways in which a provider can fail before anybody has seen a token of its answer. */
const outages: readonly [name: string, effect: FaultEffect][] = [
  ['is overloaded', { type: 'http-error', kind: 'overloaded' }],
  ['limits the rate', { type: 'http-error', kind: 'rate-limit', retryAfterMs: 2_000 }],
  ['has run out of quota', { type: 'http-error', kind: 'quota' }],
  ['refuses the key', { type: 'http-error', kind: 'auth' }],
  ['fails inside', { type: 'http-error', kind: 'server' }],
  ['cuts the connection at once', { type: 'cut', at: 'headers' }],
  ['cuts the connection before the first token', { type: 'cut', at: 'first-token' }],
  ['sends an error in place of the first token', { type: 'stream-error', at: 'first-token', kind: 'overloaded' }],
  ['is silent before headers', { type: 'hang', at: 'headers' }],
  ['is silent before the first token', { type: 'hang', at: 'first-token' }],
]

test.each(outages)('when the first provider %s, every concurrent stream is answered whole by another', async (_, effect) => {
  // Silence is only known by waiting: a short limit stands in for a patient one.
  const { sim, model, receipts } = await startWorld({ timeouts: { firstTokenMs: 2_000 } })
  sim.fault({ when: { provider: 'openai' }, effect })
  const answers = await Promise.all(
    Array.from({ length: CALLS }, async (_, call) => {
      let text = ''
      for await (const chunk of await model.stream(`Where is order ${call}?`)) text += chunk.text
      return text
    }),
  )
  expect(answers.filter(text => text.length > 0)).toHaveLength(CALLS)
  expect(receipts.map(({ target }) => target)).not.toContain('luna')
  for (const { attempts } of receipts) expect(attempts.filter(({ end }) => end.type === 'answered')).toHaveLength(1)
})

test('an answer that breaks off after its first tokens is an error with the bill so far, never a short answer', async () => {
  const { sim, model } = await startWorld()
  sim.fault({ when: { provider: 'openai' }, effect: { type: 'silent-end' } })
  let text = ''
  const reading = (async () => {
    for await (const chunk of await model.stream('Tell me about thermostats.')) text += chunk.text
  })()
  await expect(reading).rejects.toThrow(/luna broke off after part of its answer was delivered/)
  expect(text.length).toBeGreaterThan(0)
})
