import { ChatMistralAI } from '@langchain/mistralai'
import { ChatOpenAI } from '@langchain/openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attempt, headerOf } from './testing/attempt.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated()
})
afterAll(() => world.sim.close())

const kinds = ['generate', 'stream', 'events'] as const

describe.each(kinds)('response headers (%s)', kind => {
  test.each(['openai', 'responses', 'anthropic', 'mistral', 'deepseek', 'xai', 'groq'] as const)(
    'of %s are told before its first token',
    async vendor => {
      const { seen, headersBeforeContent } = await attempt(world[vendor](), { kind })
      expect(headersBeforeContent).toBe(true)
      expect(headerOf(seen, 'content-type')).toMatch(kind === 'generate' && vendor !== 'mistral' ? /json/ : /event-stream/)
    },
  )

  test('of Google are known to be there, though its SDK does not show them', async () => {
    const { headers, headersBeforeContent } = await attempt(world.google(), { kind })
    expect(headersBeforeContent).toBe(true)
    expect(headers.every(given => given === undefined)).toBe(true)
  })

  test('tell of OpenAI’s and Anthropic’s rate limits', async () => {
    const openai = await attempt(world.openai(), { kind })
    expect(headerOf(openai.seen, 'x-ratelimit-remaining-requests')).toBe('9999')
    const anthropic = await attempt(world.anthropic(), { kind })
    expect(headerOf(anthropic.seen, 'anthropic-ratelimit-requests-remaining')).toBe('3999')
  })
})

describe('a model that has', () => {
  const proxy =
    (seen: string[]) =>
    async (url: string | URL | Request, init: RequestInit = {}) => {
      const response = await fetch(url, init)
      const prompt = (init.body as string).match(/question (\d)/)![1]!
      seen.push(prompt)
      const headers = new Headers(response.headers)
      headers.set('x-attempt', prompt)
      return new Response(response.body, { status: response.status, headers })
    }

  test.each(kinds)('a fetch of its own uses it, and attempts at once each get their own headers (%s)', async kind => {
    const seen: string[] = []
    const configuration = { baseURL: world.sim.url('openai'), fetch: proxy(seen) }
    const model = new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'test', configuration })
    const prompts = Array.from({ length: 8 }, (_, at) => `question ${at}`)
    const attempts = await Promise.all(prompts.map(prompt => attempt(model, { kind, prompt })))
    expect(attempts.map(one => headerOf(one.seen, 'x-attempt'))).toEqual(prompts.map((_, at) => String(at)))
    expect(seen.toSorted()).toEqual(prompts.map((_, at) => String(at)))
  })

  test('been used by itself before goes on with its own client', async () => {
    const model = world.openai()
    await model.invoke('Hi')
    const clientOf = () => (model as unknown as { completions: { client: object } }).completions.client
    const before = clientOf()
    const { seen } = await attempt(model)
    expect(headerOf(seen, 'content-type')).toMatch(/event-stream/)
    expect(clientOf()).toBe(before)
  })

  test('hooks on its requests still has them called', async () => {
    const answered: number[] = []
    const model = new ChatMistralAI({
      model: 'mistral-small-2603',
      apiKey: 'test',
      serverURL: world.sim.url('mistral'),
      responseHooks: [response => void answered.push(response.status)],
    })
    const { seen } = await attempt(model)
    expect(answered).toEqual([200])
    expect(headerOf(seen, 'content-type')).toMatch(/event-stream/)
  })
})
