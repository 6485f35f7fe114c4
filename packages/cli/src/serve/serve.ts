import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRouter, nodeListener, type RoutewiseConfig, type WireRouter } from '@routewise/http'
import { InputError } from '../input/input-error.ts'
import type { Io } from '../text/output.ts'
import { createStyle } from '../text/style.ts'
import { untilAborted } from '../text/until-aborted.ts'
import { farewell, instructions } from './instructions.ts'
import { loadConfig, namingFile } from './load-config.ts'
import { type LoggedRequest, logRequest, requestJson, requestLine } from './request-log.ts'
import { startServer } from './server.ts'
import { createSpending } from './spending.ts'
import { isForeign, isLoopback } from './visitor.ts'

export interface ServeOptions {
  config?: string
  port?: number
  host?: string
  /** Seconds. */
  grace: number
  allowAnyone?: boolean
  quiet?: boolean
  json?: boolean
}

const DEFAULTS = { port: 8787, host: '127.0.0.1', path: '/v1' }
/** What the endpoint offers where the configuration names none. */
const POLICIES = { cheapest: true, fastest: true, best: true, balanced: true }

/**
 * Serves what is configured until the signal aborts.
 * @throws InputError if the configuration is wrong, or anybody could come in without a key, or the address cannot be had.
 */
export async function serve(options: ServeOptions, io: Io): Promise<void> {
  const loaded = await loadConfig({ path: options.config })
  if (loaded !== undefined) {
    const { path, config } = loaded
    return listen(await namingFile(path, () => served(config, path)), options, io)
  }
  const { startSimulated } = await import('./simulated.ts')
  await using simulated = await startSimulated()
  await listen(served(simulated.config), options, io)
}

interface Served {
  router: WireRouter
  settings: Pick<RoutewiseConfig, 'endpoint' | 'server'>
  /** File that configures it; absent: none. */
  configPath: string | undefined
}

const served = ({ endpoint, server, ...routing }: RoutewiseConfig, configPath?: string): Served => ({
  router: createRouter(routing),
  settings: { ...(endpoint && { endpoint }), ...(server && { server }) },
  configPath,
})

async function listen({ router, settings, configPath }: Served, options: ServeOptions, io: Io): Promise<void> {
  const { json = false, quiet = false, allowAnyone = false, grace } = options
  const { endpoint = {}, server = {} } = settings
  const host = options.host ?? server.host ?? DEFAULTS.host
  const needsKey = endpoint.apiKeys !== undefined
  if (!needsKey && !allowAnyone && !isLoopback(host)) throw unguarded(host)

  const path = server.path ?? DEFAULTS.path
  const style = createStyle({ stream: io.stdout, env: io.env })
  const listener = nodeListener(router, { ...endpoint, path })
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (!needsKey && !allowAnyone && isForeign(request.headers)) refuse(response)
    else listener(request, response)
  }
  const spent = createSpending(router)
  let requests = 0
  const log = (one: LoggedRequest) => {
    requests += 1
    if (!quiet) io.stdout.write(`${json ? requestJson(one) : requestLine(one, style)}\n`)
  }
  const running = await startServer({
    host,
    port: options.port ?? server.port ?? DEFAULTS.port,
    answer: (request, response) => logRequest(request, response, () => answer(request, response), log),
  })
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${running.port}${path.replace(/\/$/, '')}`
  const policies = Object.keys(endpoint.policies ?? POLICIES)
  const names = { models: router.targets.map(({ id }) => id), policies, embeddings: router.embeddings.map(({ id }) => id) }
  io.stdout.write(
    json
      ? `${JSON.stringify({ type: 'listening', url, ...names, config: configPath ?? null })}\n`
      : instructions({ url, ...names, needsKey, configPath }, style),
  )
  await untilAborted(io.signal)
  if (running.open() > 0 && !json) {
    io.stdout.write(`\nFinishing ${running.open()} on their way, for ${grace} s at most. Ctrl-C again ends at once.\n`)
  }
  await running.stop(grace * 1_000)
  io.stdout.write(
    json
      ? `${JSON.stringify({ type: 'stopped', requests, ...spent() })}\n`
      : farewell({ requests, spent: spent(), simulated: configPath === undefined }),
  )
}

function unguarded(host: string): InputError {
  return new InputError(
    `Whoever can reach ${host} could spend your money. Set \`endpoint: { apiKeys: ['…'] }\` in the configuration, so that clients must send one of these keys, or pass --allow-anyone.`,
  )
}

function refuse(response: ServerResponse): void {
  const message = 'Websites may not ask this server. Set `endpoint.apiKeys` and send a key, or start it with --allow-anyone.'
  response.writeHead(403, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: { message, type: 'permission_error', param: null, code: 'foreign_origin' } }))
}
