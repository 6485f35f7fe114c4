import { createAnthropic } from '@ai-sdk/anthropic'
import { createRouter, nodeListener, openaiTarget, type WireTarget } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { listen } from '../openai/servers.ts'
import { long } from './long.ts'
import { type Playing, playTape, promptFor, tapeOf } from './tape.ts'

const AT_ONCE = 16
const ANSWER = 'It is 42 °C — naïve, 👍🏽.'
const INPUT = { city: 'Zürich', note: 'naïve "quote" 👍🏽' }
const apiKey = 'test'

/** What a client of OpenAI's took an answer for: all that it was told, how it ended behind it, and the error that it ended in. */
interface Outcome {
  playing: Playing
  said: string
  error?: unknown
}

type Reader = (client: OpenAI, prompt: string, say: (piece: string) => void) => Promise<void>

const parameters = { type: 'object', properties: { city: { type: 'string' }, note: { type: 'string' } }, required: ['city', 'note'] }
const tools = [{ type: 'function' as const, function: { name: 'weather', parameters } }]
const ask = (prompt: string) => ({ model: 'auto', messages: [{ role: 'user' as const, content: prompt }] })

const readers = {
  'chat.completions.create': async (client, prompt, say) => {
    for await (const { choices } of await client.chat.completions.create({ ...ask(prompt), stream: true })) {
      say(`${choices[0]?.delta.content ?? ''}${choices[0]?.finish_reason ?? ''}`)
    }
  },
  'chat.completions.stream': async (client, prompt, say) => {
    const { choices } = await client.chat.completions.stream(ask(prompt)).finalChatCompletion()
    say(`${choices[0]?.message.content ?? ''}${choices[0]?.finish_reason ?? ''}`)
  },
  'chat.completions.create with tools': async (client, prompt, say) => {
    for await (const { choices } of await client.chat.completions.create({ ...ask(prompt), tools, stream: true })) {
      say(`${choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? ''}${choices[0]?.finish_reason ?? ''}`)
    }
  },
  'chat.completions.stream with tools': async (client, prompt, say) => {
    const { choices } = await client.chat.completions.stream({ ...ask(prompt), tools }).finalChatCompletion()
    const [call] = choices[0]?.message.tool_calls ?? []
    say(`${call?.type === 'function' ? call.function.arguments : ''}${choices[0]?.finish_reason ?? ''}`)
  },
  'responses.create': async (client, prompt, say) => {
    for await (const event of await client.responses.create({ model: 'auto', input: prompt, stream: true })) {
      if (event.type === 'response.output_text.delta') say(event.delta)
      if (event.type === 'response.completed') say(event.response.status ?? '')
    }
  },
  'responses.stream': async (client, prompt, say) => {
    const { output_text: said, status } = await client.responses.stream({ model: 'auto', input: prompt }).finalResponse()
    say(`${said}${status ?? ''}`)
  },
} satisfies Record<string, Reader>

interface Wire {
  name: string
  provider: string
  open(origin: string): WireTarget
  readers: readonly (keyof typeof readers)[]
  answer: string
}

const openai = (origin: string) => openaiTarget({ baseURL: `${origin}/v1`, apiKey, model: 'gpt-6-luna', flavour: 'openai' })
const anthropic = (origin: string) => aiSdkTarget(createAnthropic({ apiKey, baseURL: `${origin}/v1` })('claude-haiku-4-5'))
const [text, calls, responses] = [
  ['chat.completions.create', 'chat.completions.stream'],
  ['chat.completions.create with tools', 'chat.completions.stream with tools'],
  ['responses.create', 'responses.stream'],
] as const

const wires: readonly Wire[] = [
  { name: 'chat', provider: 'openai', open: openai, readers: text, answer: ANSWER },
  { name: 'chat with a call', provider: 'openai', open: openai, readers: calls, answer: JSON.stringify(INPUT) },
  { name: 'responses', provider: 'openai', open: openai, readers: responses, answer: ANSWER },
  { name: 'Anthropic through the AI SDK', provider: 'anthropic', open: anthropic, readers: [...text, ...responses], answer: ANSWER },
]

async function read(client: OpenAI, reader: Reader, playing: Playing): Promise<Outcome> {
  const outcome: Outcome = { playing, said: '' }
  try {
    await reader(client, promptFor(playing), piece => (outcome.said += piece))
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

async function readAll(client: OpenAI, reader: Reader, playings: readonly Playing[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const waiting = playings.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const playing of waiting) outcomes.push(await read(client, reader, playing))
    }),
  )
  return outcomes
}

/** A client of an endpoint on a server of its own, in front of one target. Nothing that was learned from one prefix may colour the next. */
async function clientOf(target: WireTarget): Promise<OpenAI> {
  const router = createRouter({ targets: [target], retry: false, hedge: false, breaker: false })
  return new OpenAI({ ...(await listen(nodeListener(router))), apiKey, maxRetries: 0 })
}

test.each(wires.flatMap(wire => wire.readers.map(reader => ({ ...wire, reader }))))(
  '$name: to $reader, a stream that breaks off at any byte is an error, and the whole of it is none',
  async ({ provider, open, reader, answer }) => {
    await using sim = await startSimulator({
      providers: [provider],
      timeScale: 1_000,
      recordings: {
        match: request => ({ answer: request.tools.length > 0 ? { toolCalls: [{ name: 'weather', input: INPUT }] } : { text: ANSWER } }),
      },
    })
    const recorded = await clientOf(open(sim.origin(provider)))
    const tape = await tapeOf(sim, () => read(recorded, readers[reader], { bytes: 0, end: 'clean' }))
    const client = await clientOf(open(await playTape(tape)))
    const { length } = tape.bytes
    const whole = `${answer}${reader.startsWith('responses') ? 'completed' : reader.endsWith('tools') ? 'tool_calls' : 'stop'}`
    expect(length).toBeGreaterThan(1_000)

    const pieces = [length, 1, 7, 64].map((piece): Playing => ({ bytes: length, end: 'clean', piece }))
    const complete = await readAll(client, readers[reader], pieces)
    expect(complete.map(({ said, error }) => [said, error])).toEqual(complete.map(() => [whole, undefined]))

    // A clean end is the harder one: nothing but the provider's own last event tells it from a short answer.
    const step = long ? 1 : 64
    const bytes = Array.from({ length }, (_, at) => at).filter(at => at % step === 0 || (at > length - 60 && at % 5 === 0))
    const playings = bytes.flatMap((at): Playing[] => [
      { bytes: at, end: 'clean' },
      { bytes: at, end: 'cut' },
    ])
    const outcomes = await readAll(client, readers[reader], playings)
    const wrong = outcomes.filter(({ said, error }) => (error === undefined ? said !== whole : !whole.startsWith(said)))
    expect(wrong).toEqual([])
    expect(outcomes.filter(({ error }) => error !== undefined).length).toBeGreaterThan(outcomes.length / 4)
  },
  300_000,
)
