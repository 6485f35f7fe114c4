import { simulated, type Simulated } from './testing/simulated.ts'
import { RouterError, type Receipt } from '@routewise/core'
import { ChatOpenAI } from '@langchain/openai'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { best, cheapest, RoutedChatModel, type RoutedChatModelOptions } from './index.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ providers: ['openai', 'anthropic', 'google', 'deepseek'] })
})
afterAll(() => world.sim.close())

const refusal = (make: () => unknown): RouterError => {
  try {
    make()
  } catch (error) {
    if (RouterError.isInstance(error)) return error
    throw error
  }
  throw new Error('Nothing was refused.')
}
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error('Nothing was thrown.'),
    (error: unknown) => error,
  )

describe('refused before any request', () => {
  test('an option that does not exist', () => {
    const error = refusal(() => new RoutedChatModel({ models: [world.openai()], polcy: cheapest() } as never))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect(error.message).toMatch(/RoutedChatModel: unknown option `polcy`.*allowed: models, .*policy/)
  })

  test('an option with a wrong value', () => {
    const error = refusal(() => new RoutedChatModel({ models: [world.openai()], hedge: { budget: 7 } }))
    expect(error.message).toMatch(/`hedge\.budget` is 7/)
  })

  test.each([
    [{ judge: () => true }, 'judge'],
    [{ release: { tokens: 0 } }, 'release.tokens'],
    [{ onRefusal: 'retry' }, 'onRefusal'],
    [{ onStall: 'retry' }, 'onStall'],
    [{ retry: { maxRetries: 99 } }, 'retry.maxRetries'],
    [{ breaker: { ratio: 2 } }, 'breaker.ratio'],
    [{ valueOfTimeUsdPerSecond: -1 }, 'valueOfTimeUsdPerSecond'],
    [{ hedge: { maxHedges: 9 } }, 'hedge.maxHedges'],
    [{ timeouts: { stallMs: 0 } }, 'timeouts.stallMs'],
  ])('%j, naming the option', (options, name) => {
    const error = refusal(() => new RoutedChatModel({ models: [world.openai()], ...options } as RoutedChatModelOptions))
    expect(error.message).toContain(`RoutedChatModel: option \`${name}\` is`)
  })

  test.each([[], {}])('an empty list of models: %j', models => {
    expect(refusal(() => new RoutedChatModel({ models }))).toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('models') as string,
    })
  })

  test('something that is no chat model', () => {
    expect(refusal(() => new RoutedChatModel({ models: [{ model: 'gpt-6-luna' as never }] })).message).toMatch(
      /models\.0.*`model` is "gpt-6-luna"/,
    )
  })

  test('two models with one id', () => {
    const error = refusal(() => new RoutedChatModel({ models: [world.openai(), world.openai()] }))
    expect(error).toMatchObject({ code: 'duplicate_target' })
    expect(error.message).toMatch(/"gpt-6-luna".*id/)
    expect(
      () => new RoutedChatModel({ models: [world.openai(), { model: world.openai(), id: 'second account', account: 'b' }] }),
    ).not.toThrow()
  })

  test('a model without a price under a policy that weighs money, at construction', () => {
    const model = new ChatOpenAI({ model: 'my-own-model', apiKey: 'test', configuration: { baseURL: world.sim.url('openai') } })
    const error = refusal(() => new RoutedChatModel({ models: [model, world.openai()], policy: cheapest() }))
    expect(error).toMatchObject({ code: 'price_unknown' })
    expect(error.message).toContain('my-own-model')
    expect(
      () => new RoutedChatModel({ models: [{ model, card: { input: 1, output: 2 } }, world.openai()], policy: cheapest() }),
    ).not.toThrow()
  })

  test('a prompt over every window', async () => {
    const model = new RoutedChatModel({ models: [{ model: world.openai(), card: { contextTokens: 50 } }] })
    expect(await caught(model.invoke('word '.repeat(200)))).toMatchObject({ code: 'context_overflow' })
    expect(world.sim.requests).toHaveLength(0)
  })

  test('an image that no candidate takes', async () => {
    const model = new RoutedChatModel({ models: [world.deepseek()] })
    const image = new HumanMessage({ content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] })
    expect(await caught(model.invoke([image]))).toMatchObject({ code: 'unsupported', message: expect.stringContaining('images') as string })
    expect(world.sim.requests).toHaveLength(0)
  })

  test('tools where no candidate has them', async () => {
    const model = new RoutedChatModel({ models: [{ model: world.openai(), card: { capabilities: { tools: false } } }] })
    const weather = tool(() => 'sunny', { name: 'weather', description: 'Weather', schema: z.object({}) })
    expect(await caught(model.bindTools([weather]).invoke('Hi'))).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('tools') as string,
    })
    expect(world.sim.requests).toHaveLength(0)
  })

  test('a forced tool where no candidate takes one', async () => {
    const weather = tool(() => 'sunny', { name: 'weather', description: 'Weather', schema: z.object({}) })
    const model = new RoutedChatModel({ models: [world.anthropic('claude-opus-5-5')] })
    expect(await caught(model.bindTools([weather], { tool_choice: 'any' }).invoke('Hi'))).toMatchObject({ code: 'unsupported' })
  })

  test('an unknown field of the call option `routing`', async () => {
    const model = new RoutedChatModel({ models: [world.openai()] })
    expect(await caught(model.invoke('Hi', { routing: { polcy: best() } as never }))).toMatchObject({ code: 'invalid_option' })
  })
})

describe('models', () => {
  test('may be a record, whose keys are the ids', () => {
    const model = new RoutedChatModel({ models: { small: world.openai(), large: { model: world.anthropic(), tags: ['strong'] } } })
    expect(model.router.targets.map(({ id }) => id)).toEqual(['small', 'large'])
  })

  test('are looked up by class and name', () => {
    const model = new RoutedChatModel({ models: [world.openai(), world.anthropic(), world.google(), world.deepseek()] })
    expect(model.router.targets.map(({ card }) => [card.provider, card.id, card.inferred])).toEqual([
      ['openai', 'gpt-6-luna', undefined],
      ['anthropic', 'claude-opus-5-5', undefined],
      ['google', 'gemini-3.8-flash', undefined],
      ['deepseek', 'deepseek-v4-flash', undefined],
    ])
  })

  test('of another host than OpenAI’s are that host’s', () => {
    const model = new ChatOpenAI({ model: 'deepseek-v4-flash', apiKey: 'test', configuration: { baseURL: 'https://api.deepseek.com' } })
    expect(new RoutedChatModel({ models: [model] }).router.targets[0]!.card.provider).toBe('deepseek')
  })

  test('take facts over those of the catalog', () => {
    const { card } = new RoutedChatModel({ models: [{ model: world.openai(), card: { input: 7, output: 9 }, quality: 0.42 }] }).router
      .targets[0]!
    expect(card).toMatchObject({
      id: 'gpt-6-luna',
      provider: 'openai',
      prices: [{ rates: { input: 7, output: 9 } }],
      quality: { default: 0.42 },
    })
    expect(card.contextTokens).toBeGreaterThan(1_000_000)
  })

  test('of unknown classes work, streaming or not', async () => {
    const fake = new FakeListChatModel({ responses: ['fine'] })
    const model = new RoutedChatModel({ models: [{ model: fake, id: 'fake' }], policy: best() })
    const message = await model.invoke('Hi')
    expect(message.text).toBe('fine')
    expect(message.response_metadata['routewise']).toMatchObject({ target: 'fake', estimated: true } satisfies Partial<Receipt>)
    let text = ''
    for await (const chunk of await model.stream('Hi')) text += chunk.text
    expect(text).toBe('fine')
  })

  test('may have call options bound to them', async () => {
    const bound = world.anthropic('claude-haiku-4-5').withConfig({ stop: ['STOP'] })
    await new RoutedChatModel({ models: [bound] }).invoke('Hi')
    expect(world.sim.requests.at(-1)!.http.body).toMatchObject({ stop_sequences: ['STOP'] })
  })
})
