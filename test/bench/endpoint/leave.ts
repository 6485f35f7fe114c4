// Clients of the endpoint: of six, five leave at a random moment and one stays to the end.
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { createRandom } from '../../simulation/random.ts'

export interface Leaving {
  port: number
  clients: number
  atOnce: number
  /** Model asked by those who leave, and by those who stay. */
  left: string
  heard: string
}

export interface Left {
  /** When each client left, by its prompt: milliseconds since 1970 that do not jump. */
  leftMs: ReadonlyMap<string, number>
  unanswered: number
}

const SEED = 21
/** Answers of the model that is left take far longer. */
const LEAVES_WITHIN_MS = 60

async function leave({ port, clients, atOnce, left, heard }: Leaving): Promise<Left> {
  const random = createRandom(SEED)
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: atOnce })
  const leftMs = new Map<string, number>()
  let unanswered = 0
  const ask = async (prompt: string, model: string, stream: boolean, signal?: AbortSignal) => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', 'x-routewise-session': prompt },
      body: JSON.stringify({ model, reasoning_effort: 'none', messages: [{ role: 'user', content: prompt }], stream }),
      ...(signal === undefined ? {} : { signal }),
    })
    const text = await body.text()
    return statusCode === 200 && (stream ? text.endsWith('data: [DONE]\n\n') : text.endsWith('}'))
  }
  const play = async (number: number) => {
    const prompt = `Where is order ${number}?`
    if (number % 6 === 0) {
      if (!(await ask(prompt, heard, number % 12 === 0).catch(() => false))) unanswered += 1
      return
    }
    const leaving = new AbortController()
    const asked = ask(prompt, left, number % 2 === 0, leaving.signal).catch((error: unknown) => {
      if (!leaving.signal.aborted) throw error
    })
    await wait(random.next() * LEAVES_WITHIN_MS)
    leftMs.set(prompt, performance.timeOrigin + performance.now())
    leaving.abort()
    await asked
  }
  const numbers = Array.from({ length: clients }, (_, number) => number).values()
  const client = async () => {
    for (const number of numbers) await play(number)
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  await pool.destroy()
  return { leftMs, unanswered }
}

process.on('disconnect', () => process.exit())
process.on('message', (leaving: Leaving) => void leave(leaving).then(left => process.send!(left)))
process.send!(0)
