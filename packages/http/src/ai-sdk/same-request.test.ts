import { createRouted } from '@routewise/ai-sdk'
import { jsonOf, objectsOf, type Json } from '@routewise/core'
import { generateText, isStepCount, jsonSchema, Output, streamText, tool, type ModelMessage } from 'ai'
import { expect, test } from 'vitest'
import { ask, eventsIn, routerOf, simulated, type Simulated } from '../testing/ai-sdk.ts'

// A model is asked for the same by both ways, or its prompt cache would know each conversation twice.

const vendors = { openai: 'openai', responses: 'openai', anthropic: 'anthropic', google: 'google', moonshot: 'moonshotai' } as const
type Vendor = keyof typeof vendors
const names = Object.keys(vendors) as Vendor[]

const parameters: Json = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
}

/** What the provider has seen of a conversation. A provider of its own for each, so that its ids are the same. */
async function requestsOf(vendor: Vendor, talk: (world: Simulated) => Promise<void>): Promise<readonly unknown[]> {
  const world = await simulated({
    providers: [vendors[vendor]],
    recordings: {
      match: ({ tools, turn, responseSchema }) => {
        if (responseSchema !== undefined) return { answer: { text: '{"city":"Oslo"}' } }
        if (tools.length === 0 || turn === 'tool') return { answer: { text: 'It is sunny.', reasoning: 'So it is sunny.' } }
        const calls = ['Oslo', 'Rome'].map(city => ({ name: 'look', input: { city } }))
        return { answer: { toolCalls: calls, reasoning: 'Where do they live?' } }
      },
    },
  })
  try {
    await talk(world)
    return world.sim.requests.map(({ http }) => http.body)
  } finally {
    await world.sim.close()
  }
}

const question = { role: 'user', content: 'What is the weather in Oslo and in Rome?' } as const
const instructions = 'You are a weather service.'
const thanks = { role: 'user', content: 'Thanks. And tomorrow?' } as const
const resultFor = ({ city }: { city: string }) => `sunny in ${city}`

/** Two turns, the first with two tool calls, as a user of the AI SDK has them. */
async function byAiSdk(world: Simulated, vendor: Vendor, stream: boolean): Promise<void> {
  const routed = createRouted({ models: [world[vendor]()] })
  const look = tool({ description: 'Looks up the weather', inputSchema: jsonSchema<{ city: string }>(parameters), execute: resultFor })
  const settings = {
    model: routed('auto'),
    instructions,
    tools: { look },
    stopWhen: isStepCount(2),
    reasoning: 'low',
    maxOutputTokens: 4_000,
  } as const
  const say = async (messages: ModelMessage[]) => {
    if (!stream) return (await generateText({ ...settings, messages })).responseMessages
    return await streamText({ ...settings, messages }).responseMessages
  }
  const said = await say([question])
  await say([question, ...said, thanks])
}

/** The same, as a client of OpenAI's API has them. */
async function byWire(world: Simulated, vendor: Vendor, stream: boolean): Promise<void> {
  const router = routerOf(world[vendor]())
  const tools = [{ type: 'function', function: { name: 'look', description: 'Looks up the weather', parameters } }]
  const messages: Json[] = [{ role: 'system', content: instructions }, question]
  const say = async () => {
    const body = { model: 'auto', messages: [...messages], tools, reasoning_effort: 'low', max_completion_tokens: 4_000, stream }
    const { text } = await ask(router, body)
    const message = stream ? joined(eventsIn(text)) : jsonOf(objectsOf(jsonOf(JSON.parse(text))['choices'])[0]?.['message'])
    messages.push(message)
    return objectsOf(message['tool_calls'])
  }
  for (const turn of [undefined, thanks]) {
    if (turn !== undefined) messages.push(turn)
    for (let calls = await say(), steps = 1; calls.length > 0 && steps < 2; calls = await say(), steps += 1) {
      for (const { id, function: called } of calls) {
        const input = JSON.parse(String(jsonOf(called)['arguments'])) as { city: string }
        messages.push({ role: 'tool', tool_call_id: id, content: resultFor(input) })
      }
    }
  }
}

/** The message that a stream tells, as a client joins it: texts are joined, and lists that come whole are kept. */
function joined(events: readonly Json[]): Json {
  const message: Record<string, unknown> = { role: 'assistant' }
  const words = { content: '', reasoning_content: '' }
  const calls: { id: unknown; type: unknown; function: { name: unknown; arguments: string } }[] = []
  for (const event of events) {
    const {
      content,
      reasoning_content: thought,
      reasoning_details: details,
      provider_metadata: metadata,
      tool_calls: parts,
    } = jsonOf(objectsOf(event['choices'])[0]?.['delta'])
    if (typeof content === 'string') words.content += content
    if (typeof thought === 'string') words.reasoning_content += thought
    if (details !== undefined) message['reasoning_details'] = details
    if (metadata !== undefined) message['provider_metadata'] = metadata
    for (const { index, id, type, function: called, provider_metadata: kept } of objectsOf(parts)) {
      const { name, arguments: json } = jsonOf(called)
      const call = (calls[Number(index)] ??= { id, type, function: { name, arguments: '' } })
      if (typeof json === 'string') call.function.arguments += json
      if (kept !== undefined) Object.assign(call, { provider_metadata: kept })
    }
  }
  return { ...message, ...words, ...(calls.length > 0 && { tool_calls: calls }) }
}

test.each(names)('%s: a conversation with tools and thoughts is the same request by both ways, turn by turn', async vendor => {
  const asked = await requestsOf(vendor, world => byAiSdk(world, vendor, false))
  expect(asked).toHaveLength(4)
  expect(await requestsOf(vendor, world => byWire(world, vendor, false))).toEqual(asked)
})

test.each(names)('%s: the same, streamed', async vendor => {
  const asked = await requestsOf(vendor, world => byAiSdk(world, vendor, true))
  expect(asked).toHaveLength(4)
  expect(await requestsOf(vendor, world => byWire(world, vendor, true))).toEqual(asked)
})

test.each(names)('%s: a schema, a picture and what is sampled by are the same by both ways', async vendor => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  const asked = await requestsOf(vendor, async world => {
    await generateText({
      model: createRouted({ models: [world[vendor]()] })('auto'),
      output: Output.object({ schema: jsonSchema<{ city: string }>(parameters), name: 'place' }),
      temperature: 0.5,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Where is this?' },
            { type: 'file', mediaType: 'image/png', data: png },
          ],
        },
      ],
    })
  })
  const content = [
    { type: 'text', text: 'Where is this?' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
  ]
  const response_format = { type: 'json_schema', json_schema: { name: 'place', strict: true, schema: parameters } }
  const body = { model: 'auto', temperature: 0.5, messages: [{ role: 'user', content }], response_format }
  expect(asked).toHaveLength(1)
  expect(await requestsOf(vendor, async world => void (await ask(routerOf(world[vendor]()), body)))).toEqual(asked)
})
