import { connect, type Socket } from 'node:net'
import type { Receipt } from '@routewise/core'
import { startSimulator } from '@routewise/simulator'
import { expect, test, vi } from 'vitest'
import { adapters } from '../contracts/http-adapter-mounts.ts'
import { chat, sendJson, startEndpoint } from '../contracts/http-adapter-world.ts'
import { createRandom } from '../simulation/random.ts'
import { long } from './long.ts'

const ABORTS = long ? 1_000 : 120
const AT_ONCE = 8

const STORY =
  'The old thermostat in the hallway had been installed by my grandfather, who never trusted anything that could not be repaired with a screwdriver. It clicked twice whenever the heating came on, and once when it went off again.'

/** A client that can leave at any moment; gives what it was told until then. */
function call(origin: string, body: object, session: string): { socket: Socket; told(): string } {
  const { hostname, port } = new URL(origin)
  const socket = connect(Number(port), hostname)
  const json = JSON.stringify(body)
  let text = ''
  socket.on('error', () => {}).on('data', (piece: Buffer) => (text += piece.toString('latin1')))
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\nx-routewise-session: ${session}\r\ncontent-length: ${json.length}\r\n\r\n${json}`,
  )
  return { socket, told: () => text }
}

/** Pieces of the answer's text among what a client was told. */
const piecesIn = (told: string): number => told.split('"delta":{"content":"').length - 1

test.each(['express 5', 'koa', 'fetch'])(
  '%s: whoever leaves, at whatever moment, stops the provider, and what was said until then is on the receipt',
  { timeout: 120_000 },
  async name => {
    const random = createRandom(10)
    await using sim = await startSimulator({
      providers: ['openai'],
      timeScale: 20,
      requestRows: 2 * ABORTS,
      recordings: { match: () => ({ answer: { text: STORY } }) },
    })
    const mend = (['headers', 'first-token', 'midway'] as const).map((at, turn) =>
      sim.fault({ when: { nth: { from: turn + 1, every: 3 } }, effect: { type: 'hang', at } }),
    )
    const { origin, receipts } = await startEndpoint(adapters[name]!.mount, sim.url('openai'))
    const told = new Map<string, string>()
    const callAndLeave = async (turn: number) => {
      const prompt = `Call ${turn}.`
      const client = call(origin, chat(prompt, turn % 4 !== 0), String(turn))
      // One in four leaves perhaps before the provider is asked, the others at any time up to long after the answer fell silent.
      const isAsked = () => sim.requests.some(({ parsed }) => parsed?.prompt === prompt)
      if (!random.chance(0.25)) await vi.waitUntil(isAsked, { interval: 1, timeout: 15_000 })
      await new Promise(resolve => setTimeout(resolve, random.next() * 50))
      client.socket.destroy()
      told.set(String(turn), client.told())
    }
    const turns = Array.from({ length: ABORTS }, (_, turn) => turn).values()
    const worker = async () => {
      for (const turn of turns) await callAndLeave(turn)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    // A provider that had not heard of it would be silent for ever.
    await sim.settled()
    const { bill } = sim
    expect(bill.rows.filter(({ end }) => end !== 'cancelled')).toEqual([])
    expect(bill.requests).toBeGreaterThan(ABORTS * 0.6)
    await vi.waitUntil(() => receipts.flatMap(({ attempts }) => attempts).length === bill.requests)
    for (const { session, attempts } of receipts) {
      expect(attempts.map(({ end }) => end.type)).toEqual(attempts.map(() => 'aborted'))
      const outputTokens = attempts.reduce((sum, { usage }) => sum + usage.outputTokens, 0)
      expect(outputTokens).toBeGreaterThanOrEqual(piecesIn(told.get(session!)!))
    }

    // Who stays pays to the nano-dollar what the provider charges.
    for (const each of mend) each()
    const before = bill.totalNanoUsd
    const left = receipts.length
    for (const stream of [true, false]) await (await sendJson(origin, chat('Tell me.', stream))).rest()
    await sim.settled()
    const stayed: Receipt[] = receipts.slice(left)
    expect(stayed.map(({ estimated }) => estimated)).toEqual([false, false])
    expect(stayed.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(bill.totalNanoUsd - before)
  },
)
