import { type AIMessageChunk, type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages'
import type { RoutedChatModel } from '@routewise/langchain'
import { expect, test } from 'vitest'
import { startWorld } from './world.ts'

async function gather(model: RoutedChatModel, messages: BaseMessage[]): Promise<AIMessageChunk> {
  let whole: AIMessageChunk | undefined
  for await (const chunk of await model.stream(messages)) whole = whole === undefined ? chunk : whole.concat(chunk)
  return whole!
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)

test('receipts add up to the providers’ bill to the nano-dollar, through failures and fallbacks', async () => {
  const { sim, model, receipts } = await startWorld({ hedge: false })
  sim.fault({ when: { provider: 'openai', probability: 0.3 }, effect: { type: 'http-error', kind: 'server' } })
  sim.fault({ when: { provider: 'google', probability: 0.2 }, effect: { type: 'http-error', kind: 'overloaded' } })
  const system = new SystemMessage('You are the support desk of a maker of thermostats. '.repeat(150))
  for (let conversation = 0; conversation < 6; conversation += 1) {
    const history: BaseMessage[] = [system]
    for (let turn = 0; turn < 10; turn += 1) {
      history.push(new HumanMessage(`Question ${conversation}.${turn}`))
      history.push(turn % 2 === 0 ? await model.invoke(history) : await gather(model, history))
    }
  }
  await sim.settled()
  expect(receipts).toHaveLength(60)
  expect(receipts.some(({ attempts }) => attempts.length > 1)).toBe(true)
  expect(receipts.some(({ usage }) => usage.cacheReadTokens > 0)).toBe(true)
  expect(receipts.every(({ estimated }) => !estimated)).toBe(true)
  expect(sum(receipts.map(({ costNanoUsd }) => costNanoUsd))).toBe(sim.bill.totalNanoUsd)
})

test('a reader who leaves cancels the provider, and the receipt says that its figure is an estimate', async () => {
  const { sim, model, receipts } = await startWorld({}, { latency: { default: { outputTokensPerSecond: 5 } } })
  for await (const chunk of await model.stream('Write a long story about a thermostat.')) if (chunk.text !== '') break
  await sim.settled()
  expect(sim.bill.rows).toMatchObject([{ end: 'cancelled' }])
  expect(receipts).toMatchObject([{ estimated: true, attempts: [{ end: { type: 'aborted' } }] }])
  expect(receipts[0]!.costNanoUsd).toBeGreaterThan(0)
})
