import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { createCall } from './call-options.ts'
import { createDialect } from './dialect.ts'
import { best, receiptOf } from './index.ts'
import { parseModelOptions, type CandidateModel } from './options.ts'
import { RoutedChatModel } from './routed-chat-model.ts'
import { createTarget } from './target.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ timeScale: 2_000 })
})
afterAll(() => world.sim.close())

const ephemeral = { type: 'ephemeral' }
const lines = (words: string, count: number) => Array.from({ length: count }, (_, at) => `${words} ${at}.`).join(' ')
const handbook = lines('Every traveller carries a lamp through chapter', 700)
const schema = z.object({ city: z.string() })
const tools = ['weather', 'clock'].map(name => ({ name, description: `The ${name} of a city.`, schema }))

interface Sent {
  system?: Record<string, unknown>[]
  tools?: { name: string; cache_control?: unknown }[]
  messages: { content: Record<string, unknown>[] }[]
  prompt_cache_key?: string
}
const request = () => world.sim.requests.at(-1)!.http
const body = () => request().body as Sent
/** Every cache marker of the last request, with the path to it. */
function marks(value: unknown = request().body, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'cache_control' ? [`${path}: ${JSON.stringify(inner)}`] : marks(inner, `${path}/${name}`),
  )
}

/** One attempt with a plan, without a router. */
async function send(
  model: CandidateModel,
  messages: readonly BaseMessage[],
  cache: Parameters<ReturnType<typeof createDialect>['prepare']>[2],
  options = {},
) {
  const target = createTarget(parseModelOptions({ models: [model] }).candidates[0]!)
  const call = createDialect([target]).prepare(createCall('stream', messages, options), target, cache)
  for await (const _ of target.open(call, { signal: new AbortController().signal, onHeaders() {} })) continue
  return call
}

const turn = new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', id: 'toolu_1', name: 'weather', args: { city: 'Oslo' } }] })
const conversation = [
  new SystemMessage('Be kind.'),
  new HumanMessage('Weather in Oslo?'),
  turn,
  new ToolMessage({ tool_call_id: 'toolu_1', name: 'weather', content: 'sunny' }),
]

describe('the markers of a plan, for Claude', () => {
  test('end the tools, the system, and messages of every role', async () => {
    const breakpoints = [{ after: 'tools' as const, ttl: '1h' }, { after: 0, ttl: '1h' }, { after: 2 }, { after: 3 }]
    await send(world.anthropic(), conversation, { cache: { breakpoints } }, { tools })
    expect(marks()).toEqual([
      '/tools/1: {"type":"ephemeral","ttl":"1h"}',
      '/messages/1/content/0: {"type":"ephemeral"}',
      '/messages/2/content/0: {"type":"ephemeral"}',
      '/system/0: {"type":"ephemeral","ttl":"1h"}',
    ])
  })

  test('stand where the messages have gone, and never with a longer lifetime after a shorter one', async () => {
    const messages = [new AIMessage(''), new HumanMessage('Hi'), new AIMessage('Hello.'), new HumanMessage('And?')]
    await send(world.anthropic(), messages, { cache: { breakpoints: [{ after: 0 }, { after: 1 }, { after: 3, ttl: '1h' }] } })
    expect(marks()).toEqual(['/messages/0/content/0: {"type":"ephemeral"}', '/messages/2/content/0: {"type":"ephemeral"}'])
  })

  test('leave thoughts and empty text alone', async () => {
    const [weather] = tools
    const thinking = await world.anthropic().bindTools([weather!]).invoke('Weather?')
    const [call] = thinking.tool_calls!
    const messages = [new HumanMessage('Weather?'), thinking, new ToolMessage({ tool_call_id: call!.id!, content: 'sunny' })]
    await send(world.anthropic(), messages, { cache: { breakpoints: [{ after: 1 }] } }, { tools })
    expect(body().messages[1]!.content).toMatchObject([{ type: 'thinking' }, { type: 'tool_use', cache_control: ephemeral }])
    expect(marks()).toHaveLength(1)
  })

  const marked = new HumanMessage({ content: [{ type: 'text', text: 'Hi', cache_control: ephemeral }] })
  test.each([
    ['in a message', () => world.anthropic(), [marked, new AIMessage('Hello.'), new HumanMessage('And?')], {}],
    ['on a tool', () => world.anthropic(), conversation, { tools: [{ ...tools[0], extras: { cache_control: ephemeral } }] }],
    ['for the call', () => world.anthropic(), conversation, { cache_control: ephemeral }],
    ['by withConfig', () => world.anthropic().withConfig({ cache_control: { type: 'ephemeral' } }), conversation, {}],
  ])('are not set where the caller has set his own %s', async (_, model, messages, options) => {
    await send(model(), messages, { cache: { breakpoints: [{ after: 0 }, { after: messages.length - 1 }] } }, { tools, ...options })
    expect(marks()).toHaveLength(1)
  })
})

describe('the routing key of a plan', () => {
  const asked = [new HumanMessage('Hi')]
  test('is a field of the body for OpenAI and Mistral, and a header for xAI', async () => {
    const cache = { key: 'rw-1', breakpoints: [] }
    for (const model of [world.openai(), world.responses(), world.mistral()]) {
      await send(model, asked, { cache })
      expect(body().prompt_cache_key).toBe('rw-1')
    }
    await send(world.xai(), asked, { cache })
    expect(request().headers['x-grok-conv-id']).toBe('rw-1')
    await new RoutedChatModel({ models: [world.xai()] }).invoke('Hi', {
      headers: { 'x-grok-conv-id': 'mine' },
      options: { headers: { 'x-grok-conv-id': 'mine' } },
    })
    expect(request().headers['x-grok-conv-id']).toBe('mine')
  })

  test.each([
    ['for the call', () => world.openai(), { promptCacheKey: 'mine' }],
    ['by withConfig', () => world.openai().withConfig({ promptCacheKey: 'mine' }), {}],
    ["among the model's own fields", () => world.openaiWith({ promptCacheKey: 'mine' }), {}],
    ['among its fields for the body', () => world.openaiWith({ modelKwargs: { prompt_cache_key: 'mine' } }), {}],
  ])('leaves that of the caller: %s', async (_, model, options) => {
    await send(model(), asked, { cache: { key: 'rw-1', breakpoints: [] } }, options)
    expect(body().prompt_cache_key).toBe('mine')
  })

  test('goes with the lifetime that the model takes', async () => {
    await send(world.openai('gpt-5.4-mini'), asked, { cache: { breakpoints: [], ttl: '24h' } })
    expect(body()).toMatchObject({ prompt_cache_retention: '24h' })
    await send(world.responses(), asked, { cache: { breakpoints: [], ttl: '12h' } })
    expect(body()).toMatchObject({ prompt_cache_options: { ttl: '12h' } })
    await send(world.openai('gpt-6-luna'), asked, { cache: { breakpoints: [], ttl: '12h' } })
    expect(body()).not.toHaveProperty('prompt_cache_options')
  })
})

describe('tools in canonical order', () => {
  test('are one beginning, whatever order they are given in, and one list that is bound once', async () => {
    const model = new RoutedChatModel({ models: [world.anthropic()], hedge: false })
    await model.bindTools(tools).invoke('Hi')
    const first = body().tools!.map(({ name }) => name)
    await model.bindTools(tools.toReversed()).invoke('Hi')
    expect(body().tools!.map(({ name }) => name)).toEqual(first)
    expect(first).toEqual(['clock', 'weather'])
  })

  test('stay as they are given where that is asked for', async () => {
    const model = new RoutedChatModel({ models: [world.anthropic()], promptCache: { sortTools: false } })
    await model.bindTools(tools).invoke('Hi')
    expect(body().tools!.map(({ name }) => name)).toEqual(['weather', 'clock'])
  })
})

describe('a conversation with Claude', () => {
  test('reads its cache from the second turn on without a marker of the caller, for less money, and the receipt tells', async () => {
    const models = { claude: { model: world.anthropic(), quality: 0.95 }, gpt: { model: world.openai('gpt-6-sol'), quality: 0.9 } }
    const talk = async (model: RoutedChatModel, words: string) => {
      const messages: BaseMessage[] = [new SystemMessage(`${words} ${handbook}`), new HumanMessage('What does a traveller carry?')]
      const receipts = []
      for (let round = 0; round < 4; round += 1) {
        const answer = await model.invoke(messages)
        receipts.push(receiptOf(answer)!)
        messages.push(answer, new HumanMessage(`And in chapter ${round}?`))
      }
      return receipts
    }
    const bare = await talk(new RoutedChatModel({ models, policy: best(), hedge: false, promptCache: false }), 'Without.')
    const model = new RoutedChatModel({ models, policy: best(), hedge: false })
    // Nobody knows of the first conversation that it goes on.
    await talk(model, 'First.')
    const aligned = await talk(model, 'Second.')
    const bill = (receipts: typeof bare) => receipts.reduce((sum, { costUsd }) => sum + costUsd, 0)
    expect(bare.every(({ usage }) => usage.cacheReadTokens === 0)).toBe(true)
    expect(aligned[1]!.usage.cacheReadTokens).toBeGreaterThan(5_000)
    expect(bill(aligned)).toBeLessThan(0.6 * bill(bare))
    const last = aligned.at(-1)!
    const { expectedCacheReadTokens, usage } = last.attempts[0]!
    expect(Math.abs(expectedCacheReadTokens - usage.cacheReadTokens)).toBeLessThan(0.05 * usage.cacheReadTokens)
    expect(last.alternative).toMatchObject({ target: 'gpt', costUsd: expect.any(Number) as number })
    expect(last.alternative!.costUsd).toBeGreaterThan(0)
  })
})
