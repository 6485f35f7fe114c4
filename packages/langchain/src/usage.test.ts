import { simulated, type Simulated } from './testing/simulated.ts'
import type { Receipt, Usage } from '@routewise/core'
import { HumanMessage, SystemMessage, type AIMessage, type AIMessageChunk } from '@langchain/core/messages'
import { concat } from '@langchain/core/utils/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RoutedChatModel } from './index.ts'
import { toUsageMetadata } from './usage-metadata.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated()
})
afterAll(() => world.sim.close())

const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const

// Long enough for every vendor's prompt cache, so that a second call reads from it.
const rules = Array.from({ length: 900 }, (_, at) => `Rule ${at}: answer kindly, name the order, keep it short.`).join('\n')

const trueUsage = ({ serviceTier: _tier, residency: _residency, ...usage }: Usage) => usage
const receiptOf = (message: AIMessage | AIMessageChunk) => message.response_metadata['routewise'] as Receipt

describe.each(vendors)('%s', vendor => {
  const ask = async (call: (model: RoutedChatModel, prompt: (SystemMessage | HumanMessage)[]) => Promise<AIMessage | AIMessageChunk>) => {
    const model = new RoutedChatModel({ models: [world[vendor]()] })
    const marker = vendor === 'anthropic' ? { cache_control: { type: 'ephemeral' as const } } : {}
    const prompt = (question: string) => [
      new SystemMessage({ content: [{ type: 'text', text: rules, ...marker }] }),
      new HumanMessage(question),
    ]
    for (const question of ['Where is order 17?', 'And order 18, is it on its way?', 'And order 19?']) {
      const message = await call(model, vendor === 'mistral' || vendor === 'groq' ? plain(prompt(question)) : prompt(question))
      await world.sim.settled()
      const billed = world.sim.bill.rows.at(-1)!
      expect(billed.end).toBe('answered')
      expect(trueUsage(receiptOf(message).usage)).toEqual(trueUsage(billed.usage))
      expect(receiptOf(message)).toMatchObject({ costNanoUsd: billed.costNanoUsd, estimated: false })
      const { input_tokens, output_tokens, total_tokens, input_token_details, output_token_details } = message.usage_metadata!
      const expected = toUsageMetadata(billed.usage)
      expect({ input_tokens, output_tokens, total_tokens }).toEqual({
        input_tokens: expected.input_tokens,
        output_tokens: expected.output_tokens,
        total_tokens: expected.total_tokens,
      })
      expect(input_token_details).toMatchObject({ cache_read: billed.usage.cacheReadTokens })
      expect((output_token_details as { reasoning?: number } | undefined)?.reasoning ?? 0).toBe(billed.usage.reasoningTokens)
    }
  }

  test('a whole answer is counted and charged as the provider does', () => ask((model, prompt) => model.invoke(prompt)))

  test('a streamed answer is counted and charged as the provider does', () =>
    ask(async (model, prompt) => {
      let whole: AIMessageChunk | undefined
      for await (const chunk of await model.stream(prompt)) whole = whole === undefined ? chunk : concat(whole, chunk)
      return whole!
    }))

  test('content-block events are counted and charged as the provider does', () => ask(async (model, prompt) => model.streamEvents(prompt)))
})

/** These two integrations take text only in system messages. */
const plain = (messages: (SystemMessage | HumanMessage)[]) =>
  messages.map(message => (message instanceof SystemMessage ? new SystemMessage(message.text) : message))

// Mistral caches only by a key, which its integration cannot send.
test.each(vendors.filter(vendor => vendor !== 'mistral'))('the figures above hold tokens read from the prompt cache of %s', vendor => {
  const cached = world.sim.bill.rows.filter(
    ({ provider, usage }) => provider === (vendor === 'responses' ? 'openai' : vendor) && usage.cacheReadTokens > 0,
  )
  expect(cached.length).toBeGreaterThan(0)
})
