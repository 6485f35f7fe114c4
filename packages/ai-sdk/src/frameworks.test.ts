import { NoSuchModelError } from '@ai-sdk/provider'
import {
  createProviderRegistry,
  customProvider,
  defaultSettingsMiddleware,
  extractReasoningMiddleware,
  generateObject,
  generateText,
  isStepCount,
  Output,
  smoothStream,
  streamObject,
  streamText,
  tool,
  ToolLoopAgent,
  wrapLanguageModel,
} from 'ai'
import { afterEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { createRouted, receiptOf, withContext } from './index.ts'
import { silentModel, talkingModel } from './testing/talking-model.ts'

const inOrder = { policy: <Item>(candidates: readonly Item[]) => candidates }
const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}
const prompt = 'Hello?'
const city = z.object({ city: z.string() })
const tools = { weather: tool({ inputSchema: city, execute: ({ city }) => `sunny in ${city}` }) }
const calling = { tool: 'weather', input: { city: 'Oslo' } }
/** A first model that is down, and one that says this. */
const fallingBack = (...steps: Parameters<typeof talkingModel>[1][]) =>
  createRouted({ models: { down: silentModel('a'), up: talkingModel('b', ...steps) }, ...inOrder })

afterEach(() => void (globalThis.AI_SDK_DEFAULT_PROVIDER = undefined))

describe('structured output comes from whoever answers', () => {
  const json = '{"city":"Oslo"}'

  test('Output.object, array, choice and json, whole and streamed', async () => {
    const cases = [
      [json, Output.object({ schema: city }), { city: 'Oslo' }],
      [`{"elements":[${json}]}`, Output.array({ element: city }), [{ city: 'Oslo' }]],
      ['{"result":"sun"}', Output.choice({ options: ['sun', 'rain'] }), 'sun'],
      ['[1, 2]', Output.json(), [1, 2]],
    ] as const
    for (const [text, output, expected] of cases) {
      const model = fallingBack(text)('auto')
      expect((await generateText({ model, prompt, output: output as ReturnType<typeof Output.json> })).output).toEqual(expected)
      const streamed = streamText({ model, prompt, output: output as ReturnType<typeof Output.json> })
      expect((await collect(streamed.partialOutputStream)).at(-1)).toEqual(expected)
      expect(await streamed.output).toEqual(expected)
    }
  })

  test('generateObject and streamObject', async () => {
    const model = fallingBack(json)('auto')
    const whole = await generateObject({ model, prompt, schema: city })
    expect(whole.object).toEqual({ city: 'Oslo' })
    expect(receiptOf(whole)).toMatchObject({ target: 'up' })
    const streamed = streamObject({ model, prompt, schema: city })
    expect((await collect(streamed.partialObjectStream)).at(-1)).toEqual({ city: 'Oslo' })
    expect(await streamed.object).toEqual({ city: 'Oslo' })
    expect(receiptOf({ providerMetadata: await streamed.providerMetadata })).toMatchObject({ target: 'up' })
  })
})

describe('tools and steps', () => {
  test('every step is routed, and has its own receipt', async () => {
    const routed = fallingBack(calling, 'Sunny.')
    const { steps, text } = await generateText({ model: routed('auto'), prompt, tools, stopWhen: isStepCount(3) })
    expect(text).toBe('Sunny.')
    const receipts = steps.map(receiptOf)
    expect(receipts).toMatchObject([{ target: 'up' }, { target: 'up' }])
    expect(receipts[0]!.id).not.toBe(receipts[1]!.id)
    expect(steps.map(({ model }) => model)).toEqual(steps.map(() => ({ provider: 'routewise', modelId: 'auto' })))
    expect(steps.map(({ response }) => response.modelId)).toEqual(['b', 'b'])
  })

  test('so it is in a stream, and between steps the model may change', async () => {
    const first = talkingModel('a', calling)
    const routed = createRouted({ models: { first, second: talkingModel('b', 'Sunny.') }, ...inOrder })
    const result = streamText({
      model: routed('auto'),
      prompt,
      tools,
      stopWhen: isStepCount(3),
      prepareStep: ({ stepNumber }) => (stepNumber > 0 ? { model: routed('second') } : {}),
    })
    expect(await collect(result.textStream)).toEqual(['Sunny.'])
    expect((await result.steps).map(step => receiptOf(step)?.target)).toEqual(['first', 'second'])
  })

  test('an agent runs its loop on a routed model, whole and streamed', async () => {
    const agent = () => new ToolLoopAgent({ model: fallingBack(calling, 'Sunny.')('auto'), tools })
    const { text, steps } = await agent().generate({ prompt })
    expect([text, steps.length]).toEqual(['Sunny.', 2])
    const streamed = await agent().stream({ prompt })
    expect((await collect(streamed.textStream)).join('')).toBe('Sunny.')
    expect((await streamed.steps).map(step => receiptOf(step)?.target)).toEqual(['up', 'up'])
  })
})

describe('a routed provider among providers', () => {
  const routed = fallingBack('Hello')

  test('in a registry', async () => {
    const registry = createProviderRegistry({ router: routed })
    expect((await generateText({ model: registry.languageModel('router:auto'), prompt })).text).toBe('Hello')
    expect((await generateText({ model: registry.languageModel('router:auto:code'), prompt })).text).toBe('Hello')
  })

  test('as the default provider, by the name of the model alone', async () => {
    globalThis.AI_SDK_DEFAULT_PROVIDER = routed
    const result = await generateText({ model: 'auto', prompt })
    expect(result.text).toBe('Hello')
    expect(receiptOf(result)).toMatchObject({ target: 'up' })
    expect((await streamText({ model: 'up', prompt }).text).length).toBe(5)
  })

  test('in a custom provider, under another name', async () => {
    const own = customProvider({ languageModels: { writer: routed('auto:writing') }, fallbackProvider: routed })
    const result = await generateText({ model: own.languageModel('writer'), prompt })
    expect(receiptOf(result)).toMatchObject({ task: 'writing' })
    expect((await generateText({ model: own.languageModel('up'), prompt })).text).toBe('Hello')
  })

  test('a model that it does not have is no such model', () => {
    expect(() => routed('unknown')).toThrow(NoSuchModelError)
    expect(() => routed.imageModel('unknown')).toThrow(NoSuchModelError)
    expect(() => createProviderRegistry({ router: routed }).languageModel('router:unknown')).toThrow(/unknown/)
  })
})

describe('middleware', () => {
  const thinking = '<think>Hm.</think>Hello'

  test('around the routed model', async () => {
    const model = wrapLanguageModel({
      model: fallingBack(thinking)('auto'),
      middleware: [extractReasoningMiddleware({ tagName: 'think' }), defaultSettingsMiddleware({ settings: { temperature: 0.3 } })],
    })
    const result = await generateText({ model, prompt })
    expect([result.reasoningText, result.text]).toEqual(['Hm.', 'Hello'])
    expect(receiptOf(result)).toMatchObject({ target: 'up' })
    const streamed = streamText({ model, prompt })
    expect(await streamed.text).toBe('Hello')
    expect(receiptOf(await streamed.finalStep)).toMatchObject({ target: 'up' })
  })

  test('around a candidate', async () => {
    const inner = talkingModel('b', thinking)
    const wrapped = wrapLanguageModel({
      model: inner,
      middleware: [extractReasoningMiddleware({ tagName: 'think' }), defaultSettingsMiddleware({ settings: { temperature: 0.3 } })],
    })
    const model = createRouted({ models: { down: silentModel('a'), wrapped }, ...inOrder })('auto')
    const result = await generateText({ model, prompt })
    expect([result.reasoningText, result.text]).toEqual(['Hm.', 'Hello'])
    expect(inner.doGenerateCalls[0]!.temperature).toBe(0.3)
    expect(await streamText({ model, prompt }).reasoningText).toBe('Hm.')
  })
})

describe('what a call says', () => {
  test('reaches the model that answers: headers, reasoning, provider options, its own before those of a candidate', async () => {
    const model = talkingModel('b', 'Hello')
    const routed = createRouted({
      models: {
        down: silentModel('a'),
        up: { model, providerOptions: { mock: { effort: 'low', tier: 'flex' } }, headers: { 'x-own': 'candidate', 'x-other': '1' } },
      },
      ...inOrder,
    })
    await generateText({
      model: routed('auto'),
      prompt,
      reasoning: 'high',
      headers: { 'x-own': 'call' },
      providerOptions: { mock: { effort: 'high' }, routewise: { tenant: 'acme' } },
    })
    const [call] = model.doGenerateCalls
    expect(call).toMatchObject({ reasoning: 'high', headers: { 'x-own': 'call', 'x-other': '1' } })
    expect(call!.providerOptions).toEqual({ mock: { effort: 'high', tier: 'flex' } })
  })

  test('to the router, in `providerOptions.routewise`, is heard, and a mistake in it is named', async () => {
    const model = createRouted({ models: { one: talkingModel('a', 'One'), two: talkingModel('b', 'Two') }, ...inOrder })('auto')
    const result = await generateText({
      model,
      prompt,
      providerOptions: { routewise: { tenant: 'acme', session: 's1', task: 'code', deny: ['one'] } },
    })
    expect(result.text).toBe('Two')
    expect(receiptOf(result)).toMatchObject({ tenant: 'acme', session: 's1', task: 'code', target: 'two' })
    const wrong = generateText({ model, prompt, maxRetries: 2, providerOptions: { routewise: { tennant: 'acme' } } })
    await expect(wrong).rejects.toMatchObject({ code: 'invalid_option', message: expect.stringContaining('tennant') as string })
  })

  test('of its tenant may be said around it', async () => {
    const model = fallingBack('Hello')('auto')
    const result = await withContext({ tenant: 'acme', session: 's2' }, () => generateText({ model, prompt }))
    expect(receiptOf(result)).toMatchObject({ tenant: 'acme', session: 's2' })
  })
})

describe('streams of the SDK’s own', () => {
  test('raw chunks, smooth words and UI messages', async () => {
    const model = fallingBack('One two three')('auto')
    const result = streamText({ model, prompt, includeRawChunks: true, experimental_transform: smoothStream({ delayInMs: null }) })
    expect(await collect(result.textStream)).toEqual(['One ', 'two ', 'three'])
    const ui = streamText({ model, prompt }).toUIMessageStream({
      messageMetadata: ({ part }) => (part.type === 'finish-step' ? { target: receiptOf(part)?.target } : undefined),
    })
    const chunks = await collect(ui)
    expect(chunks.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['start', 'start-step', 'text-start', 'text-delta', 'text-end', 'finish-step', 'finish']),
    )
    expect(chunks).toContainEqual({ type: 'message-metadata', messageMetadata: { target: 'up' } })
    // The receipt is the application's: it is not sent to browsers by itself.
    expect(JSON.stringify(chunks)).not.toContain('costNanoUsd')
  })
})
