import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { createFindAnswer } from './answer/recordings.ts'
import { createHandler } from './engine.ts'
import type { World } from './exchange.ts'
import { createFaultScript } from './fault-script.ts'
import { createLedger } from './ledger.ts'
import type { Bill } from './ledger.ts'
import { createModels } from './models.ts'
import type { SimulatorOptions } from './options.ts'
import { readOptions } from './options.ts'
import { createPromptCache } from './prompt-cache/prompt-cache.ts'
import { createProviderTime } from './provider-time.ts'
import { providers } from './providers.ts'
import { createRequestLog } from './request-log.ts'
import type { SeenRequest } from './request-log.ts'
import { seededRandom } from './seed.ts'
import { createServerStore } from './store.ts'
import { loadTokenizer } from './tokenizer.ts'
import type { Fault, FaultEffect } from './fault.ts'

const IDLE_CONNECTION_MS = 120_000
const OVERLOADED: FaultEffect = { type: 'http-error', kind: 'overloaded' }

/** A running simulator. */
export interface Simulator {
  /** Ids of the providers that are running. */
  readonly providers: readonly string[]
  /** What every request truly cost. A row is added when a request ends; await `settled()` before reading. */
  readonly bill: Bill
  /** The latest requests, as the providers saw them. */
  readonly requests: readonly SeenRequest[]
  /** Base URL of a provider, as its own SDK takes it. Throws when the provider is not running. */
  url(provider: string): string
  /** `http://host:port` of a provider, for clients that want another path than its own SDK. */
  origin(provider: string): string
  /** Adds a fault; the returned function takes it away. */
  fault(fault: Fault): () => void
  /** Takes a provider down from now on, for `ms` of provider time if given, with 503s unless told otherwise. The returned function ends it. */
  outage(provider: string, options?: { ms?: number; effect?: FaultEffect }): () => void
  /** Requests that are open now, of all providers. */
  readonly openRequests: number
  /** Sockets to a provider that are open now; clients keep some for their next request. Throws when the provider is not running. */
  connections(provider: string): number
  /** Milliseconds of provider time since the start. */
  nowMs(): number
  /** Resolves when no request is open any more, so that the bill is complete. */
  settled(): Promise<void>
  /** Stops all servers and cuts what is open. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts one HTTP server per provider, on loopback.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = readOptions(options)
  // Loaded before the clock starts: a request must not pay for it in provider time.
  await loadTokenizer()
  const time = createProviderTime(settings.clock, settings.timeScale)
  const ledger = createLedger({ maxRows: settings.ledgerRows })
  const log = createRequestLog({ maxRows: settings.requestRows })
  const faults = createFaultScript(settings.faults, settings.seed)
  const random = seededRandom(settings.seed, 'world')
  const findAnswer = createFindAnswer(settings)
  const world: World = {
    settings,
    time,
    random,
    promptCache: createPromptCache({ random }),
    faults,
    ledger,
    log,
    findAnswer,
    tokenizer: loadTokenizer,
  }

  const open = new Set<Promise<void>>()
  const servers = new Map<string, { server: Server; origin: string; sockets: ReadonlySet<Socket> }>()
  for (const id of settings.providers ?? Object.keys(providers)) {
    const provider = providers[id]
    if (provider === undefined) continue
    const handle = createHandler(world, { provider, models: createModels(id, settings.models), store: createServerStore() })
    const server = createServer((message, response) => {
      const handled = handle(message, response).finally(() => open.delete(handled))
      open.add(handled)
    })
    // Node closes idle connections after 5 s, which clients that keep them would take for a fault.
    server.keepAliveTimeout = IDLE_CONNECTION_MS
    servers.set(id, { server, sockets: socketsOf(server), origin: await listen(server, settings.host, settings.ports[id] ?? 0) })
  }

  const running = (id: string) => {
    const found = servers.get(id)
    if (found === undefined) throw new TypeError(`Provider "${id}" is not running; these are: ${[...servers.keys()].join(', ')}`)
    return found
  }
  const close = async () => {
    await Promise.all([...servers.values()].map(({ server }) => shut(server)))
    await Promise.all(open)
  }
  return {
    providers: [...servers.keys()],
    bill: ledger.bill,
    requests: log.requests,
    url: id => `${running(id).origin}${providers[id]?.basePath ?? ''}`,
    origin: id => running(id).origin,
    fault: faults.add,
    outage(id, { ms = Infinity, effect = OVERLOADED } = {}) {
      running(id)
      const fromMs = time.now()
      return faults.add({ when: { provider: id, fromMs, toMs: fromMs + ms }, effect })
    },
    get openRequests() {
      return open.size
    },
    connections: id => running(id).sockets.size,
    nowMs: time.now,
    async settled() {
      while (open.size > 0) await Promise.all(open)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(`http://${host}:${typeof address === 'object' ? address?.port : port}`)
    })
  })
}

function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function shut(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
