import type { LanguageModelV4 } from '@ai-sdk/provider'
import { generateObject, streamObject } from 'ai'
import { afterAll, beforeAll, describe, test, vi } from 'vitest'
import * as z from 'zod'
import { expectSame } from './testing/bare-and-routed.ts'
import { plain } from './testing/plain.ts'
import { finish, type Generated, type Part, scriptedModel, start, type Streamed, text, usage } from './testing/scripted-model.ts'

beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: 0 }))
afterAll(() => vi.useRealTimers())

const fault = () => new Error('the model has failed')
const told = (error: unknown): Part => ({ type: 'error', error })
const schema = z.object({ city: z.string(), people: z.number().optional() })
const outputs = {
  'an object': { schema },
  'a list': { output: 'array' as const, schema },
  'a choice': { output: 'enum' as const, enum: ['sun', 'rain'] },
  'any JSON': { output: 'no-schema' as const },
}
const settle = async (value: PromiseLike<unknown>) => {
  try {
    return await value
  } catch (error) {
    return { threw: error }
  }
}

async function observeStream(model: LanguageModelV4, output: object): Promise<unknown> {
  const heard: unknown[] = []
  const result = streamObject({
    model,
    prompt: 'Hello?',
    maxRetries: 0,
    ...output,
    onError: (event: unknown) => void heard.push(event),
    onEnd: (event: unknown) => void heard.push(event),
    _internal: { generateId: () => 'id', now: () => 0 },
  } as unknown as Parameters<typeof streamObject>[0])
  const parts: unknown[] = []
  const reading = async () => {
    for await (const part of result.fullStream) parts.push(structuredClone(plain(part)))
  }
  const end = await settle(reading())
  const { object, usage, finishReason, warnings, response, request, providerMetadata } = result
  const names = { object, usage, finishReason, warnings, response, request, providerMetadata }
  const entries = await Promise.all(Object.entries(names).map(async ([name, value]) => [name, await settle(value as PromiseLike<unknown>)]))
  return plain({ parts, end, heard, ...Object.fromEntries(entries) })
}

const observeWhole = async (model: LanguageModelV4, output: object): Promise<unknown> => {
  const asked = { model, prompt: 'Hello?', maxRetries: 0, ...output, _internal: { generateId: () => 'id' } }
  return plain({ result: await settle(generateObject(asked as unknown as Parameters<typeof generateObject>[0])) })
}

const words = {
  'what was asked for': {
    'an object': '{"city":"Oslo"}',
    'a list': '{"elements":[{"city":"Oslo"}]}',
    'a choice': '{"result":"sun"}',
    'any JSON': '[1]',
  },
  'another shape': { 'an object': '{"town":1}', 'a list': '{"elements":[1]}', 'a choice': '{"result":"snow"}', 'any JSON': '{}' },
  'no JSON': { 'an object': 'Oslo', 'a list': 'Oslo', 'a choice': 'sun', 'any JSON': 'Oslo' },
}

describe.each(Object.entries(words))('%s, is the same', (_, said) => {
  test.each(Object.entries(outputs))('where %s is wanted, streamed and whole', async (kind, output) => {
    const json = said[kind as keyof typeof said]
    const half = Math.floor(json.length / 2)
    const streamed: Streamed[] = [{ parts: [start, ...text('1', json.slice(0, half), json.slice(half)), finish('stop', 'stop')] }]
    const generated: Generated[] = [
      {
        content: [{ type: 'text', text: json }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage,
        warnings: [],
        response: { timestamp: new Date(0) },
      },
    ]
    await expectSame(
      () => scriptedModel({ streamed }),
      model => observeStream(model, output),
    )
    await expectSame(
      () => scriptedModel({ generated }),
      model => observeWhole(model, output),
    )
  })
})

const begun: readonly Part[] = [start, { type: 'text-start', id: '1' }, { type: 'text-delta', id: '1', delta: '{"city":"Os' }]
const faults: Readonly<Record<string, () => Streamed>> = {
  'a model that throws': () => ({ throws: fault() }),
  'an error that is told first': () => ({ parts: [told(fault())] }),
  'an error that is told first, and an end': () => ({ parts: [start, told(fault()), finish('error')] }),
  'an error in the middle, and an end': () => ({ parts: [...begun, told(fault()), finish('error')] }),
  'a stream that breaks at once': () => ({ parts: [], breaks: { error: fault() } }),
  'a stream that breaks in the middle': () => ({ parts: begun, breaks: { error: fault() } }),
  'an end without content': () => ({ parts: [start, finish('length')] }),
}

test.each(Object.entries(faults))('of an object that is streamed, %s is the same', (_, turn) =>
  expectSame(
    () => scriptedModel({ streamed: [turn()] }),
    model => observeStream(model, outputs['an object']),
  ),
)
