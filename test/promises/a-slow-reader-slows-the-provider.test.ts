import { RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import { expect, test, vi } from 'vitest'
import { startEndless } from './endless.ts'
import { tapeOf } from './tape.ts'
import { wires } from './wires.ts'

const READERS = 8
const MB = 2 ** 20
const WORD = 'over'

// Google's SDK reads every stream to its end by itself, to gather the whole answer beside it.
const heldUp = wires.filter(({ name }) => name !== 'gemini')

test.each(heldUp)('$name: readers who pause hold up their providers, and nothing piles up between them', async wire => {
  await using sim = await startSimulator({
    providers: [wire.provider],
    timeScale: 1_000,
    recordings: { match: () => ({ answer: { text: WORD } }) },
  })
  const bare = wire.open(sim.origin(wire.provider))
  const tape = await tapeOf(sim, async () => {
    for await (const _chunk of await bare.stream('Hello'));
  })
  const provider = await startEndless(tape, WORD, 100 * MB)
  const model = new RoutedChatModel({ models: [wire.open(provider.origin)], hedge: false })
  const open = async () => {
    const stream = (await model.stream('Hello'))[Symbol.asyncIterator]()
    for (;;) {
      const step = await stream.next()
      if (step.done === true) throw new Error('The provider should talk for ever.')
      if (step.value.text !== '') return stream
    }
  }
  const first = await open()
  const before = process.memoryUsage.rss()
  const streams = await Promise.all(Array.from({ length: READERS }, open))

  // They pause: sooner or later the provider can say no more.
  let sent = -1
  await vi.waitUntil(() => sent === (sent = provider.sentBytes()), { interval: 250, timeout: 15_000 })
  // What both ends of a loopback socket hold is the machine's, and not counted in our memory.
  expect(sent / (READERS + 1)).toBeLessThan(12 * MB)
  expect((process.memoryUsage.rss() - before) / READERS).toBeLessThan(5 * MB)

  // They go on reading, and are told what was said since.
  expect((await streams[0]!.next()).done).toBe(false)
  for (const stream of [first, ...streams]) await stream.return()
})
