import type { LanguageModelV4 } from '@ai-sdk/provider'
import { createRouted, receiptOf, type RoutedProvider } from '@routewise/ai-sdk'
import { startSimulator } from '@routewise/simulator'
import { streamText } from 'ai'
import { expect, test } from 'vitest'
import { aiSdkWires } from './ai-sdk-wires.ts'
import { long } from './long.ts'
import { type Playing, playTape, promptFor, tapeOf } from './tape.ts'

const AT_ONCE = 16
const ANSWER = 'It is 42 °C — naïve, 👍🏽.'

/** What came of a call: `said` is all that was delivered, `error` is why it is not an answer. */
interface Outcome {
  playing: Playing
  said: string
  error?: unknown
  /** Of the receipt. `undefined` where the figure is an estimate. */
  costNanoUsd?: number | undefined
}

async function ask(routed: RoutedProvider, playing: Playing): Promise<Outcome> {
  const outcome: Outcome = { playing, said: '' }
  try {
    const { stream } = streamText({ model: routed('auto'), prompt: promptFor(playing), maxRetries: 0, onError: () => undefined })
    for await (const part of stream) {
      if (part.type === 'text-delta') outcome.said += part.text
      if (part.type === 'error') outcome.error = part.error
      if (part.type === 'finish-step') {
        const receipt = receiptOf(part)
        outcome.costNanoUsd = receipt?.estimated === false ? receipt.costNanoUsd : undefined
      }
    }
  } catch (error) {
    outcome.error = error
  }
  return outcome
}

async function askAll(routed: RoutedProvider, playings: readonly Playing[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  const waiting = playings.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const playing of waiting) outcomes.push(await ask(routed, playing))
    }),
  )
  return outcomes
}

const readAll = async (model: LanguageModelV4) => {
  await streamText({ model, prompt: 'Hello' }).text
}

for (const wire of aiSdkWires) {
  test.each(['alone', 'with another beside it'])(
    `${wire.name}, %s: text that breaks off at any byte is an error, and the whole of it is none`,
    async company => {
      await using sim = await startSimulator({
        providers: [wire.provider],
        timeScale: 1_000,
        recordings: { match: () => ({ answer: { text: ANSWER } }) },
      })
      const tape = await tapeOf(sim, () => readAll(wire.open(sim.origin(wire.provider))))
      const origin = await playTape(tape)
      const models = company === 'alone' ? [wire.open(origin)] : { one: wire.open(origin), other: wire.open(origin) }
      // Nothing that was learned from one prefix may colour the next.
      const routed = createRouted({ models, hedge: false, retry: false, breaker: false })
      const { length } = tape.bytes

      const complete = await askAll(
        routed,
        [length, 1, 7, 64].map((piece): Playing => ({ bytes: length, end: 'clean', piece })),
      )
      const costs = new Set(complete.map(({ costNanoUsd }) => costNanoUsd))
      expect(complete.map(({ said, error }) => [said, error])).toEqual(complete.map(() => [ANSWER, undefined]))
      expect(costs.size).toBe(1)
      expect(costs.has(undefined)).toBe(false)

      // A clean end is the harder one: nothing but the provider's own last event tells it from a short answer.
      const step = long ? 1 : 128
      const bytes = Array.from({ length }, (_, at) => at).filter(at => at % step === 0 || (at > length - 60 && at % 5 === 0))
      const playings = bytes.flatMap((at): Playing[] => [
        { bytes: at, end: 'clean' },
        { bytes: at, end: 'cut' },
      ])
      const wrong = (await askAll(routed, playings)).filter(({ said, error }) =>
        error === undefined ? said !== ANSWER : !ANSWER.startsWith(said),
      )
      expect(wrong).toEqual([])
    },
    120_000,
  )
}
