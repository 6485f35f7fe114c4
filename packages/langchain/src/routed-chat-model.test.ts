import { simulated, type Simulated } from './testing/simulated.ts'
import type { Receipt } from '@routewise/core'
import { InMemoryCache } from '@langchain/core/caches'
import { AIMessage, HumanMessage, ToolMessage, type AIMessageChunk, type UsageMetadata } from '@langchain/core/messages'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import { RunnableLambda } from '@langchain/core/runnables'
import { tool } from '@langchain/core/tools'
import { concat } from '@langchain/core/utils/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { cheapest, fastest, receiptOf as findReceipt, RoutedChatModel, withContext } from './index.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ providers: ['openai', 'anthropic', 'google', 'mistral'] })
})
afterAll(() => world.sim.close())

const all = (options: object = {}) => new RoutedChatModel({ models: [world.openai(), world.anthropic(), world.google()], ...options })
const receiptOf = (message: AIMessage | AIMessageChunk): Receipt => findReceipt(message)!
const weather = tool(({ city }) => `sunny in ${city}`, {
  name: 'weather',
  description: 'The weather of a city.',
  schema: z.object({ city: z.string() }),
})
const requested = () => world.sim.requests.length

describe('what frameworks look for', () => {
  test('its own name, and none of the fields by which others are told', () => {
    const model = all()
    expect(RoutedChatModel.lc_name()).toBe('RoutedChatModel')
    expect(model.getName()).toBe('RoutedChatModel')
    expect(all({ name: 'support' }).getName()).toBe('support')
    expect(model._llmType()).toBe('routewise')
    expect(model._modelType()).toBe('base_chat_model')
    for (const field of ['tools', '_queuedMethodOperations', '_getModelInstance', '_model']) {
      expect(field in model).toBe(false)
      expect(field in model.bindTools([weather])).toBe(false)
    }
  })

  test('a profile that holds for whichever candidate answers', () => {
    expect(all().profile).toMatchObject({ toolCalling: true, toolChoice: false, structuredOutput: true, imageInputs: true })
    const windows = all().router.targets.map(({ card }) => card.contextTokens)
    expect(all().profile.maxInputTokens).toBe(Math.min(...windows))
    expect(new RoutedChatModel({ models: [world.openai(), world.mistral()] }).profile.structuredOutput).toBe(false)
  })

  test('exactly the fields for LangSmith that a chat model gives', () => {
    const params = all().getLsParams({ stop: ['END'] })
    expect(Object.keys(params).sort()).toEqual([
      'ls_max_tokens',
      'ls_model_name',
      'ls_model_type',
      'ls_provider',
      'ls_stop',
      'ls_temperature',
    ])
    expect(params).toMatchObject({ ls_provider: 'routewise', ls_model_type: 'chat', ls_stop: ['END'] })
  })

  test('a serialised form without keys', () => {
    const secret = 'sk-very-secret'
    const model = all()
    for (const { candidate } of model.router.targets as unknown as { candidate: { model: { apiKey: string } } }[])
      candidate.model.apiKey = secret
    const text = JSON.stringify([model, model.toJSON(), model._identifyingParams(), model.invocationParams(), model.serialize()])
    expect(text).not.toContain(secret)
    expect(text).not.toContain('"test"')
  })
})

describe('tools', () => {
  test('bound to a routed model give a routed model that shares router and learning', async () => {
    const model = all()
    const bound = model.bindTools([weather])
    expect(bound).toBeInstanceOf(RoutedChatModel)
    expect(bound.router).toBe(model.router)
    expect((await bound.invoke('Weather?')).tool_calls).toMatchObject([{ name: 'weather', args: { city: expect.any(String) as string } }])
    expect((await model.invoke('Weather?')).tool_calls).toEqual([])
  })

  const notations = {
    'a LangChain tool': weather,
    'OpenAI’s': {
      type: 'function',
      function: { name: 'weather', description: 'W', parameters: z.toJSONSchema(z.object({ city: z.string() })) },
    },
    'a runnable': RunnableLambda.from(({ city }: { city: string }) => city).asTool({
      name: 'weather',
      description: 'W',
      schema: z.object({ city: z.string() }),
    }),
    'name and schema': { name: 'weather', description: 'W', schema: z.object({ city: z.string() }) },
  }
  test.each(Object.entries(notations))('are taken in the notation of %s by every vendor', async (_, notation) => {
    for (const vendor of ['openai', 'anthropic', 'google'] as const) {
      const message = await new RoutedChatModel({ models: [world[vendor]()] }).bindTools([notation as never]).invoke('Weather?')
      expect(message.tool_calls).toMatchObject([{ name: 'weather', args: { city: expect.any(String) as string } }])
    }
  })

  test.each([
    ['any', { type: 'any' }],
    ['weather', { type: 'tool', name: 'weather' }],
    ['required', { type: 'any' }],
    [
      { type: 'function', function: { name: 'weather' } },
      { type: 'tool', name: 'weather' },
    ],
  ])('a choice of %j reaches each vendor in its own words', async (choice, anthropic) => {
    const model = new RoutedChatModel({ models: [world.anthropic('claude-haiku-4-5')] })
    await model.bindTools([weather], { tool_choice: choice }).invoke('Weather?')
    expect(world.sim.requests.at(-1)!.http.body).toMatchObject({ tool_choice: anthropic })
  })

  test('and their results, and lists of content, make a conversation', async () => {
    const call = { type: 'tool_call' as const, id: 'call_123', name: 'weather', args: { city: 'Oslo' } }
    for (const content of ['', [{ type: 'text', text: 'I will look.' }]]) {
      const messages = [
        new HumanMessage('Weather?'),
        new AIMessage({ content, tool_calls: [call] }),
        new ToolMessage({ content: 'sunny', tool_call_id: 'call_123', name: 'weather' }),
      ]
      for (const vendor of ['openai', 'anthropic', 'google'] as const) {
        const message = await new RoutedChatModel({ models: [world[vendor]()] }).bindTools([weather]).invoke(messages)
        expect(message.text).toMatch(/\w/)
      }
    }
  })
})

describe('an answer', () => {
  test.each(['openai', 'anthropic', 'google', 'mistral'] as const)('of %s names its model, provider and end', async vendor => {
    const model = new RoutedChatModel({ models: [world[vendor]()] })
    const id = model.router.targets[0]!.card.id
    let streamed: AIMessageChunk | undefined
    for await (const chunk of await model.stream('Hi')) streamed = streamed === undefined ? chunk : concat(streamed, chunk)
    for (const message of [await model.invoke('Hi'), streamed!, await model.streamEvents('Hi')]) {
      expect(message.response_metadata).toMatchObject({
        model: id,
        model_name: id,
        finish_reason: 'stop',
        model_provider: expect.any(String) as string,
      })
      expect(receiptOf(message)).toMatchObject({ target: id, model: id })
    }
  })

  test('has a receipt that survives serialisation', async () => {
    world.sim.fault({ when: { provider: 'openai' }, effect: { type: 'http-error', kind: 'server' }, times: 1 })
    const receipt = receiptOf(await all({ policy: cheapest() }).invoke('Hi'))
    expect(receipt.attempts.map(({ end }) => end.type)).toEqual(['failed', 'answered'])
    expect(structuredClone(receipt)).toEqual(receipt)
    expect(JSON.stringify(receipt)).not.toContain('headers')
  })

  test('is standard content where v1 is asked for', async () => {
    for (const how of [all({ outputVersion: 'v1' }).invoke('Hi'), all().invoke('Hi', { outputVersion: 'v1' })]) {
      expect((await how).content).toMatchObject([{ type: 'text', text: expect.any(String) as string }])
    }
  })

  test('comes whole from stream() where streaming is off', async () => {
    const chunks: unknown[] = []
    for await (const chunk of await all({ disableStreaming: true }).stream('Hi')) chunks.push(chunk)
    expect(chunks).toHaveLength(1)
  })
})

describe('one call', () => {
  test('may have a policy, targets, tenant and session of its own', async () => {
    const model = all({ policy: cheapest() })
    const routing = { policy: fastest(), allow: ['claude-opus-5-5'], tenant: 'acme', session: 's-1', task: 'translation' }
    expect(receiptOf(await model.invoke('Hi', { routing }))).toMatchObject({
      target: 'claude-opus-5-5',
      tenant: 'acme',
      session: 's-1',
      task: 'translation',
    })
    const inside = await withContext({ tenant: 'globex' }, () => model.invoke('Hi'))
    expect(receiptOf(inside)).toMatchObject({ tenant: 'globex', target: 'gpt-6-luna' })
  })

  test('may stop at words of its own, whatever its vendor calls them', async () => {
    for (const vendor of ['openai', 'anthropic'] as const) {
      await new RoutedChatModel({ models: [world[vendor]()] }).invoke('Hi', { stop: ['END'] })
      const body = world.sim.requests.at(-1)!.http.body as Record<string, unknown>
      expect(body['stop'] ?? body['stop_sequences']).toEqual(['END'])
    }
  })

  test('is a step of a chain, batched, with callbacks that see one run each', async () => {
    const runs: string[] = []
    const chain = ChatPromptTemplate.fromMessages([['human', 'Say {word}']])
      .pipe(all())
      .pipe(message => message.text)
    const words = await chain.batch([{ word: 'one' }, { word: 'two' }], {
      callbacks: [{ handleChatModelStart: (_model, _messages, id) => void runs.push(id) }],
    })
    expect(words).toHaveLength(2)
    expect(new Set(runs).size).toBe(2)
  })

  test('generates for several prompts at once and adds up their usage', async () => {
    const { generations, llmOutput } = await all().generate([[new HumanMessage('One')], [new HumanMessage('Two')]])
    const usage = generations.map(
      ([generation]) => (generation as unknown as { message: { usage_metadata: UsageMetadata } }).message.usage_metadata,
    )
    expect(llmOutput).toEqual({
      tokenUsage: {
        promptTokens: usage[0]!.input_tokens + usage[1]!.input_tokens,
        completionTokens: usage[0]!.output_tokens + usage[1]!.output_tokens,
        totalTokens: usage[0]!.total_tokens + usage[1]!.total_tokens,
      },
    })
  })

  test('waits for its turn where `maxConcurrency` says so', async () => {
    const model = all({ maxConcurrency: 1, policy: cheapest() })
    let running = 0
    const atOnce: number[] = []
    model.router.on('decision', () => atOnce.push((running += 1)))
    model.router.on('receipt', () => (running -= 1))
    await Promise.all(['One', 'Two', 'Three'].map(word => model.invoke(word)))
    expect(atOnce).toEqual([1, 1, 1])
  })
})

describe('the response cache of LangChain', () => {
  test('answers a repeated call without a request, and tells tools, tenants and routers apart', async () => {
    const cache = new InMemoryCache()
    const model = all({ cache })
    const count = async (call: () => Promise<unknown>) => {
      const before = requested()
      await call()
      return requested() - before
    }
    expect(await count(() => model.invoke('Cached?'))).toBe(1)
    expect(await count(() => model.invoke('Cached?'))).toBe(0)
    expect(await count(() => all({ cache }).invoke('Cached?'))).toBe(0)
    expect(await count(() => new RoutedChatModel({ models: [world.openai(), world.anthropic()], cache }).invoke('Cached?'))).toBe(1)
    expect(await count(() => all({ cache, name: 'other' }).invoke('Cached?'))).toBe(1)
    expect(await count(() => model.bindTools([weather]).invoke('Cached?'))).toBe(1)
    const other = tool(() => '', { name: 'other', description: 'Another tool.', schema: z.object({}) })
    expect(await count(() => model.bindTools([other]).invoke('Cached?'))).toBe(1)
    expect(await count(() => model.invoke('Cached?', { routing: { tenant: 'acme' } }))).toBe(1)
    expect(await count(() => withContext({ tenant: 'acme' }, () => model.invoke('Cached?')))).toBe(0)
    expect(await count(() => model.invoke('Cached?', { routing: { session: 'another' } }))).toBe(0)
  })
})

test('decide() tells what would be done, and asks nobody', () => {
  const before = requested()
  const { plan, considered } = all({ policy: cheapest() }).decide('Hi', { routing: { deny: ['gemini-3.8-flash'] } })
  expect(plan.map(({ id }) => id)).toEqual(['gpt-6-luna', 'claude-opus-5-5'])
  expect(considered.at(-1)).toMatchObject({ target: 'gemini-3.8-flash', excluded: 'denied by the caller' })
  expect(requested()).toBe(before)
})

test('tokens are counted without a tokenizer, of texts, media and messages', async () => {
  const model = all()
  expect(await model.getNumTokens('The quick brown fox jumps over the lazy dog.')).toBeGreaterThan(7)
  expect(await model.getNumTokens([{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }])).toBeGreaterThan(500)
  const { totalCount, countPerMessage } = await model.getNumTokensFromMessages([new HumanMessage('Hi'), new AIMessage('Hello there')])
  expect(countPerMessage).toHaveLength(2)
  expect(totalCount).toBe(countPerMessage[0]! + countPerMessage[1]!)
})
