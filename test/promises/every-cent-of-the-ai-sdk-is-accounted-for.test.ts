import { type Receipt, receiptOf } from '@routewise/ai-sdk'
import { generateText, type ModelMessage, streamText } from 'ai'
import { expect, test } from 'vitest'
import { startAiSdkWorld } from './ai-sdk-world.ts'

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
const instructions = 'You are the support desk of a maker of thermostats. '.repeat(150)

test('receipts add up to the providers’ bill to the nano-dollar, through failures and fallbacks', async () => {
  const { sim, model, receipts } = await startAiSdkWorld({ hedge: false }, { timeScale: 200 })
  sim.fault({ when: { provider: 'openai', probability: 0.3 }, effect: { type: 'http-error', kind: 'server' } })
  sim.fault({ when: { provider: 'google', probability: 0.2 }, effect: { type: 'http-error', kind: 'overloaded' } })
  const given: (Receipt | undefined)[] = []
  for (let conversation = 0; conversation < 6; conversation += 1) {
    const messages: ModelMessage[] = []
    for (let turn = 0; turn < 10; turn += 1) {
      messages.push({ role: 'user', content: `Question ${conversation}.${turn}` })
      if (turn % 2 === 0) {
        const result = await generateText({ model, instructions, messages })
        messages.push(...result.responseMessages)
        given.push(receiptOf(result))
      } else {
        const result = streamText({ model, instructions, messages })
        messages.push(...(await result.responseMessages))
        given.push(receiptOf(await result.finalStep))
      }
    }
  }
  await sim.settled()
  expect(receipts).toHaveLength(60)
  expect(given.map(receipt => receipt?.id)).toEqual(receipts.map(({ id }) => id))
  expect(receipts.some(({ attempts }) => attempts.length > 1)).toBe(true)
  expect(receipts.some(({ usage }) => usage.cacheReadTokens > 0)).toBe(true)
  expect(receipts.every(({ estimated }) => !estimated)).toBe(true)
  expect(sum(given.map(receipt => receipt!.costNanoUsd))).toBe(sim.bill.totalNanoUsd)
})

test('who cancels the stream of a model cancels its provider, and the receipt says that its figure is an estimate', async () => {
  const { sim, model, receipts } = await startAiSdkWorld({}, { latency: { default: { outputTokensPerSecond: 5 } } })
  const { stream } = await model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Write a long story about a thermostat.' }] }],
  })
  for await (const part of stream) if (part.type === 'text-delta' && part.delta !== '') break
  await sim.settled()
  expect(sim.bill.rows).toMatchObject([{ end: 'cancelled' }])
  expect(receipts).toMatchObject([{ estimated: true, attempts: [{ end: { type: 'aborted' } }] }])
  expect(receipts[0]!.costNanoUsd).toBeGreaterThan(0)
})
