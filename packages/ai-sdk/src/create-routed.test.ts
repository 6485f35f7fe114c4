import { NoSuchModelError, type ImageModelV4 } from '@ai-sdk/provider'
import { RouterError } from '@routewise/core'
import { generateImage, generateText } from 'ai'
import { MockImageModelV4, MockLanguageModelV4 } from 'ai/test'
import { expect, test } from 'vitest'
import { cheapest, createRouted, receiptOf, type LanguageModels } from './index.ts'

const says = (text: string, modelId: string) =>
  new MockLanguageModelV4({
    modelId,
    doGenerate: async () => ({
      content: [{ type: 'text', text }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: {
        inputTokens: { total: 5, noCache: 5, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 5, text: 5, reasoning: 0 },
      },
      warnings: [],
    }),
  })
// The mock's type says of an option that it may be there and undefined.
const painter = (options?: ConstructorParameters<typeof MockImageModelV4>[0]) => new MockImageModelV4(options) as ImageModelV4
const card = { input: 1, output: 2 }
const models = () => ({
  small: { model: says('small', 'small-model'), card, tags: ['eu'] },
  strong: { model: says('strong', 'strong-model'), card: { input: 5, output: 25 } },
})

test('a model’s own id is that model alone, whatever a call allows', async () => {
  const routed = createRouted({ models: models() })
  expect((await generateText({ model: routed('strong'), prompt: 'hi' })).text).toBe('strong')
  const call = generateText({ model: routed('strong'), prompt: 'hi', providerOptions: { routewise: { allow: ['small'] } } })
  await expect(call).rejects.toMatchObject({ code: 'no_candidates' })
  const { text } = await generateText({ model: routed('auto'), prompt: 'hi', providerOptions: { routewise: { deny: ['eu'] } } })
  expect(text).toBe('strong')
})

test('decides without calling anybody, for a text as for a prompt', () => {
  const given = models()
  const routed = createRouted({ models: given, policy: cheapest() })
  const { plan, considered } = routed.decide({ prompt: 'Why is the sky blue?' })
  expect(plan.map(({ id }) => id)).toEqual(['small', 'strong'])
  expect(considered[0]).toMatchObject({ target: 'small', rank: 1 })
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Why is the sky blue?' }] }]
  expect(routed.decide({ prompt }, { deny: ['small'] }).plan.map(({ id }) => id)).toEqual(['strong'])
  const whole = routed.decide({ prompt, stream: false }).considered[0]
  expect(whole!.expectedFirstTokenMs!).toBeGreaterThan(considered[0]!.expectedFirstTokenMs!)
  expect(given.small.model.doGenerateCalls).toHaveLength(0)
})

test('a policy that weighs money asks for prices at once, and of one model alone for none', () => {
  const unknown = says('who knows', 'a-model-that-nobody-knows')
  const refused = () => createRouted({ models: { unknown, ...models() }, policy: cheapest() })
  expect(refused).toThrow(expect.objectContaining({ code: 'price_unknown', message: expect.stringContaining('unknown') as string }))
  expect(() => createRouted({ models: { unknown } })).not.toThrow()
})

test.each([
  [{}, /models/],
  [{ models: {} }, /models/],
  [{ models: { auto: says('a', 'a') } }, /"auto"/],
  [{ models: { 'auto:code': says('a', 'a') } }, /"auto:code"/],
  [{ models: { a: 'openai/gpt-6-luna' } }, /models\.a.*gateway\("openai\/gpt-6-luna"\)/],
  [{ models: { a: { model: { specificationVersion: 'v1' } } } }, /models\.a.*model/],
  [{ models: { a: says('a', 'a') }, fallbacks: [] }, /fallbacks.*allowed/],
])('%o is refused, and what is wrong is named', (options, message) => {
  const create = () => createRouted(options as never)
  expect(create).toThrow(RouterError)
  expect(create).toThrow(message)
})

test('a name that stands for no model lists those that do', () => {
  const routed = createRouted({ models: models() })
  expect(() => routed('stronk')).toThrow(NoSuchModelError)
  expect(() => routed('stronk')).toThrow(/"auto".*"small", "strong"/)
  expect(() => createRouted({ imageModels: { one: painter() } })('auto')).toThrow(/models/)
})

test('an image’s receipt can be had from the result', async () => {
  const doGenerate = async () => ({
    images: ['iVBORw0KGgo='],
    warnings: [],
    response: { timestamp: new Date(0), modelId: 'painter', headers: undefined },
  })
  const routed = createRouted({ imageModels: { one: painter({ doGenerate }) } })
  const result = await generateImage({ model: routed.imageModel('auto'), prompt: 'a cat' })
  expect(receiptOf(result)?.target).toBe('one')
})

test('a model that is asked alone gets what its card says it cannot take; among several it is left out', async () => {
  const blind = { model: says('what I can', 'blind'), card: { ...card, contextTokens: 10, capabilities: { vision: false } } }
  const image = { type: 'file' as const, mediaType: 'image/png', data: 'iVBORw0KGgo=' }
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'word '.repeat(100) }, image] }]
  expect((await generateText({ model: createRouted({ models: { blind } })('auto'), messages })).text).toBe('what I can')
  const routed = createRouted({ models: { blind, strong: models().strong } })
  expect((await generateText({ model: routed('auto'), messages })).text).toBe('strong')
  expect((await generateText({ model: routed('blind'), messages })).text).toBe('what I can')
})

test('a forced tool goes to models that take one, and where none does, to all', () => {
  const capabilities = { forcedTool: false }
  const first = { model: says('first', 'first'), card: { ...card, capabilities } }
  const second = { model: says('second', 'second'), card: { input: 2, output: 3, capabilities } }
  const call = {
    prompt: 'hi',
    tools: [{ type: 'function' as const, name: 'look', inputSchema: { type: 'object' as const } }],
    toolChoice: { type: 'required' as const },
  }
  const plan = (given: LanguageModels) =>
    createRouted({ models: given })
      .decide(call)
      .plan.map(({ id }) => id)
  expect(plan({ first, second })).toHaveLength(2)
  expect(plan({ first, strong: models().strong })).toEqual(['strong'])
})
