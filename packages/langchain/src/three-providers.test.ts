import { HumanMessage, SystemMessage, ToolMessage, type AIMessage, type BaseMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatAnthropic } from '@langchain/anthropic'
import { MemorySaver } from '@langchain/langgraph'
import { createAgent } from 'langchain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { receiptOf, type Policy } from './index.ts'
import { RoutedChatModel } from './routed-chat-model.ts'
import { simulated, type Simulated } from './testing/simulated.ts'
import { imageNotations, tools, vendors, type Vendor } from './testing/spoken-turns.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ timeScale: 2_000 })
})
afterAll(() => world.sim.close())

const session = { configurable: { thread_id: 'one' } }
const sighted = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'xai'] as const
/** Whoever the test says comes first. */
let next: Vendor = 'openai'
const asSaid: Policy = candidates => candidates.toSorted((a, b) => Number(b.id === next) - Number(a.id === next))
const routed = (names: readonly Vendor[] = sighted) =>
  new RoutedChatModel({ models: Object.fromEntries(names.map(name => [name, world[name]()])), policy: asSaid, hedge: false, retry: false })

const orders = [
  ['anthropic', 'google', 'mistral'],
  ['mistral', 'anthropic', 'responses'],
  ['google', 'responses', 'anthropic'],
  ['responses', 'mistral', 'google'],
  ['openai', 'anthropic', 'xai'],
] as const

describe('one conversation with tools, thinking and images', () => {
  test.each(orders)('goes from %s to %s to %s and back, and each answers at its first attempt', async (...order) => {
    const model = routed().bindTools(tools)
    const messages: BaseMessage[] = [new SystemMessage('Be kind.')]
    const ask = async (): Promise<AIMessage> => {
      const answer = (await model.invoke(messages, session)) as AIMessage
      const { target, session: named, attempts } = receiptOf(answer)!
      expect({ target, named, attempts: attempts.length }).toEqual({ target: next, named: 'one', attempts: 1 })
      messages.push(answer)
      return answer
    }
    for (const vendor of [...order, ...order]) {
      next = vendor
      messages.push(new HumanMessage({ content: [{ type: 'text', text: 'Weather and time where this is?' }, imageNotations.image_url] }))
      const called = await ask()
      expect(called.tool_calls!.length).toBeGreaterThan(0)
      for (const { id, name } of called.tool_calls!) messages.push(new ToolMessage({ tool_call_id: id!, name, content: 'sunny' }))
      const answered = await ask()
      expect(answered.text).not.toBe('')
    }
  })
})

test('an agent goes on with another provider at each of its users questions, over one thread', async () => {
  const weather = tool(({ city }) => `sunny in ${city}`, {
    name: 'weather',
    description: 'The weather.',
    schema: z.object({ city: z.string() }),
  })
  const agent = createAgent({ model: routed(vendors), tools: [weather], checkpointer: new MemorySaver() })
  for (const vendor of [...vendors, 'anthropic', 'google'] as const) {
    next = vendor
    const { messages } = await agent.invoke({ messages: [new HumanMessage('Weather in Oslo?')] }, session)
    const [called, result, answered] = messages.slice(-3)
    expect([called, answered].map(message => receiptOf(message!)?.target)).toEqual([vendor, vendor])
    expect(result!.type).toBe('tool')
    expect(answered!.text).not.toBe('')
  }
})

test('DeepSeek hears its thoughts again with the calls that they led to, which its class leaves out', async () => {
  const question = new HumanMessage('Weather and time?')
  const deepseek = world.deepseek()
  const called = (await deepseek.bindTools(tools).invoke([question])) as AIMessage
  const thoughts: unknown = called.additional_kwargs['reasoning_content']
  expect(thoughts).toMatch(/./)
  const results = called.tool_calls!.map(({ id, name }) => new ToolMessage({ tool_call_id: id!, name, content: 'sunny' }))
  const sent = () => (world.sim.requests.at(-1)!.http.body as { messages: object[] }).messages[1]
  await deepseek.bindTools(tools).invoke([question, called, ...results])
  expect(sent()).not.toHaveProperty('reasoning_content')
  next = 'deepseek'
  await routed(['deepseek'])
    .bindTools(tools)
    .invoke([question, called, ...results])
  expect(sent()).toHaveProperty('reasoning_content', thoughts)
})

test('Claude, set to a budget of thoughts, goes on without them in a turn that another model has begun, and with them in the next', async () => {
  const claude = new ChatAnthropic({
    model: 'claude-sonnet-4-5',
    apiKey: 'test',
    anthropicApiUrl: world.sim.url('anthropic'),
    maxTokens: 4_000,
    thinking: { type: 'enabled', budget_tokens: 1_024 },
  })
  const model = new RoutedChatModel({ models: { claude, openai: world.openai() }, hedge: false, retry: false }).bindTools(tools)
  const question = new HumanMessage('Weather and time?')
  const called = (await model.invoke([question], { routing: { allow: ['openai'] } })) as AIMessage
  const results = called.tool_calls!.map(({ id, name }) => new ToolMessage({ tool_call_id: id!, name, content: 'sunny' }))
  const turn = [question, called, ...results]
  const sent = () => world.sim.requests.at(-1)!.http.body as { thinking: unknown }
  const answered = await model.invoke(turn, { routing: { allow: ['claude'] } })
  expect(sent().thinking).toEqual({ type: 'disabled' })
  await model.invoke([...turn, new HumanMessage('Go on.')], { routing: { allow: ['claude'] } })
  expect(sent().thinking).toEqual({ type: 'disabled' })
  await model.invoke([...turn, answered, new HumanMessage('And now?')], { routing: { allow: ['claude'] } })
  expect(sent().thinking).toMatchObject({ type: 'enabled' })
})
