import { APICallError, type LanguageModelV4, type LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { MockLanguageModelV4 } from 'ai/test'
import { expect, test } from 'vitest'
import { createRouted, receiptOf } from '../index.ts'
import { finish, hello, metadata, type Part, scriptedModel, start } from '../testing/scripted-model.ts'
import { silentModel, talkingModel } from '../testing/talking-model.ts'

const inOrder = { policy: <Item>(candidates: readonly Item[]) => candidates, hedge: false } as const
const asking: LanguageModelV4CallOptions = { prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hello?' }] }] }
const whole: readonly Part[] = [start, metadata, ...hello, finish('stop')]

/** All parts of a stream, and what it breaks with. */
async function read(model: LanguageModelV4) {
  const parts: Part[] = []
  const { stream, ...opened } = await model.doStream(asking)
  try {
    for await (const part of stream) parts.push(part)
  } catch (broke) {
    return { parts, types: parts.map(({ type }) => type), broke, ...opened }
  }
  return { parts, types: parts.map(({ type }) => type), broke: undefined, ...opened }
}

/** A model that has begun to respond, and speaks when it is told to. */
function waiting(response: string) {
  let speak: () => void = () => undefined
  let signal: AbortSignal | undefined
  const spoken = new Promise<void>(resolve => (speak = resolve))
  const parts = whole.values()
  const model = new MockLanguageModelV4({
    doStream: async ({ abortSignal }) => {
      signal = abortSignal
      const stream = new ReadableStream<Part>({
        async pull(controller) {
          await spoken
          const { value, done } = parts.next()
          if (done === true) controller.close()
          else controller.enqueue(value)
        },
      })
      return { stream, response: { headers: { from: response } } }
    },
  })
  return { model, speak, signal: () => signal }
}

const overloaded = () => new APICallError({ message: 'Overloaded', url: 'https://models.example', requestBodyValues: {}, statusCode: 503 })

test('the stream of a model alone is there when its response is, whatever it says when', async () => {
  const { model, speak } = waiting('one')
  const { stream, response } = await createRouted({ models: { one: model } })('auto').doStream(asking)
  expect(response?.headers).toEqual({ from: 'one' })
  speak()
  const types: string[] = []
  for await (const { type } of stream) types.push(type)
  expect(types).toEqual(whole.map(({ type }) => type))
})

test('so is that of one model by its id, beside others', async () => {
  const { model, speak } = waiting('one')
  const routed = createRouted({ models: { one: model, other: talkingModel('b', 'Other') }, ...inOrder })
  const { response } = await routed('one').doStream(asking)
  expect(response?.headers).toEqual({ from: 'one' })
  speak()
})

test('the stream of several is there when one of them has spoken, with the response of that one', async () => {
  const { model, speak } = waiting('two')
  const down = scriptedModel({ streamed: [{ parts: [start, { type: 'error', error: 'down' }], response: { headers: { from: 'one' } } }] })
  let isThere = false
  const reading = createRouted({ models: { down, model }, ...inOrder })('auto').doStream(asking)
  void reading.then(() => (isThere = true))
  await Promise.resolve()
  expect(isThere).toBe(false)
  speak()
  expect((await reading).response?.headers).toEqual({ from: 'two' })
})

test('a model alone that failed after its response, with nothing said, is asked again, unseen', async () => {
  const model = scriptedModel({ streamed: [{ parts: [start, { type: 'error', error: overloaded() }] }, { parts: whole }] })
  Object.defineProperty(model, 'provider', { value: 'openai.chat' })
  const { types, parts } = await read(createRouted({ models: [model], retry: { baseDelayMs: 0.01 } })('auto'))
  expect(types).toEqual(whole.map(({ type }) => type))
  expect(receiptOf(parts.at(-1))?.attempts.map(({ reason, end }) => [reason, end.type])).toEqual([
    ['first', 'failed'],
    ['retry', 'answered'],
  ])
})

test('a model alone of unknown make is heard from its first part', async () => {
  let speak: (part: Part) => void = () => undefined
  const stream = new ReadableStream<Part>({ start: controller => void (speak = part => controller.enqueue(part)) })
  const model = new MockLanguageModelV4({ doStream: async () => ({ stream }) })
  const reader = (await createRouted({ models: { one: model } })('auto').doStream(asking)).stream.getReader()
  // `finish` waits for the receipt.
  for (const part of whole.slice(0, -1)) {
    speak(part)
    expect((await reader.read()).value).toBe(part)
  }
})

test('to cancel a stream that has said nothing yet is heard by its model', async () => {
  const { model, signal } = waiting('one')
  const { stream } = await createRouted({ models: { one: model } })('auto').doStream(asking)
  expect(signal()!.aborted).toBe(false)
  await stream.cancel()
  expect(signal()!.aborted).toBe(true)
})

test('an answer of several that is cut ends in an error part, and breaks the stream with the same error', async () => {
  const cut = scriptedModel({ streamed: [{ parts: [start, ...hello.slice(0, 2)], breaks: { error: new Error('cut') } }] })
  const { types, parts, broke } = await read(createRouted({ models: { cut, other: silentModel('b') }, ...inOrder })('auto'))
  expect(types).toEqual(['stream-start', 'text-start', 'text-delta', 'error'])
  expect(parts.at(-1)).toEqual({ type: 'error', error: broke })
  expect(broke).toMatchObject({ message: 'cut' })
  expect(receiptOf(broke)).toMatchObject({ attempts: [{ target: 'cut', end: { type: 'interrupted' } }] })
})

test('the receipt of a model alone is with what it threw, told or broke with', async () => {
  const error = new Error('down')
  const models = [
    [silentModel('a', error), 'failed'],
    [scriptedModel({ streamed: [{ parts: [start], breaks: { error } }] }), 'interrupted'],
  ] as const
  for (const [model, type] of models) {
    const broke = await read(createRouted({ models: { one: model }, retry: false })('auto')).then(
      seen => seen.broke,
      (thrown: unknown) => thrown,
    )
    expect(broke).toBe(error)
    expect(receiptOf(error)).toMatchObject({ attempts: [{ target: 'one', end: { type } }] })
  }
  const told = scriptedModel({ streamed: [{ parts: [start, { type: 'error', error }] }] })
  const { parts } = await read(createRouted({ models: { told }, retry: false })('auto'))
  expect(parts).toEqual([start, { type: 'error', error }])
  expect(receiptOf(error)).toMatchObject({ attempts: [{ target: 'told', end: { type: 'interrupted' } }] })
})

test('a stream is read at its reader’s pace', async () => {
  let given = 0
  const model = new MockLanguageModelV4({
    doStream: async () => ({
      stream: new ReadableStream<Part>(
        {
          pull(controller) {
            given += 1
            controller.enqueue(given === 1 ? { type: 'text-start', id: '1' } : { type: 'text-delta', id: '1', delta: 'word ' })
          },
        },
        { highWaterMark: 0 },
      ),
    }),
  })
  const { stream } = await createRouted({ models: [model] })('auto').doStream(asking)
  const reader = stream.getReader()
  for (let part = 0; part < 10; part += 1) await reader.read()
  expect(given).toBeLessThanOrEqual(12)
  await reader.cancel()
})
