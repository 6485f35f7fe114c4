import type { Receipt, RouterError } from '@routewise/core'
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event'
import { HumanMessage, type AIMessageChunk } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { concat } from '@langchain/core/utils/stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { RoutedChatModel, type RoutedChatModelOptions } from './index.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

const words = 'The parcel left the warehouse on Monday and should be with you by Thursday, if nothing comes between.'
const rest = ' (and so on).'
let world: Simulated
beforeEach(async () => {
  world = await simulated({
    recordings: {
      match: ({ prompt }) => ({ answer: { text: prompt.includes('cut off') ? rest : words, outputTokens: 40 } }),
    },
  })
})
afterEach(() => world.sim.close())

type Vendor = 'openai' | 'mistral' | 'groq' | 'anthropic' | 'google'
const pairs: [Vendor, Vendor][] = [
  ['openai', 'anthropic'],
  ['mistral', 'openai'],
  ['groq', 'google'],
  ['openai', 'mistral'],
]
function broken(vendors: readonly Vendor[], options: Partial<RoutedChatModelOptions> = {}) {
  world.sim.fault({ when: { provider: vendors[0]! }, effect: { type: 'cut', at: 'midway' }, times: 1 })
  const models = Object.fromEntries(vendors.map(vendor => [vendor, world[vendor]()]))
  return new RoutedChatModel({ models, policy: candidates => candidates, hedge: false, retry: false, onStall: 'continue', ...options })
}
const attempts = ([first, second]: readonly Vendor[]) => [
  { target: first, end: { type: 'interrupted' } },
  { target: second, reason: 'continuation', end: { type: 'answered' } },
]
const gather = async (chunks: AsyncIterable<AIMessageChunk>) => {
  const list: AIMessageChunk[] = []
  for await (const chunk of chunks) list.push(chunk)
  return { list, whole: list.reduce((sum, chunk) => concat(sum, chunk)) }
}
const caught = async (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as RouterError,
  )

describe.each(pairs)('an answer that %s breaks off and %s goes on with', (...vendors) => {
  test('is one text to whoever streams it, and of one id, if any', async () => {
    const { list, whole } = await gather(await broken(vendors).stream('Where is it?'))
    const start = whole.text.slice(0, -rest.length)
    expect(start.length).toBeGreaterThan(10)
    expect(words.startsWith(start)).toBe(true)
    expect(whole.text).toBe(start + rest)
    expect(new Set(list.map(({ id }) => id).filter(Boolean)).size).toBeLessThanOrEqual(1)
    const receipt = whole.response_metadata['routewise'] as Receipt
    expect(receipt).toMatchObject({ target: vendors[1], attempts: attempts(vendors) })
  })

  test('is one message of whole blocks among events', async () => {
    const events: ChatModelStreamEvent[] = []
    for await (const event of broken(vendors)._streamChatModelEvents([new HumanMessage('Where is it?')], {})) events.push(event)
    expect(events.filter(({ event }) => event === 'message-start')).toHaveLength(1)
    expect(events.filter(({ event }) => event === 'message-finish')).toHaveLength(1)
    const blocks = events.filter(event => event.event === 'content-block-finish').filter(({ content }) => content.type === 'text')
    const texts = blocks.map(({ content }) => String(content['text']))
    expect(texts).toHaveLength(2)
    expect(words.startsWith(texts[0]!)).toBe(true)
    expect(texts[1]).toBe(rest)
    const started = events.filter(event => event.event === 'content-block-start').map(({ index }) => index)
    const finished = events.filter(event => event.event === 'content-block-finish').map(({ index }) => index)
    expect(started).toEqual(started.map((_, at) => at))
    expect(new Set(finished)).toEqual(new Set(started))
    expect(finished).toHaveLength(started.length)
  })
})

describe('an answer that breaks off is an error with the text so far', () => {
  const weather = tool(() => '', { name: 'weather', description: 'The weather.', schema: z.object({}) })

  test('where nothing else was asked for', async () => {
    const error = await caught(broken(['openai', 'mistral'], { onStall: 'fail' }).stream('Where is it?').then(gather))
    expect(error).toMatchObject({ code: 'stream_interrupted', failures: [{ target: 'openai' }] })
    expect(error!.partialText!.length).toBeGreaterThan(10)
    expect(words.startsWith(error!.partialText!)).toBe(true)
    expect(error!.receipt!.attempts).toMatchObject([{ target: 'openai', end: { type: 'interrupted' } }])
  })

  test('where tools are offered: only text can go on', async () => {
    const model = broken(['openai', 'mistral']).bindTools([weather])
    expect(await caught(model.stream('Where is it?').then(gather))).toMatchObject({ code: 'stream_interrupted' })
  })
})
