import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import { type Receipt, RoutedChatModel, type RoutedChatModelCallOptions, RouterError } from '@routewise/langchain'
import { type RecordedAnswer, startSimulator } from '@routewise/simulator'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { long } from './long.ts'
import { type Playing, playTape, promptFor, tapeOf } from './tape.ts'
import { wires } from './wires.ts'

const AT_ONCE = 16
const ANSWER = 'It is 42 °C — naïve, 👍🏽.'
const tool = {
  name: 'look_up',
  description: 'Looks up the weather.',
  schema: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'number' } }, required: ['city'] },
}
const input = { city: 'Zürich 👍🏽', days: 3 }

type Asking = Pick<RoutedChatModelCallOptions, 'tools' | 'routing'>

interface Kind {
  answer: RecordedAnswer
  tools: BindToolsInput[]
  /** Asks for it and tells what is said. */
  say(model: RoutedChatModel, prompt: string, options: Asking): AsyncIterable<string>
  whole: string
  /** Or, unless asked, some bytes of it. */
  everyByte: boolean
}
const text: Kind = { answer: { text: ANSWER }, tools: [], say: sayChunks, whole: ANSWER, everyByte: true }
const kinds: Readonly<Record<string, Kind>> = {
  text,
  'text, told as events,': { ...text, say: sayEvents, everyByte: false },
  'a tool call': {
    ...text,
    answer: { toolCalls: [{ name: tool.name, input }] },
    tools: [tool],
    whole: tool.name + JSON.stringify(input),
    everyByte: false,
  },
}

/** What came of a call: `said` is all that was delivered, `error` is why it is not an answer. */
interface Outcome {
  playing: Playing
  said: string
  error?: unknown
  receipt?: Receipt
}

// OpenAI's SDK prints every frame that it cannot read.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue())
afterEach(() => vi.restoreAllMocks())

async function* sayChunks(model: RoutedChatModel, prompt: string, options: Asking): AsyncGenerator<string> {
  for await (const { text: said, tool_call_chunks: calls = [] } of await model.stream(prompt, options)) {
    yield said + calls.map(({ name, args }) => (name ?? '') + (args ?? '')).join('')
  }
}

async function* sayEvents(model: RoutedChatModel, prompt: string, options: Asking): AsyncGenerator<string> {
  for await (const event of model.streamEvents(prompt, options)) {
    if (event.event === 'content-block-delta' && event.delta.type === 'text-delta') yield event.delta.text
  }
}

async function ask(model: RoutedChatModel, { say, tools }: Kind, playing: Playing): Promise<Outcome> {
  const outcome: Outcome = { playing, said: '' }
  const prompt = promptFor(playing)
  const options = { routing: { session: prompt }, ...(tools.length > 0 && { tools }) }
  const end = model.router.on('receipt', receipt => {
    if (receipt.session === prompt) outcome.receipt = receipt
  })
  try {
    for await (const said of say(model, prompt, options)) outcome.said += said
  } catch (error) {
    outcome.error = error
  }
  end()
  return outcome
}

async function askAll(model: RoutedChatModel, kind: Kind, playings: readonly Playing[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const waiting = playings.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const playing of waiting) outcomes.push(await ask(model, kind, playing))
    }),
  )
  return outcomes
}

/** All that was said is a start of the answer, and only the whole of it, with the event that ends it, is not an error. */
function isHonest({ said, error, receipt }: Outcome, whole: string, costs: ReadonlySet<number>): boolean {
  // Where the words about usage are missing, which some wires say after the end, the receipt tells.
  if (error === undefined) return said === whole && (receipt!.estimated || costs.has(receipt!.costNanoUsd))
  if (!RouterError.isInstance(error)) return false
  return whole.startsWith(said) && error.code === (said === '' ? 'all_attempts_failed' : 'stream_interrupted')
}

/** Every prefix; of long streams, unless asked, only some of those that are far from the end. */
const prefixes = (length: number, step: number): number[] =>
  Array.from({ length }, (_, bytes) => bytes).filter(bytes => long || bytes % step === 0 || bytes > length - 200)

for (const wire of wires) {
  test.each(Object.entries(kinds))(
    `${wire.name}: %s that breaks off at any byte is an error, and the whole of it is none`,
    async (_, kind) => {
      const { answer, tools, whole, everyByte } = kind
      await using sim = await startSimulator({ providers: [wire.provider], timeScale: 1_000, recordings: { match: () => ({ answer }) } })
      const bare = wire.open(sim.origin(wire.provider))
      const tape = await tapeOf(sim, async () => {
        for await (const _chunk of await (tools.length > 0 ? bare.bindTools!(tools) : bare).stream('Hello'));
      })
      // Every prefix goes to the same model: nothing that was learned from one may colour the next.
      const model = new RoutedChatModel({ models: [wire.open(await playTape(tape))], hedge: false, retry: false, breaker: false })
      const { length } = tape.bytes

      const complete = [length, 1, 7, 64].map((piece): Playing => ({ bytes: length, end: 'clean', piece }))
      const costs = new Set<number>()
      for (const { said, error, receipt } of await askAll(model, kind, complete)) {
        expect(error).toBeUndefined()
        expect(said).toBe(whole)
        expect(receipt).toMatchObject({ estimated: false, attempts: [{ end: { type: 'answered' } }] })
        costs.add(receipt!.costNanoUsd)
      }
      expect(costs.size).toBe(1)

      // A clean end is the harder one: nothing but the provider's own last event tells it from a short answer.
      const ends = long ? (['clean', 'cut'] as const) : (['clean'] as const)
      const step = everyByte && length < 2_000 ? 1 : 24
      const playings = ends.flatMap(end => prefixes(length, step).map((bytes): Playing => ({ bytes, end })))
      const wrong = (await askAll(model, kind, playings)).filter(outcome => !isHonest(outcome, whole, costs))
      expect(wrong).toEqual([])
    },
    120_000,
  )
}
