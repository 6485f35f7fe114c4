import { createOpenAI } from '@ai-sdk/openai'
import { generateText, isStepCount, streamText, tool, type ModelMessage } from 'ai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { createRouted, receiptOf } from '../index.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

// One conversation with tools, thoughts and an image, which goes from provider to provider, each with its own package, over HTTP.

let world: Simulated
beforeAll(async () => {
  world = await simulated({
    timeScale: 1_000,
    recordings: {
      match: ({ turn, tools: offered, prompt }) =>
        offered.length > 0 && turn === 'user'
          ? { answer: { reasoning: 'I had better look.', toolCalls: [{ name: 'look', input: { city: 'Oslo' } }] } }
          : { answer: { reasoning: 'Hm.', text: `You asked: ${prompt}` } },
    },
  })
})
afterAll(() => world.sim.close())

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const tools = { look: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => ({ city, sky: 'clear' }) }) }

const models = () => ({
  anthropic: world.anthropic(),
  google: world.google(),
  openai: world.responses(),
  mistral: world.mistral('mistral-medium-2604'),
  deepseek: world.deepseek(),
  xai: world.xai(),
  chat: world.openai(),
  elsewhere: {
    model: createOpenAI({ apiKey: 'elsewhere', baseURL: world.sim.url('openai') }).responses('gpt-6-sol'),
    account: 'elsewhere',
  },
})
type Name = keyof ReturnType<typeof models>

async function readStream({ steps, text, responseMessages }: ReturnType<typeof streamText<typeof tools>>) {
  return { steps: await steps, text: await text, responseMessages: await responseMessages }
}

/** All that a provider was sent of the conversation. */
const bodies = () => world.sim.requests.map(({ provider, http }) => ({ provider, body: http.body as Record<string, unknown> }))

async function converse(names: readonly Name[], streamed: boolean): Promise<{ answered: (string | undefined)[]; texts: string[] }> {
  const routed = createRouted({ models: models() })
  const messages: ModelMessage[] = []
  const answered: (string | undefined)[] = []
  const texts: string[] = []
  for (const [at, name] of names.entries()) {
    const text = `Question ${at}?`
    const image = { type: 'file' as const, mediaType: 'image/png', data: pixel }
    messages.push({ role: 'user', content: at === 0 ? [{ type: 'text', text }, image] : text })
    const settings = { model: routed(name), messages, tools, reasoning: 'high' as const, stopWhen: isStepCount(3), maxRetries: 0 }
    const result = streamed ? await readStream(streamText(settings)) : await generateText(settings)
    answered.push(...result.steps.map(step => receiptOf(step)?.target))
    texts.push(result.text)
    messages.push(...result.responseMessages)
  }
  return { answered, texts }
}

const orders: readonly (readonly Name[])[] = [
  ['anthropic', 'google', 'openai', 'anthropic', 'elsewhere', 'google'],
  ['openai', 'mistral', 'elsewhere', 'deepseek', 'openai', 'mistral'],
  ['xai', 'google', 'chat', 'xai', 'anthropic', 'mistral'],
  ['google', 'deepseek', 'anthropic', 'xai', 'openai', 'deepseek'],
]

test.each(orders.flatMap(order => [true, false].map(streamed => [order.join(' → '), streamed, order] as const)))(
  'a conversation goes %s, and each answers every step (streamed: %s)',
  async (_, streamed, order) => {
    const { answered, texts } = await converse(order, streamed)
    expect(answered).toEqual(order.flatMap(name => [name, name]))
    expect(texts).toEqual(order.map((__, at) => `You asked: Question ${at}?`))
  },
)

test('what was sent to a provider in an earlier turn is how the prompt of a later one begins', async () => {
  const before = bodies().length
  await converse(
    ['anthropic', 'google', 'openai', 'anthropic', 'mistral', 'google', 'openai', 'mistral', 'chat', 'deepseek', 'chat'],
    false,
  )
  const sent = bodies().slice(before)
  for (const provider of ['anthropic', 'google', 'openai', 'mistral', 'deepseek'] as const) {
    const byWire = Map.groupBy(
      sent.filter(request => request.provider === provider),
      ({ body }) => (body['input'] === undefined ? 'messages' : 'input'),
    )
    for (const requests of byWire.values()) {
      const lists = requests.map(({ body }) => plain((body['messages'] ?? body['contents'] ?? body['input']) as unknown[]))
      for (const [at, list] of lists.slice(1).entries()) expect(list.slice(0, lists[at]!.length)).toEqual(lists[at])
    }
  }
})

/** Messages as text, without cache markers. */
const plain = (messages: readonly unknown[]): string[] =>
  messages.map(message => JSON.stringify(message, (key, value: unknown) => (key === 'cache_control' ? undefined : value)))
