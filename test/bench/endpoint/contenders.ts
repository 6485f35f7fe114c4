import { question } from './exchange.ts'
import type { Job, Request, Verified } from './load.ts'
import type { Told } from './serve.ts'
import { startWorker, type Worker } from './worker.ts'

/** The bare upstream, what passes bytes on to it, Portkey's gateway, and the endpoint. */
export type Name = 'direct' | 'passThrough' | 'portkey' | 'routed'

export interface Contender {
  name: Name
  server: Worker
  headers: Readonly<Record<string, string>>
}

/** Everything that is measured, each in a process of its own, before one upstream and one that asks. */
export interface Field extends AsyncDisposable {
  upstream: Worker
  contenders: readonly Contender[]
  /** Has the one that asks do something. */
  load<Result>(job: Job): Promise<Result>
}

const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer bench' }
const modules = { passThrough: 'pass-through.ts', portkey: 'portkey.ts', routed: 'routed.ts' }

/** Milliseconds between two events of a stream that ticks. */
export const TICK_MS = 50

export async function startField(names: readonly Name[], tickMs = TICK_MS): Promise<Field> {
  const upstream = await startWorker('upstream.ts', 'around-it', { tickMs })
  const loader = await startWorker('load.ts', 'around-it')
  const contenders = await Promise.all(
    names.map(async (name): Promise<Contender> => {
      if (name === 'direct') return { name, server: upstream, headers: HEADERS }
      const server = await startWorker(modules[name], 'under-test', { upstream: upstream.port })
      const headers = name === 'portkey' ? { ...HEADERS, ...portkeyHeaders(upstream.port) } : HEADERS
      return { name, server, headers }
    }),
  )
  return {
    upstream,
    contenders,
    load: job => loader.ask(job),
    async [Symbol.asyncDispose]() {
      for (const worker of [loader, upstream, ...contenders.map(({ server }) => server)]) worker.stop()
    },
  }
}

const portkeyHeaders = (port: number) => ({
  'x-portkey-provider': 'openai',
  'x-portkey-custom-host': `http://127.0.0.1:${port}/v1`,
})

/** What is asked of every contender: how the question reads and whether the answer comes in pieces. */
export type Asked = NonNullable<Parameters<typeof question>[0]>

export function requestOf({ server, headers }: Contender, asked: Asked): Request {
  return { port: server.port, headers, body: question(asked), stream: asked.stream === true }
}

/** Length of a contender's answer, once it is known to say what the upstream said. */
export async function verify(field: Field, contender: Contender, asked: Asked): Promise<number> {
  const { status, bytes, isTrue, text } = await field.load<Verified>({ type: 'verify', request: requestOf(contender, asked) })
  if (!isTrue) throw new Error(`${contender.name} answered ${status}, and not what the upstream said: ${text.slice(0, 500)}`)
  return bytes
}

export const tell = ({ server }: Contender): Promise<Told> => server.ask('tell')
