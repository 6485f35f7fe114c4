import { simulated, type Simulated } from './testing/simulated.ts'
import type { Receipt } from '@routewise/core'
import { HumanMessage, type AIMessage, type BaseMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { MemorySaver } from '@langchain/langgraph'
import {
  type AgentMiddleware,
  createAgent,
  modelFallbackMiddleware,
  providerStrategy,
  summarizationMiddleware,
  toolStrategy,
} from 'langchain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { RoutedChatModel } from './index.ts'

let world: Simulated
beforeEach(async () => {
  world = await simulated({
    recordings: {
      match: ({ prompt, turn, tools, responseSchema }) => {
        if (responseSchema !== undefined || tools.some(({ name }) => name.startsWith('extract'))) return undefined
        return tools.length > 0 && turn === 'user'
          ? { answer: { toolCalls: [{ name: 'weather', input: { city: 'Oslo' } }] } }
          : { answer: { text: `It is sunny in Oslo. You asked: ${prompt}` } }
      },
    },
  })
})
afterEach(() => world.sim.close())

const weather = tool(({ city }) => `sunny in ${city}`, {
  name: 'weather',
  description: 'The weather of a city.',
  schema: z.object({ city: z.string() }),
})
const inOrder = { policy: <Candidate>(candidates: readonly Candidate[]) => candidates }
const receipts = (messages: readonly BaseMessage[]) =>
  messages.filter(({ type }) => type === 'ai').map(message => message.response_metadata['routewise'] as Receipt)

describe('an agent over models of three vendors', () => {
  const vendors = ['openai', 'anthropic', 'google'] as const

  test.each(vendors)('runs its loop of tools on %s', async vendor => {
    const model = new RoutedChatModel({
      models: { openai: world.openai(), anthropic: world.anthropic(), google: world.google() },
      allow: [vendor],
    })
    const agent = createAgent({ model, tools: [weather] })
    const { messages } = await agent.invoke({ messages: [new HumanMessage('Weather in Oslo?')] })
    expect(messages.map(({ type }) => type)).toEqual(['human', 'ai', 'tool', 'ai'])
    expect(messages.at(-1)!.text).toBe('It is sunny in Oslo. You asked: Weather in Oslo?')
    expect(receipts(messages).map(({ target }) => target)).toEqual([vendor, vendor])
    await world.sim.settled()
    expect(receipts(messages).reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(world.sim.bill.totalNanoUsd)
  })

  test.each(vendors)('goes on with the others when %s goes down between a tool call and its result', async vendor => {
    const order = [vendor, ...vendors.filter(other => other !== vendor)]
    const model = new RoutedChatModel({ models: Object.fromEntries(order.map(name => [name, world[name]()])), ...inOrder, hedge: false })
    const failing = tool(
      ({ city }) => {
        world.sim.outage(vendor)
        return `sunny in ${city}`
      },
      { name: 'weather', description: 'The weather of a city.', schema: z.object({ city: z.string() }) },
    )
    const agent = createAgent({ model, tools: [failing] })
    const { messages } = await agent.invoke({ messages: [new HumanMessage('Weather in Oslo?')] })
    expect(messages.at(-1)!.text).toMatch(/^It is sunny in Oslo/)
    expect(receipts(messages).map(({ target }) => target)).toEqual(order.slice(0, 2))
  })

  test('hands a conversation from vendor to vendor, turn by turn, Mistral among them', async () => {
    const models = {
      google: world.google(),
      mistral: world.mistral(),
      anthropic: world.anthropic(),
      openai: world.openai(),
      deepseek: world.deepseek(),
    }
    const routed = new RoutedChatModel({ models, ...inOrder, hedge: false })
    let messages: BaseMessage[] = []
    for (const allow of Object.keys(models)) {
      const agent = createAgent({ model: new RoutedChatModel({ models, allow: [allow], ...inOrder, hedge: false }), tools: [weather] })
      ;({ messages } = await agent.invoke({ messages: [...messages, new HumanMessage(`Weather, ${allow}?`)] }))
    }
    expect(receipts(messages).map(({ target }) => target)).toEqual(Object.keys(models).flatMap(id => [id, id]))
    expect(routed.router.targets).toHaveLength(5)
    expect(world.sim.bill.rows.every(({ end }) => end === 'answered')).toBe(true)
  })

  test('streams tokens once, each under one message id', async () => {
    const agent = createAgent({
      model: new RoutedChatModel({ models: [world.openai(), world.anthropic(), world.google()] }),
      tools: [weather],
    })
    const text = new Map<string, string>()
    for await (const [message] of await agent.stream({ messages: [new HumanMessage('Weather?')] }, { streamMode: 'messages' })) {
      if (message.type === 'ai') text.set(message.id!, (text.get(message.id!) ?? '') + message.text)
    }
    expect([...text.values()]).toEqual(['', 'It is sunny in Oslo. You asked: Weather?'])
  })

  test('knows the session of each call by the thread', async () => {
    const agent = createAgent({ model: new RoutedChatModel({ models: [world.openai()] }), tools: [], checkpointer: new MemorySaver() })
    const config = { configurable: { thread_id: 'thread-7' } }
    await agent.invoke({ messages: [new HumanMessage('Hi')] }, config)
    const { messages } = await agent.invoke({ messages: [new HumanMessage('And again')] }, config)
    expect(receipts(messages).map(({ session }) => session)).toEqual(['thread-7', 'thread-7'])
  })
})

describe('structured answers of an agent', () => {
  const schema = z.object({ city: z.string(), sunny: z.boolean() })
  const city = { city: expect.any(String) as string, sunny: expect.any(Boolean) as boolean }

  test.each(['openai', 'anthropic', 'google'] as const)('come by the provider’s own schema on %s', async vendor => {
    const model = new RoutedChatModel({ models: [world[vendor]()] })
    expect(model.profile.structuredOutput).toBe(true)
    const agent = createAgent({ model, tools: [], responseFormat: providerStrategy(schema) })
    const { structuredResponse } = await agent.invoke({ messages: [new HumanMessage('Oslo?')] })
    expect(structuredResponse).toEqual(city)
  })

  test('come by a forced tool', async () => {
    const model = new RoutedChatModel({ models: [world.anthropic('claude-opus-5-5'), world.anthropic('claude-haiku-4-5')] })
    const agent = createAgent({ model, tools: [], responseFormat: toolStrategy(schema) })
    const { structuredResponse, messages } = await agent.invoke({ messages: [new HumanMessage('Oslo?')] })
    expect(structuredResponse).toEqual(city)
    expect(receipts(messages)[0]).toMatchObject({
      target: 'claude-haiku-4-5',
      considered: [{}, { target: 'claude-opus-5-5', excluded: 'unsupported: a forced tool choice' }],
    })
  })
})

test('middleware that asks for the model’s window and fallbacks works as with any model', async () => {
  const model = new RoutedChatModel({ models: [world.openai(), world.anthropic()] })
  const agent = createAgent({
    model,
    tools: [weather],
    middleware: [
      // Under `exactOptionalPropertyTypes` the options of this middleware take no model at all, not even a bare one.
      summarizationMiddleware({ model, trigger: { fraction: 0.8 } } as never) as unknown as AgentMiddleware,
      modelFallbackMiddleware(new RoutedChatModel({ models: [world.google()] })),
    ],
  })
  world.sim.outage('openai')
  world.sim.outage('anthropic')
  const { messages } = await agent.invoke({ messages: [new HumanMessage('Weather?')] })
  expect((messages.at(-1) as AIMessage).text).toMatch(/^It is sunny/)
})
