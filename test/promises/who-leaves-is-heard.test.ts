import { startSimulator } from '@routewise/simulator'
import { expect, test, vi } from 'vitest'
import { createRandom } from '../simulation/random.ts'
import { long } from './long.ts'
import { type Asker, askerWires } from './askers.ts'

const ABORTS = long ? 1_000 : 120
const AT_ONCE = 8

const STORY =
  'The old thermostat in the hallway had been installed by my grandfather, who never trusted anything that could not be repaired with a screwdriver. It clicked twice whenever the heating came on, and once when it went off again.'

/** The ways in which a caller can leave: by the signal of a whole answer or of a stream, and by leaving the loop. */
const leavers: readonly ((asker: Asker, prompt: string, signal: AbortSignal) => Promise<unknown>)[] = [
  (asker, prompt, signal) => asker.whole(prompt, signal),
  async (asker, prompt, signal) => {
    for await (const _text of asker.say(prompt, signal));
  },
  async (asker, prompt, signal) => {
    for await (const _text of asker.say(prompt, signal)) break
    // Who has left the loop of a `streamText` is heard when the signal says so.
    signal.throwIfAborted()
    await new Promise(heard => signal.addEventListener('abort', heard))
  },
]

for (const wire of askerWires) {
  test(`${wire.name}: whoever leaves, at whatever moment, is heard by the provider`, async () => {
    const random = createRandom(10)
    await using sim = await startSimulator({
      providers: [wire.provider],
      timeScale: 20,
      recordings: { match: () => ({ answer: { text: STORY } }) },
      faults: (['headers', 'first-token', 'midway'] as const).map((at, turn) => ({
        when: { nth: { from: turn + 1, every: 3 } },
        effect: { type: 'hang', at },
      })),
    })
    const asker = wire.open(sim.origin(wire.provider), { hedge: false })
    const errors = new Set<string>()
    const callAndLeave = async (call: number) => {
      const controller = new AbortController()
      const prompt = `Call ${call}.`
      const left = leavers[call % leavers.length]!(asker, prompt, controller.signal).catch((error: Error) => errors.add(error.name))
      // One in four leaves perhaps before the request does, the others at any time up to long after the answer fell silent.
      const seen = () => sim.requests.some(({ parsed }) => parsed?.prompt === prompt)
      if (!random.chance(0.25)) await vi.waitUntil(seen, { interval: 1, timeout: 15_000 })
      await new Promise(resolve => setTimeout(resolve, random.next() * 50))
      controller.abort()
      await left
    }
    const calls = Array.from({ length: ABORTS }, (_, call) => call).values()
    const worker = async () => {
      for (const call of calls) await callAndLeave(call)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    await sim.settled()
    expect([...errors]).toEqual(['AbortError'])
    expect(sim.bill.requests).toBe(sim.requests.length)
    expect(sim.bill.requests).toBeGreaterThan(ABORTS * 0.6)
    expect(sim.bill.rows.filter(({ end }) => end !== 'cancelled')).toEqual([])
  })
}

test.each(askerWires)('$name: a reader who leaves the loop is heard, also when nothing more comes', async wire => {
  await using sim = await startSimulator({
    providers: [wire.provider],
    timeScale: 1_000,
    recordings: { match: () => ({ answer: { text: STORY } }) },
  })
  const asker = wire.open(sim.origin(wire.provider), { hedge: false })
  const pieces: string[] = []
  for await (const text of asker.listen('Tell me.')) pieces.push(text)
  const half = pieces.slice(0, Math.floor(pieces.length / 2)).join('')
  sim.fault({ effect: { type: 'hang', at: 'midway' } })
  let said = ''
  for await (const text of asker.listen('Tell me.')) {
    said += text
    if (said === half) break
  }
  await sim.settled()
  expect(sim.bill.rows.at(-1)).toMatchObject({ end: 'cancelled' })
})
