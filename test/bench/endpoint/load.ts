// Sends requests and times them, as cheaply as can be: it shares its core with the upstream.
import { Pool } from 'undici'
import { isTrue, streamText } from './exchange.ts'

/** A request as a contender wants it. */
export interface Request {
  port: number
  headers: Readonly<Record<string, string>>
  body: string
  stream: boolean
}

export type Job =
  /** The answer itself. */
  | { type: 'verify'; request: Request }
  /** As many as can be had in a time, so many at once. */
  | { type: 'throughput'; request: Request; ms: number; inFlight: number; bytes: number }
  /** One after the other. Of streams, until their first word. */
  | { type: 'latency'; request: Request; count: number; bytes: number }
  /** So many streams at once, each heard to its end. */
  | { type: 'crowd'; request: Request; streams: number }
  /** Any body. */
  | { type: 'send'; port: number; body: Uint8Array }

export interface Verified {
  status: number
  bytes: number
  isTrue: boolean
  text: string
}
export interface Throughput {
  perSecond: number
  answers: number
  wrong: number
}
export interface Latency {
  ms: readonly number[]
  wrong: number
}
export interface Sent {
  status: number
}
export interface Crowd {
  /** Streams that lacked something, or had too much. */
  wrong: number
  /** Words that did not arrive. */
  lostWords: number
}

const FIRST_WORD = Buffer.from('word0 ')
const pools = new Map<number, Pool>()
function poolOf(port: number, connections: number): Pool {
  const known = pools.get(port)
  if (known !== undefined) return known
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, headersTimeout: 60_000, bodyTimeout: 60_000 })
  pools.set(port, pool)
  return pool
}

interface Heard {
  status: number
  bytes: number
  /** Until the first word, of streams; else until the end. */
  ms: number
}

function send(pool: Pool, { headers, body, stream }: Request, onData?: (part: Buffer) => void): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now()
    let status = 0
    let bytes = 0
    let firstMs: number | undefined
    pool.dispatch(
      { method: 'POST', path: '/v1/chat/completions', headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code
        },
        onResponseData(_controller, part) {
          bytes += part.length
          if (stream && firstMs === undefined && part.includes(FIRST_WORD)) firstMs = performance.now() - startedMs
          onData?.(part)
        },
        onResponseEnd: () => resolve({ status, bytes, ms: firstMs ?? performance.now() - startedMs }),
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
}

/** An endpoint may say of each answer how long it took; that is shorter than any event. */
const SLACK_BYTES = 100
const isAsVerified = ({ status, bytes }: Heard, verified: number): boolean => status === 200 && Math.abs(bytes - verified) < SLACK_BYTES

const work = {
  async verify({ request }: Job & { type: 'verify' }): Promise<Verified> {
    const parts: Buffer[] = []
    const { status, bytes } = await send(poolOf(request.port, 32), request, part => parts.push(part))
    const text = Buffer.concat(parts).toString()
    return { status, bytes, isTrue: status === 200 && isTrue(text, request.stream), text }
  },

  async throughput({ request, ms, inFlight, bytes }: Job & { type: 'throughput' }): Promise<Throughput> {
    const pool = poolOf(request.port, inFlight)
    const startedMs = performance.now()
    let answers = 0
    let wrong = 0
    const client = async () => {
      while (performance.now() - startedMs < ms) {
        const heard = await send(pool, request)
        if (isAsVerified(heard, bytes)) answers += 1
        else wrong += 1
      }
    }
    await Promise.all(Array.from({ length: inFlight }, client))
    return { perSecond: (answers * 1_000) / (performance.now() - startedMs), answers, wrong }
  },

  async latency({ request, count, bytes }: Job & { type: 'latency' }): Promise<Latency> {
    const pool = poolOf(request.port, 32)
    const ms: number[] = []
    let wrong = 0
    for (let at = 0; at < count; at += 1) {
      const heard = await send(pool, request)
      ms.push(heard.ms)
      if (!isAsVerified(heard, bytes)) wrong += 1
    }
    return { ms, wrong }
  },

  async send({ port, body }: Job & { type: 'send' }): Promise<Sent> {
    const headers = { 'content-type': 'application/json' }
    const answer = await poolOf(port, 32).request({ method: 'POST', path: '/v1/chat/completions', headers, body })
    await answer.body.dump()
    return { status: answer.statusCode }
  },

  async crowd({ request, streams }: Job & { type: 'crowd' }): Promise<Crowd> {
    const pool = new Pool(`http://127.0.0.1:${request.port}`, { connections: streams, headersTimeout: 60_000, bodyTimeout: 60_000 })
    const words = streamText.split(' ')
    const heard = await Promise.all(
      Array.from({ length: streams }, async () => {
        const parts: Buffer[] = []
        await send(pool, request, part => parts.push(part)).catch(() => undefined)
        const text = Buffer.concat(parts).toString()
        return { isWhole: isTrue(text, true), lost: words.filter(word => !text.includes(`"${word} "`) && word !== '').length }
      }),
    )
    await pool.destroy()
    return {
      wrong: heard.filter(({ isWhole }) => !isWhole).length,
      lostWords: heard.reduce((sum, { lost }) => sum + lost, 0),
    }
  },
}

process.on('disconnect', () => process.exit())
process.on('message', (job: Job) => {
  const answer = work[job.type](job as never)
  answer.then(
    result => process.send!(result),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.send!(0)
