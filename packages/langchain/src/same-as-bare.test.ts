import { simulated, type Simulated } from './testing/simulated.ts'
import { BaseCallbackHandler } from '@langchain/core/callbacks/base'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { HumanMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { createAgent } from 'langchain'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { RoutedChatModel } from './index.ts'

// A routed model with one candidate must be told from the bare model by nothing but its name, the receipt and the field `model`.

let world: Simulated
beforeAll(async () => {
  world = await simulated({
    providers: ['openai', 'anthropic'],
    recordings: {
      match: ({ prompt, turn, tools }) =>
        tools.length > 0 && turn === 'user'
          ? { answer: { toolCalls: [{ name: 'weather', input: { city: 'Oslo' } }] } }
          : { answer: { text: `You asked: ${prompt}. It is sunny there, as it often is.` } },
    },
  })
})
afterAll(() => world.sim.close())

const vendors = ['openai', 'responses', 'anthropic'] as const
const weather = tool(({ city }) => `sunny in ${city}`, {
  name: 'weather',
  description: 'The weather of a city.',
  schema: z.object({ city: z.string() }),
})

/** Ids and times differ from call to call; our own fields are what is meant to differ. */
function normalised(value: unknown, ignored: ReadonlySet<string>): unknown {
  const ids = new Map<string, string>()
  const text = JSON.stringify(value, (key, field: unknown) => (ignored.has(key) ? undefined : field))
  const plain = text
    .replaceAll(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:chatcmpl-|call_|toolu_|msg_|resp_|req_|fc_|rs_)\w+/g,
      id => {
        if (!ids.has(id)) ids.set(id, `id-${ids.size + 1}`)
        return ids.get(id)!
      },
    )
    .replaceAll('RoutedChatModel', 'TheModel')
    .replaceAll(/Chat(OpenAI|Anthropic)/g, 'TheModel')
  return JSON.parse(plain)
}
// What the router adds, what it tells tracers about itself, and what differs between any two calls.
const always = ['routewise', 'model', 'ls_provider', 'ls_model_name', 'ls_temperature', 'ls_max_tokens', 'ls_stop', 'versions']
const perCall = ['created', 'langgraph_checkpoint_ns', 'checkpoint_ns', '__pregel_task_id', 'checkpoint_id', 'signature']
// Anthropic's integration miscounts streams and names neither model nor end: the router does, and other tests hold it to that.
const corrected = ['usage_metadata', 'usage', 'tokenUsage', 'model_name', 'model_provider', 'finish_reason']
// OpenAI's other API says back the routing key that it was given.
const saidBack = ['prompt_cache_key']
const ignoredFor = {
  openai: new Set([...always, ...perCall]),
  responses: new Set([
    ...always,
    ...perCall,
    ...saidBack,
    'created_at',
    'completed_at',
    'encrypted_content',
    'finish_reason',
    'model_name',
  ]),
  anthropic: new Set([...always, ...perCall, ...corrected]),
}

class Recorder extends BaseCallbackHandler {
  name = 'recorder'
  events: unknown[] = []
  override handleChatModelStart(_model: unknown, messages: unknown): void {
    this.events.push(['start', messages])
  }
  override handleLLMNewToken(token: string, index: unknown): void {
    this.events.push(['token', token, index])
  }
  override handleLLMEnd(output: { generations: { text: string }[][] }): void {
    this.events.push(['end', output.generations.map(list => list.map(({ text }) => text))])
  }
  override handleLLMError(error: Error): void {
    this.events.push(['error', error.message])
  }
}

const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

describe.each(vendors)('a routed model with one candidate of %s', vendor => {
  const both = async (use: (model: BaseChatModel) => Promise<unknown>) => {
    const bare = normalised(await use(world[vendor]()), ignoredFor[vendor])
    const routed = normalised(await use(new RoutedChatModel({ models: [world[vendor]()] })), ignoredFor[vendor])
    expect(routed).toEqual(bare)
    expect(bare).not.toEqual([])
  }

  test('answers alike', () => both(model => model.invoke('Hello?')))
  test('answers a batch alike', () => both(model => model.batch(['One?', 'Two?', 'Three?'])))
  test('streams the same chunks', () => both(async model => collect(await model.stream('Hello?'))))
  test('streams the same tool calls', () => both(async model => collect(await model.bindTools!([weather]).stream('Weather?'))))
  test.each(['v1', 'v2'] as const)('streams the same events, version %s', version =>
    both(async model => collect(model.streamEvents('Hello?', { version }))),
  )
  test('streams the same content-block events', () => both(async model => collect(model.streamEvents('Hello?'))))

  test('calls callbacks alike, whole and streamed', () =>
    both(async model => {
      const recorder = new Recorder()
      await model.invoke('Hello?', { callbacks: [recorder] })
      await collect(await model.stream('Hello?', { callbacks: [recorder] }))
      return recorder.events
    }))

  test.each(['values', 'updates', 'messages'] as const)('streams an agent alike, mode %s', streamMode =>
    both(async model => {
      const agent = createAgent({ model, tools: [weather] })
      return collect(await agent.stream({ messages: [new HumanMessage('Weather in Oslo?')] }, { streamMode }))
    }),
  )

  test('makes as many runs in an agent, with the same events', () =>
    both(async model => {
      const agent = createAgent({ model, tools: [weather] })
      const events = await collect(agent.streamEvents({ messages: [new HumanMessage('Weather in Oslo?')] }, { version: 'v2' }))
      return events.map(({ event, name, data, tags }) => ({ event, name, tags, text: textIn(data) }))
    }))

  test('streams an agent alike by the content-block protocol', () =>
    both(async model => {
      const agent = createAgent({ model, tools: [weather] })
      const run = await agent.streamEvents({ messages: [new HumanMessage('Weather in Oslo?')] }, { version: 'v3' } as never)
      const events = await collect(run as unknown as AsyncIterable<{ method?: string; params?: { data?: unknown } }>)
      return events.map(({ method, params }) => ({ method, data: params?.data })).filter(({ method }) => method === 'messages')
    }))
})

function textIn(data: { chunk?: unknown; output?: unknown }): unknown {
  const message = (data.chunk ?? data.output) as { content?: unknown } | undefined
  return message?.content
}
