import { findModel } from '@routewise/catalog'
import { costOf } from '@routewise/core'
import type { Receipt } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import { expect, test } from 'vitest'
import { type AskerWire, askerWires } from './askers.ts'

const STORY =
  'The old thermostat in the hallway had been installed by my grandfather, who never trusted anything that could not be repaired with a screwdriver. It clicked twice whenever the heating came on, and once when it went off again.'
const FOREIGN =
  '古い温度計は祖父が取り付けたもので、修理できないものは決して信用しませんでした。暖房が入るたびに二度、切れるたびに一度鳴りました。'

/** Reads an answer that falls silent midway, leaves when all that came was read, and gives both sides' books. */
async function leaveMidway(wire: AskerWire, text: string) {
  await using sim = await startSimulator({
    providers: [wire.provider],
    timeScale: 1_000,
    recordings: { match: () => ({ answer: { text } }) },
  })
  const { say, receipts } = wire.open(sim.origin(wire.provider), { hedge: false })
  const pieces: string[] = []
  for await (const text of say('Tell me.')) pieces.push(text)
  const half = pieces.slice(0, Math.floor(pieces.length / 2)).join('')

  sim.fault({ effect: { type: 'hang', at: 'midway' } })
  let said = ''
  const controller = new AbortController()
  const read = async () => {
    for await (const text of say('Tell me.', controller.signal)) {
      said += text
      if (said === half) controller.abort()
    }
  }
  await expect(read()).rejects.toThrow('aborted')
  await sim.settled()
  const [whole, left] = sim.bill.rows
  const [answered, aborted] = receipts
  return { whole: whole!, left: left!, answered: answered!, aborted: aborted! }
}

test.each(askerWires)(
  '$name: what was said to somebody who left is on the receipt; what was said in full is there to the nano-dollar',
  async wire => {
    for (const text of [STORY, FOREIGN]) {
      const { whole, left, answered, aborted } = await leaveMidway(wire, text)
      expect(answered).toMatchObject({ costNanoUsd: whole.costNanoUsd, estimated: false })
      expect(left.end).toBe('cancelled')
      expect(aborted).toMatchObject({ estimated: true, attempts: [{ end: { type: 'aborted' }, usageSource: 'estimated' }] })
      const [{ usage }] = aborted.attempts as [Receipt['attempts'][0]]
      // Half of the answer; the whole of it and its thoughts, which nobody saw, are the provider's to charge or not.
      const delivered = Math.floor((whole.usage.outputTokens - whole.usage.reasoningTokens) / 2)
      expect(usage.outputTokens).toBeGreaterThanOrEqual(delivered)
      const card = findModel(left.model, { provider: wire.provider })!
      expect(aborted.costNanoUsd).toBeGreaterThanOrEqual(
        costOf(card, { ...left.usage, reasoningTokens: 0, outputTokens: delivered }, Date.now())!,
      )
    }
  },
)

test.each(askerWires)('$name: an answer that nobody waited for is billed as far as its provider goes on with it', async wire => {
  await using sim = await startSimulator({ providers: [wire.provider], timeScale: 1_000 })
  sim.fault({ effect: { type: 'hang', at: 'first-token' } })
  const { say, receipts } = wire.open(sim.origin(wire.provider), { retry: false, timeouts: { firstTokenMs: 200 } })
  const read = async () => {
    for await (const _text of say('Tell me.'));
  }
  await expect(read()).rejects.toMatchObject({ code: 'all_attempts_failed' })
  await sim.settled()
  const [{ attempts, estimated }] = receipts as [Receipt]
  expect(estimated).toBe(true)
  // Google generates, and charges, to the end; Anthropic starts with a token that stands for none.
  const goesOn = wire.provider === 'google'
  expect(sim.bill.rows.map(({ usage }) => usage.outputTokens > 1)).toEqual([goesOn])
  expect(attempts.map(({ usage }) => usage.outputTokens > 1)).toEqual([goesOn])
  expect(attempts[0]!.costNanoUsd).toBeGreaterThan(0)
})
