import type { LanguageModel } from '@routewise/ai-sdk/target'
import type { Receipt } from '@routewise/core'
import type { SimulatorOptions } from '@routewise/simulator'
import OpenAI from 'openai'
import { zodResponseFormat } from 'openai/helpers/zod'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { routedFetch } from '../fetch/routed-fetch.ts'
import { routerOf, simulated, type Simulated } from '../testing/ai-sdk.ts'

const vendors = ['openai', 'responses', 'anthropic', 'google', 'moonshot'] as const
type Vendor = (typeof vendors)[number]

const recordings: SimulatorOptions['recordings'] = {
  match: ({ tools, turn, responseSchema, prompt }) => {
    if (responseSchema !== undefined) return { answer: { text: '{"city":"Oslo"}' } }
    if (tools.length === 0 || turn === 'tool') return { answer: { text: `It is sunny there. ${prompt}`, reasoning: 'So it is sunny.' } }
    return { answer: { toolCalls: tools.map(({ name }) => ({ name, input: { city: 'Oslo' } })), reasoning: 'Where is that?' } }
  },
}

interface Setting {
  world: Simulated
  client: OpenAI
  receipts: Receipt[]
}

/** The openai SDK in front of one model of the AI SDK. */
async function withClient(
  vendor: Vendor,
  use: (setting: Setting) => Promise<void>,
  options: SimulatorOptions = { recordings },
): Promise<void> {
  const world = await simulated({
    providers: [vendor === 'responses' ? 'openai' : vendor === 'moonshot' ? 'moonshotai' : vendor],
    ...options,
  })
  const model: LanguageModel = world[vendor]()
  const router = routerOf(model)
  const receipts: Receipt[] = []
  router.on('receipt', receipt => receipts.push(receipt))
  try {
    await use({ world, client: new OpenAI({ apiKey: 'unused', maxRetries: 0, fetch: routedFetch(router) }), receipts })
  } finally {
    await world.sim.close()
  }
}

const model = 'auto'
const messages = [{ role: 'user' as const, content: 'How is the weather?' }]
const look = {
  type: 'function' as const,
  function: {
    name: 'look',
    description: 'Looks up the weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  },
}
const listen = { ...look, function: { ...look.function, name: 'listen' } }

test.each(vendors)('%s: a whole answer, and a stream that says the same', vendor =>
  withClient(vendor, async ({ client }) => {
    const whole = await client.chat.completions.create({ model, messages })
    expect(whole.choices[0]).toMatchObject({ message: { content: 'It is sunny there. How is the weather?' }, finish_reason: 'stop' })
    const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } })
    const streamed = await stream.finalChatCompletion()
    expect(streamed.choices[0]).toMatchObject({ message: { content: 'It is sunny there. How is the weather?' }, finish_reason: 'stop' })
    expect(await stream.totalUsage()).toMatchObject({
      prompt_tokens: whole.usage!.prompt_tokens,
      completion_tokens: whole.usage!.completion_tokens,
    })
    expect(whole.model).toBe(streamed.model)
  }),
)

test.each(vendors)('%s: the SDK runs tools, streamed and whole, and nobody can tell', vendor =>
  withClient(vendor, async ({ client, world }) => {
    const asked: string[] = []
    const tools = [
      {
        type: 'function' as const,
        function: {
          ...look.function,
          parse: JSON.parse,
          function: ({ city }: { city: string }) => {
            asked.push(city)
            return `sunny in ${city}`
          },
        },
      },
    ]
    expect(await client.chat.completions.runTools({ model, messages, tools }).finalContent()).toMatch(/^It is sunny there/)
    const streamed = client.chat.completions.runTools({ model, messages, tools, stream: true, reasoning_effort: 'low' })
    expect(await streamed.finalContent()).toMatch(/^It is sunny there/)
    expect(asked).toEqual(['Oslo', 'Oslo'])
    expect(world.sim.bill.rows.filter(({ status }) => status >= 400)).toEqual([])
  }),
)

test.each(vendors)('%s: several calls at once, and tools that must, may or must not be called', vendor =>
  withClient(vendor, async ({ client, world }) => {
    const calls = async (more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>) => {
      const { choices } = await client.chat.completions.create({ model, messages, tools: [look, listen], ...more })
      return choices[0]!.message.tool_calls?.map(call => call.type === 'function' && call.function.name) ?? []
    }
    expect(await calls({})).toEqual(['listen', 'look'])
    await calls({ tool_choice: 'none' })
    const allowed = [{ type: 'function', function: { name: 'listen' } }]
    expect(await calls({ tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: allowed } } })).toEqual(['listen'])
    expect(world.sim.requests.map(({ parsed }) => parsed!.toolChoice.type)).toEqual(['auto', 'none', 'auto'])
  }),
)

const forcing = { openai: 'tool', responses: 'tool', google: 'tool', anthropic: 'auto' } as const

test.each(Object.entries(forcing) as [Vendor, string][])('%s: a tool that is forced is the only choice', (vendor, type) =>
  withClient(vendor, async ({ client, world }) => {
    await client.chat.completions.create({
      model,
      messages,
      tools: [look, listen],
      tool_choice: { type: 'function', function: { name: 'listen' } },
    })
    const { toolChoice, tools } = world.sim.requests[0]!.parsed!
    expect(toolChoice.type).toBe(type)
    // A model that cannot be forced is offered nothing else.
    expect(tools.map(({ name }) => name)).toEqual(type === 'tool' ? ['listen', 'look'] : ['listen'])
  }),
)

test.each(vendors)('%s: structured output is parsed by the SDK', vendor =>
  withClient(vendor, async ({ client }) => {
    const response_format = zodResponseFormat(z.object({ city: z.string() }), 'place')
    const { choices } = await client.chat.completions.parse({ model, messages, response_format })
    expect(choices[0]!.message.parsed).toEqual({ city: 'Oslo' })
    const stream = client.chat.completions.stream({ model, messages, response_format })
    expect((await stream.finalChatCompletion()).choices[0]!.message.parsed).toEqual({ city: 'Oslo' })
  }),
)

test.each(vendors)('%s: the Responses API is answered, too', vendor =>
  withClient(vendor, async ({ client }) => {
    const response = await client.responses.create({ model, input: 'How is the weather?', store: false })
    expect(response.output_text).toBe('It is sunny there. How is the weather?')
    const stream = client.responses.stream({ model, input: 'How is the weather?', store: false })
    expect((await stream.finalResponse()).output_text).toBe('It is sunny there. How is the weather?')
  }),
)

const long = { recordings: { match: () => ({ answer: { text: 'It is sunny there. '.repeat(200) } }) } }

test.each(vendors)('%s: an answer that is cut by its limit says so, whole and streamed', vendor =>
  withClient(
    vendor,
    async ({ client }) => {
      const cut = { model, messages, max_completion_tokens: 100 }
      const whole = await client.chat.completions.create(cut)
      expect(whole.choices[0]!.finish_reason).toBe('length')
      const streamed = await client.chat.completions.stream(cut).finalChatCompletion()
      expect(streamed.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: whole.choices[0]!.message.content } })
    },
    long,
  ),
)

const refused = { message: { content: null, refusal: 'I cannot help with that.' }, finish_reason: 'stop' }
const refusals: readonly [Vendor, object][] = [
  ['openai', refused],
  ['responses', refused],
  ['anthropic', { finish_reason: 'content_filter' }],
]

test.each(refusals)('%s: a refusal is told as one', (vendor, expected) =>
  withClient(vendor, async ({ client, world }) => {
    world.sim.fault({ effect: { type: 'refusal', text: 'I cannot help with that.' } })
    const { choices } = await client.chat.completions.create({ model, messages })
    expect(choices[0]).toMatchObject(expected)
    const ends: unknown[] = []
    for await (const chunk of await client.chat.completions.create({ model, messages, stream: true }))
      ends.push(chunk.choices[0]?.finish_reason)
    // Its words are out when it is known to be one.
    expect(ends.filter(end => typeof end === 'string')).toEqual(['content_filter'])
  }),
)

test.each(vendors)('%s: the receipt is the bill, to the nano-dollar', vendor =>
  withClient(vendor, async ({ client, receipts, world }) => {
    await client.chat.completions.create({ model, messages, tools: [look] })
    await client.chat.completions.stream({ model, messages }).done()
    await client.responses.create({ model, input: 'How is the weather?', store: false })
    await world.sim.settled()
    expect(receipts.map(({ estimated }) => estimated)).toEqual([false, false, false])
    expect(receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(world.sim.bill.totalNanoUsd)
  }),
)

test.each(vendors)('%s: a stream that is cut is an error, never a short answer', vendor =>
  withClient(vendor, async ({ client, world }) => {
    for (const effect of [
      { type: 'cut', at: 'midway' },
      { type: 'silent-end' },
      { type: 'stream-error', at: 'midway', kind: 'server' },
    ] as const) {
      const lift = world.sim.fault({ effect })
      await expect(client.chat.completions.stream({ model, messages }).finalContent()).rejects.toThrow(/./)
      lift()
    }
  }),
)

test.each(vendors)('%s: a client that leaves takes the provider along', vendor =>
  withClient(
    vendor,
    async ({ client, world }) => {
      world.sim.fault({ effect: { type: 'hang', at: 'midway' } })
      const stream = await client.chat.completions.create({ model, messages, stream: true })
      for await (const { choices } of stream) if ((choices[0]?.delta.content ?? '') !== '') break
      await world.sim.settled()
      expect(world.sim.openRequests).toBe(0)
      const leaving = new AbortController()
      const answer = await client.chat.completions.create({ model, messages, stream: true }, { signal: leaving.signal })
      for await (const { choices } of answer) if ((choices[0]?.delta.content ?? '') !== '') leaving.abort()
      await world.sim.settled()
      expect(world.sim.openRequests).toBe(0)
    },
    long,
  ),
)
