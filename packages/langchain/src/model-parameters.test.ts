import { InMemoryCache } from '@langchain/core/caches'
import type { UsageMetadata } from '@langchain/core/messages'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { ChatOpenAI } from '@langchain/openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { cheapest, receiptOf, RoutedChatModel, type Policy } from './index.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated()
})
afterAll(() => world.sim.close())

type Body = Record<string, unknown>
const lastBody = (): Body => world.sim.requests.at(-1)!.http.body as Body
const inOrder: Policy = candidates => candidates
const make = (options: object) => () => new RoutedChatModel({ models: [world.openai()], ...options })

describe('settings of every candidate', () => {
  const settings = { temperature: 0.5, topP: 0.9, maxTokens: 100 }
  const openaiNames = { temperature: 0.5, top_p: 0.9, max_tokens: 100 }
  const expected = {
    openai: openaiNames,
    anthropic: openaiNames,
    google: { generationConfig: { temperature: 0.5, topP: 0.9, maxOutputTokens: 100 } },
    mistral: openaiNames,
    deepseek: openaiNames,
    xai: openaiNames,
    groq: { temperature: 0.5, top_p: 0.9, max_completion_tokens: 100 },
  }
  const models = { openai: 'gpt-4.1', anthropic: 'claude-haiku-4-5' } as Record<string, string>

  test.each(Object.keys(expected) as (keyof typeof expected)[])('reach %s under its own names', async vendor => {
    const model = new RoutedChatModel({ models: [world[vendor](models[vendor])], ...settings })
    await model.invoke('Hi')
    expect(lastBody()).toMatchObject(expected[vendor])
    for await (const _chunk of await model.stream('Hi'));
    expect(lastBody()).toMatchObject(expected[vendor])
  })

  test('reach the other API of OpenAI', async () => {
    await new RoutedChatModel({ models: [world.responses()], maxTokens: 100 }).invoke('Hi')
    expect(lastBody()).toMatchObject({ max_output_tokens: 100 })
  })

  test('stand in for those of the user’s instance, which is left as it was', async () => {
    const own = new ChatOpenAI({ model: 'gpt-4.1', temperature: 1, apiKey: 'test', configuration: { baseURL: world.sim.url('openai') } })
    const { completions } = own as unknown as { completions: ChatOpenAI }
    await new RoutedChatModel({ models: [own], temperature: 0 }).invoke('Hi')
    expect(lastBody()).toMatchObject({ temperature: 0 })
    expect([own.temperature, completions.temperature]).toEqual([1, 1])
  })

  test('hold with tools and schemas bound', async () => {
    const schema = z.object({ city: z.string() })
    for (const model of [world.openai('gpt-4.1'), world.anthropic('claude-haiku-4-5'), world.deepseek()]) {
      const routed = new RoutedChatModel({ models: [model], maxTokens: 2_000 })
      await routed.bindTools([{ name: 'weather', description: 'W', schema }]).invoke('Weather?')
      expect(lastBody()).toMatchObject({ max_tokens: 2_000, tools: [{}] })
      await routed.withStructuredOutput(schema).invoke('Weather?')
      expect(lastBody()).toMatchObject({ max_tokens: 2_000 })
    }
  })

  test('do not reach a model that refuses them', async () => {
    for (const model of [world.openai(), world.anthropic()]) {
      await new RoutedChatModel({ models: [model], temperature: 0.5, topP: 0.9, topK: 5 }).invoke('Hi')
      for (const name of ['temperature', 'top_p', 'top_k']) expect(lastBody()).not.toHaveProperty(name)
    }
  })

  test('do not reach a model that is set to think', async () => {
    const thinking = world.anthropic('claude-haiku-4-5')
    Object.assign(thinking, { thinking: { type: 'enabled', budget_tokens: 1024 }, thinkingExplicitlySet: true, maxTokens: 4_000 })
    await new RoutedChatModel({ models: [thinking], temperature: 0.5, topP: 0.9, topK: 5 }).invoke('Hi')
    expect(lastBody()).not.toHaveProperty('temperature')
  })

  test('are no more than a provider takes', async () => {
    await new RoutedChatModel({ models: [world.openai('gpt-4.1')], maxTokens: 1_000_000 }).invoke('Hi')
    expect(lastBody()).toMatchObject({ max_tokens: 32_768 })
    await new RoutedChatModel({ models: [world.anthropic('claude-haiku-4-5')], temperature: 1.5 }).invoke('Hi')
    expect(lastBody()).toMatchObject({ temperature: 1 })
  })

  test('of which a class has none are left out', async () => {
    await new RoutedChatModel({ models: [world.openai('gpt-4.1')], topK: 5 }).invoke('Hi')
    expect(lastBody()).not.toHaveProperty('top_k')
    await new RoutedChatModel({ models: [world.anthropic('claude-haiku-4-5')], topK: 5 }).invoke('Hi')
    expect(lastBody()).toMatchObject({ top_k: 5 })
    await new RoutedChatModel({ models: [world.google()], topK: 5 }).invoke('Hi')
    expect(lastBody()).toMatchObject({ generationConfig: { topK: 5 } })
  })

  test('are call options to a class of unknown make', async () => {
    const seen: unknown[] = []
    class Own extends FakeListChatModel {
      override async _generate(...given: Parameters<FakeListChatModel['_generate']>) {
        seen.push(given[1])
        return super._generate(...given)
      }
    }
    const models = [{ model: new Own({ responses: ['fine'] }), id: 'own', card: { input: 1, output: 1 } }]
    await new RoutedChatModel({ models, temperature: 0.5, maxTokens: 100 }).invoke('Hi')
    expect(seen).toMatchObject([{ temperature: 0.5, maxTokens: 100 }])
  })

  test('bound what an answer is expected to cost', () => {
    const expectedOf = (options: object) => make({ policy: cheapest(), ...options })().decide('Hi').considered[0]!.expectedCostUsd!
    expect(expectedOf({ maxTokens: 1 })).toBeLessThan(expectedOf({}))
  })

  test('tell routed models apart in the response cache', async () => {
    const cache = new InMemoryCache()
    const count = async (options: object) => {
      const before = world.sim.requests.length
      await new RoutedChatModel({ models: [world.openai('gpt-4.1')], cache, ...options }).invoke('Hi')
      return world.sim.requests.length - before
    }
    expect([await count({ temperature: 0 }), await count({ temperature: 0 }), await count({ temperature: 1 })]).toEqual([1, 0, 1])
    expect([await count({ stop: ['END'] }), await count({ stop: ['END'] }), await count({ stop: ['FIN'] })]).toEqual([1, 0, 1])
  })
})

describe.each(['stop', 'stopSequences'] as const)('`%s`', option => {
  const sent = {
    openai: { stop: ['END'] },
    anthropic: { stop_sequences: ['END'] },
    google: { generationConfig: { stopSequences: ['END'] } },
    groq: { stop: ['END'] },
  }
  test.each(Object.keys(sent) as (keyof typeof sent)[])(
    'ends the answers of %s, streamed or not, unless a call has its own',
    async vendor => {
      const model = new RoutedChatModel({ models: [world[vendor]()], [option]: ['END'] })
      await model.invoke('Hi')
      expect(lastBody()).toMatchObject(sent[vendor])
      for await (const _chunk of await model.stream('Hi'));
      expect(lastBody()).toMatchObject(sent[vendor])
      await model.invoke('Hi', { stop: ['FIN'] })
      expect(lastBody()).toMatchObject(JSON.parse(JSON.stringify(sent[vendor]).replace('END', 'FIN')) as object)
    },
  )

  test('stands in for that of the user’s instance', async () => {
    const own = world.anthropic('claude-haiku-4-5')
    own.stopSequences = ['OWN']
    await new RoutedChatModel({ models: [own], [option]: ['END'] }).invoke('Hi')
    expect(lastBody()).toMatchObject({ stop_sequences: ['END'] })
    expect(own.stopSequences).toEqual(['OWN'])
  })
})

describe('`timeout`', () => {
  test('is the limit of the whole call, in milliseconds', async () => {
    const lift = world.sim.fault({ effect: { type: 'hang', at: 'headers' } })
    await expect(make({ timeout: 30 })().invoke('Hi')).rejects.toMatchObject({ name: 'RouterError', code: 'deadline' })
    lift()
  })

  test('may be said twice, but not differently', () => {
    expect(make({ timeout: 30, timeouts: { totalMs: 30, firstTokenMs: 10 } })).not.toThrow()
    expect(make({ timeout: 30, timeouts: { totalMs: 40 } })).toThrow(/`timeout` is 30 and `timeouts\.totalMs` is 40/)
    expect(make({ stop: ['END'], stopSequences: ['FIN'] })).toThrow(/`stop` .*`stopSequences`/)
  })
})

describe('`maxRetries`', () => {
  test.each([
    [0, 1],
    [1, 2],
  ])('%i: a model that is down is asked %i times where there is no other', async (maxRetries, requests) => {
    const before = world.sim.requests.length
    const lift = world.sim.outage('openai')
    const model = new RoutedChatModel({ models: [world.openai()], maxRetries, retry: { baseDelayMs: 1 } })
    await expect(model.invoke('Hi')).rejects.toMatchObject({ code: 'all_attempts_failed' })
    lift()
    expect(world.sim.requests.length - before).toBe(requests)
  })

  test('does not keep the next candidate from answering', async () => {
    const lift = world.sim.outage('openai')
    const models = [world.openai(), world.anthropic()]
    const answer = await new RoutedChatModel({ models, policy: inOrder, hedge: false, maxRetries: 3 }).invoke('Hi')
    lift()
    expect(receiptOf(answer)!.attempts.map(({ reason }) => reason)).toEqual(['first', 'fallback'])
  })

  test('may be said twice, but not differently, and be more than the router would make', () => {
    expect(make({ maxRetries: 3, retry: { maxRetries: 3 } })).not.toThrow()
    expect(make({ maxRetries: 0, retry: false })).not.toThrow()
    expect(make({ maxRetries: 20 })).not.toThrow()
    expect(make({ maxRetries: 3, retry: { maxRetries: 2 } })).toThrow(/`maxRetries` is 3 and `retry\.maxRetries` is 2/)
    expect(make({ maxRetries: 3, retry: false })).toThrow(/`maxRetries` is 3 and `retry\.maxRetries` is 0/)
  })
})

describe('`streaming`', () => {
  test('makes invoke() stream underneath, and tell its tokens', async () => {
    const tokens: string[] = []
    const message = await make({ streaming: true })().invoke('Hi', { callbacks: [{ handleLLMNewToken: token => void tokens.push(token) }] })
    expect(lastBody()).toMatchObject({ stream: true })
    expect(tokens.length).toBeGreaterThan(1)
    expect(tokens.join('')).toBe(message.text)
    expect((message.usage_metadata as UsageMetadata | undefined)!.output_tokens).toBeGreaterThan(0)
    expect(receiptOf(message)).toMatchObject({ attempts: [{ end: { type: 'answered' }, firstTokenMs: expect.any(Number) as number }] })
  })

  test('gives the objects and tool calls that invoke() gives', async () => {
    const schema = z.object({ city: z.string() })
    for (const model of [world.openai(), world.anthropic('claude-haiku-4-5'), world.google()]) {
      const routed = new RoutedChatModel({ models: [model], streaming: true })
      expect(await routed.withStructuredOutput(schema).invoke('Where?')).toEqual({ city: expect.any(String) as string })
      const { tool_calls: calls } = await routed.bindTools([{ name: 'weather', description: 'W', schema }]).invoke('Weather?')
      expect(calls).toMatchObject([{ name: 'weather', args: { city: expect.any(String) as string } }])
    }
  })

  test('sums up usage for callbacks', async () => {
    const { llmOutput, generations } = await make({ streaming: true })().generate([[['human', 'Hi']] as never])
    expect(llmOutput!['tokenUsage']).toMatchObject({ completionTokens: expect.any(Number) as number })
    expect((llmOutput!['tokenUsage'] as { completionTokens: number }).completionTokens).toBeGreaterThan(0)
    expect(generations[0]![0]!.text).not.toBe('')
  })

  test('`false` turns it off, as with ChatOpenAI', async () => {
    const chunks: unknown[] = []
    for await (const chunk of await make({ streaming: false })().stream('Hi')) chunks.push(chunk)
    expect(chunks).toHaveLength(1)
    await make({ streaming: true, disableStreaming: true })().invoke('Hi')
    expect(lastBody()['stream']).not.toBe(true)
  })
})

test('LangSmith and traces are told', () => {
  const model = make({ temperature: 0.5, maxTokens: 100, topP: 0.9, stop: ['END'] })()
  expect(model.getLsParams({})).toMatchObject({ ls_temperature: 0.5, ls_max_tokens: 100, ls_stop: ['END'] })
  expect(model.invocationParams({})).toMatchObject({ temperature: 0.5, max_tokens: 100, top_p: 0.9, stop: ['END'] })
  expect(model.getLsParams({ stop: ['FIN'] })).toMatchObject({ ls_stop: ['FIN'] })
})

describe('refused', () => {
  test.each(['apiKey', 'openAIApiKey', 'anthropicApiKey'])('`%s`, which belongs to the candidates, without a word of the key', name => {
    const refused = make({ [name]: 'sk-very-secret' })
    expect(refused).toThrow(/keys belong to the candidates/)
    expect(refused).not.toThrow(/very-secret/)
  })

  test.each([{ temperature: 3 }, { topP: 2 }, { topK: 0 }, { maxTokens: 0 }, { timeout: 0 }, { maxRetries: -1 }, { stop: 'END' }])(
    '%j',
    options => {
      expect(make(options)).toThrow(new RegExp(`option \`${Object.keys(options)[0]}\` is`))
    },
  )
})
