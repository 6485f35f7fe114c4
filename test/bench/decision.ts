// How long a decision takes, from the messages of a call to the plan, through the LangChain dialect.
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { findModel } from '@routewise/catalog'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
import { atMost, type BenchOptions, consume, type Figure, quantile, quartiles } from './figures.ts'

const TARGETS = [
  'gpt-6-astra',
  'gpt-6-sol',
  'gpt-6-luna',
  'gpt-5.6-sol',
  'gpt-5.6-terra',
  'gpt-5.6-luna',
  'gpt-5.5',
  'gpt-5.4',
  'gpt-5.4-mini',
  'gpt-4.1',
  'claude-opus-5-5',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-haiku-4-5',
  'gemini-3.8-flash',
  'gemini-3.1-pro-preview',
  'gemini-2.5-flash',
  'deepseek-v4-pro',
  'grok-4.6',
  'mistral-medium-3-5',
]
const WORDS =
  'the order of a connected thermostat was delivered late and the customer would like to know whether a refund is due under clause 4.2, see { "order": 48213, "total": 129.90 }'.split(
    ' ',
  )

/** Prose of about this many characters, another one for each seed; joined, so that it is one flat string as a request body's is. */
function prose(chars: number, seed: number): string {
  const words: string[] = []
  for (let at = seed, length = 0; length < chars; at = (at * 1_103_515_245 + 12_345) % 2 ** 31) {
    const word = WORDS[at % WORDS.length]!
    words.push(word)
    length += word.length + 1
  }
  return words.join(' ')
}

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const models = TARGETS.map(id => {
    const card = findModel(id)
    if (card === undefined) throw new Error(`the catalogue has no ${id}`)
    return { model: new FakeListChatModel({ responses: ['ok'] }), id, card }
  })
  const routed = new RoutedChatModel({ models, policy: cheapest({ quality: 0.85, firstTokenMs: 3_000 }) })
  const warmUp = quick ? 200 : 5_000
  const rounds = quick ? 200 : 20_000

  const time = (make: (round: number) => BaseMessage[]): number[] => {
    const times: number[] = []
    for (let round = 0; round < warmUp + rounds; round += 1) {
      const messages = make(round)
      const start = performance.now()
      const decision = routed.decide(messages)
      const us = (performance.now() - start) * 1_000
      consume(decision.plan[0])
      if (round >= warmUp) times.push(us)
    }
    return times
  }

  // A prompt nobody has seen: new messages, new text, every round.
  const fresh = time(round => [new SystemMessage(prose(2_000, round)), new HumanMessage(prose(8_000, round + 1))])
  log(`fresh 10 KB prompt: median ${quantile(fresh, 0.5).toFixed(1)} us, p99 ${quantile(fresh, 0.99).toFixed(1)} us`)

  // A conversation of 100 messages of 1 KB that the router has seen, with one new turn.
  const history = Array.from({ length: 100 }, (_, at) =>
    at % 2 === 0 ? new HumanMessage(prose(1_000, at)) : new AIMessage(prose(1_000, at)),
  )
  const append = time(round => [...history, new HumanMessage(prose(1_000, round + 1_000))])

  return {
    median_us: atMost(quantile(fresh, 0.5), 50, 'µs', quartiles(fresh)),
    p99_us: atMost(quantile(fresh, 0.99), 200, 'µs'),
    append_median_us: atMost(quantile(append, 0.5), 30, 'µs', quartiles(append)),
  }
}
