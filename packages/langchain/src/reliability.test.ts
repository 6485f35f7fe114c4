import { simulated, type Simulated } from './testing/simulated.ts'
import type { RouterError } from '@routewise/core'
import { type Receipt } from '@routewise/core'
import { ContextOverflowError, getRetryable } from '@langchain/core/errors'
import type { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cheapest, RoutedChatModel } from './index.ts'

let world: Simulated
beforeEach(async () => {
  world = await simulated({
    recordings: { match: () => ({ answer: { text: 'The answer is a plain and rather long forty-two, as ever it was.' } }) },
  })
})
afterEach(() => world.sim.close())

const answer = 'The answer is a plain and rather long forty-two, as ever it was.'
// gpt-6-luna is the cheapest by far: it goes first, the others stand by.
const policy = cheapest()
const all = (options: object = {}) =>
  new RoutedChatModel({ models: [world.openai(), world.google(), world.anthropic()], policy, ...options })

const receiptOf = (message: AIMessage | AIMessageChunk) => message.response_metadata['routewise'] as Receipt
const caught = async (promise: Promise<unknown>): Promise<Error> => {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was thrown.')
}
const textOf = async (stream: AsyncIterable<AIMessageChunk>) => {
  const texts: string[] = []
  for await (const chunk of stream) texts.push(chunk.text)
  return texts
}
const requests = (provider: string) => world.sim.requests.filter(request => request.provider === provider).length

describe.each(['openai', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const)('%s', vendor => {
  test.each(['invoke', 'stream'] as const)('an overload costs one request, whatever retries the model was made with (%s)', async how => {
    world.sim.outage(vendor)
    const model = new RoutedChatModel({ models: [world[vendor]()], retry: false })
    const error = await caught(how === 'invoke' ? model.invoke('Hi') : model.stream('Hi').then(textOf))
    expect(error).toMatchObject({ name: 'RouterError', code: 'all_attempts_failed' })
    expect((error as RouterError).failures).toMatchObject([{ kind: 'overloaded' }])
    expect(requests(vendor)).toBe(1)
  })

  test('a socket cut before the first token is not noticed: the next model answers', async () => {
    world.sim.fault({ when: { provider: vendor }, effect: { type: 'cut', at: 'first-token' }, times: 1 })
    const model = new RoutedChatModel({ models: [world[vendor](), world.openai('gpt-4.1')], policy: candidates => candidates })
    expect((await textOf(await model.stream('Hi'))).join('')).toBe(answer)
  })

  test('a rate limit is known as one, with the time to wait', async () => {
    world.sim.fault({ when: { provider: vendor }, effect: { type: 'http-error', kind: 'rate-limit', retryAfterMs: 7_000 } })
    const model = new RoutedChatModel({ models: [world[vendor]()], retry: false })
    const { failures } = (await caught(model.invoke('Hi'))) as RouterError
    expect(failures).toMatchObject([{ kind: 'rate_limit', status: 429, retryAfterMs: 7_000 }])
  })

  test('a prompt over the window is known as one, as users of LangChain know it', async () => {
    world.sim.fault({ when: { provider: vendor }, effect: { type: 'context-overflow' } })
    const error = await caught(new RoutedChatModel({ models: [world[vendor]()] }).invoke('Hi'))
    expect(error).toMatchObject({ code: 'all_attempts_failed', failures: [{ kind: 'context_overflow' }] })
    expect(ContextOverflowError.isInstance(error)).toBe(true)
  })

  test('the user’s own instance is not written to', async () => {
    const model = world[vendor]()
    const fieldsOf = () => Object.entries(model)
    const before = fieldsOf()
    await new RoutedChatModel({ models: [model] }).invoke('Hi')
    expect(fieldsOf()).toEqual(before)
    expect((model.caller as unknown as { maxRetries: number }).maxRetries).toBe(6)
  })
})

test('each of many calls at once has its own receipt', async () => {
  const model = all()
  const messages = await Promise.all(Array.from({ length: 20 }, (_, at) => model.invoke('word '.repeat(at + 1))))
  expect(new Set(messages.map(message => receiptOf(message).id)).size).toBe(20)
  for (const message of messages) {
    expect(receiptOf(message).usage.inputTokens).toBe((message.usage_metadata as unknown as { input_tokens: number }).input_tokens)
  }
  expect(new Set(messages.map(message => receiptOf(message).usage.inputTokens)).size).toBe(20)
})

describe('fallback', () => {
  test('answers from the next model when one is down, and the receipt says so', async () => {
    world.sim.outage('openai')
    const message = await all().invoke('Hi')
    expect(message.text).toBe(answer)
    expect(receiptOf(message)).toMatchObject({
      target: 'gemini-3.8-flash',
      attempts: [
        { target: 'gpt-6-luna', reason: 'first', end: { type: 'failed', failure: { kind: 'overloaded', status: 503 } }, costNanoUsd: 0 },
        { target: 'gemini-3.8-flash', reason: 'fallback', end: { type: 'answered' } },
      ],
    })
    await world.sim.settled()
    expect(receiptOf(message).costNanoUsd).toBe(world.sim.bill.totalNanoUsd)
  })

  test('streams from the next model when one breaks before its first token', async () => {
    world.sim.fault({ when: { provider: 'openai' }, effect: { type: 'stream-error', at: 'first-token', kind: 'overloaded' } })
    expect((await textOf(await all().stream('Hi'))).join('')).toBe(answer)
  })

  test('never glues two answers together: a stream that breaks midway is an error', async () => {
    world.sim.fault({ when: { provider: 'openai' }, effect: { type: 'cut', at: 'midway' } })
    const seen: string[] = []
    const error = await caught(
      (async () => {
        for await (const chunk of await all().stream('Hi')) seen.push(chunk.text)
      })(),
    )
    expect(error).toMatchObject({ code: 'stream_interrupted', failures: [{ target: 'gpt-6-luna', kind: 'network' }] })
    expect(answer.startsWith(seen.join(''))).toBe(true)
    expect(requests('google') + requests('anthropic')).toBe(0)
  })

  test('a clean end without a terminal event is an error, never a short answer', async () => {
    for (const provider of ['openai', 'anthropic', 'google'] as const) {
      const lift = world.sim.fault({ when: { provider }, effect: { type: 'silent-end' } })
      const model = new RoutedChatModel({ models: [world[provider]()], retry: false })
      expect(await caught(model.stream('Hi').then(textOf))).toMatchObject({ failures: [{ kind: 'truncated' }] })
      const events = (async () => {
        for await (const _event of model.streamEvents('Hi'));
      })()
      expect(await caught(events)).toMatchObject({ failures: [{ kind: 'truncated' }] })
      lift()
    }
  })

  test('calls at once do not disturb each other while one model is down', async () => {
    world.sim.outage('openai')
    const model = all()
    const messages = await Promise.all(Array.from({ length: 50 }, (_, at) => model.invoke(`Question ${at}`)))
    expect(messages.map(({ text }) => text)).toEqual(Array.from({ length: 50 }, () => answer))
  })

  test('one passing failure does not bind later calls to the dearer model for long', async () => {
    world.sim.fault({ when: { provider: 'openai' }, effect: { type: 'http-error', kind: 'rate-limit', retryAfterMs: 1 }, times: 1 })
    const model = all({ retry: false })
    expect(receiptOf(await model.invoke('One')).target).toBe('gemini-3.8-flash')
    await expect.poll(async () => receiptOf(await model.invoke('Again')).target).toBe('gpt-6-luna')
  })
})

describe('hedge', () => {
  test('a silent model is overtaken, and its request is closed', async () => {
    world.sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'headers' } })
    const model = all({ hedge: { delayMs: 20, budget: 1 } })
    const chunks = await textOf(await model.stream('Hi'))
    expect(chunks.join('')).toBe(answer)
    await world.sim.settled()
    expect(world.sim.bill.rows.find(({ provider }) => provider === 'openai')).toMatchObject({ end: 'cancelled' })
  })

  test('a call that does not stream is overtaken, too', async () => {
    world.sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'headers' } })
    const message = await all({ hedge: { delayMs: 20, budget: 1 } }).invoke('Hi')
    expect(receiptOf(message)).toMatchObject({
      attempts: [
        { target: 'gpt-6-luna', end: { type: 'superseded' } },
        { target: 'gemini-3.8-flash', reason: 'hedge', end: { type: 'answered' } },
      ],
    })
  })

  test('tokens of the one that lost reach nobody', async () => {
    world.sim.fault({ when: { provider: 'openai' }, effect: { type: 'hang', at: 'first-token', ms: 5_000 } })
    const tokens: string[] = []
    const model = all({ hedge: { delayMs: 5, budget: 1 } })
    const handler = { handleLLMNewToken: (token: string) => void tokens.push(token) }
    const texts = await textOf(await model.stream('Hi', { callbacks: [handler] }))
    expect(tokens.join('')).toBe(texts.join(''))
    expect(tokens.join('')).toBe(answer)
  })
})

describe('abort', () => {
  test('before the call: nothing is sent', async () => {
    const signal = AbortSignal.abort()
    for (const use of [() => all().invoke('Hi', { signal }), () => all().stream('Hi', { signal }).then(textOf)]) {
      const error = await caught(use())
      expect(error.name).toBe('AbortError')
    }
    expect(world.sim.requests).toHaveLength(0)
  })

  test.each(['openai', 'anthropic', 'google', 'mistral', 'groq'] as const)(
    'while %s is silent: an AbortError, a closed request, no other model asked',
    async vendor => {
      world.sim.fault({ effect: { type: 'hang', at: 'headers' } })
      const model = new RoutedChatModel({ models: [world[vendor](), world.openai('gpt-4.1')], policy: candidates => candidates })
      for (const how of ['invoke', 'stream'] as const) {
        const controller = new AbortController()
        const asked = caught(
          how === 'invoke'
            ? model.invoke('Hi', { signal: controller.signal })
            : model.stream('Hi', { signal: controller.signal }).then(textOf),
        )
        const before = world.sim.requests.length
        await expect.poll(() => world.sim.requests.length).toBeGreaterThan(before)
        controller.abort()
        const error = await asked
        expect(error.name).toBe('AbortError')
        await world.sim.settled()
        expect(world.sim.bill.rows.at(-1)).toMatchObject({ end: 'cancelled' })
      }
      expect(world.sim.requests.every(({ provider }) => provider === vendor)).toBe(true)
    },
  )

  test('is told from a failure: the RouterError is the cause, and asking again is said to be of no use', async () => {
    const error = await caught(all().invoke('Hi', { signal: AbortSignal.abort() }))
    expect(error.cause).toMatchObject({ name: 'RouterError', code: 'aborted' })
    expect(getRetryable(error)).toBe(false)
  })

  test('midway through a stream: the provider hears of it', async () => {
    const controller = new AbortController()
    const error = await caught(
      (async () => {
        for await (const _chunk of await all().stream('Hi', { signal: controller.signal })) controller.abort()
      })(),
    )
    expect(error.name).toBe('AbortError')
    await world.sim.settled()
    expect(world.sim.bill.rows.at(-1)).toMatchObject({ provider: 'openai' })
  })

  test('by leaving the loop: the provider hears of it', async () => {
    world.sim.fault({ effect: { type: 'hang', at: 'midway' } })
    for await (const _chunk of await all().stream('Hi')) break
    await world.sim.settled()
    expect(world.sim.bill.rows.at(-1)).toMatchObject({ provider: 'openai', end: 'cancelled' })
  })

  test('by the call option `timeout`', async () => {
    world.sim.fault({ effect: { type: 'hang', at: 'headers' } })
    const error = await caught(all({ hedge: false }).invoke('Hi', { timeout: 30 }))
    expect(error.name).toBe('TimeoutError')
  })
})
