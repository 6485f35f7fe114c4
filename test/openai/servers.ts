import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openaiEndpoint } from '@routewise/express'
import { createRouter, nodeListener, routedFetch, type WireRouter, type WireRouterOptions } from '@routewise/http'
import { type Simulator, type SimulatorOptions, startSimulator } from '@routewise/simulator'
import express from 'express'
import { onTestFinished } from 'vitest'

/** Where a client is pointed at, and how it sends; the keys are the names of the OpenAI client's own options. */
export interface Place {
  baseURL: string
  fetch?: typeof fetch
}

/** The ways of serving the endpoint that clients are tried on. */
export const places: Readonly<Record<string, (router: WireRouter) => Promise<Place>>> = {
  Express: router => listen(express().use('/v1', openaiEndpoint(router))),
  'a server of its own': router => listen(nodeListener(router)),
  'a routed fetch': router => Promise.resolve({ baseURL: 'http://nowhere.test/v1', fetch: routedFetch(router) }),
}

/** Starts a server for as long as a test runs. Gives its base URL. */
export async function listen(listener: RequestListener): Promise<Place> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }
}

/** The endpoint on a server, over models of simulated providers in fast time. */
export async function serveAt(
  where: string,
  targets: (sim: Simulator) => WireRouterOptions,
  simulator: SimulatorOptions = {},
): Promise<{ sim: Simulator; place: Place }> {
  const sim = await startSimulator({ timeScale: 1_000, ...simulator })
  onTestFinished(() => sim.close())
  return { sim, place: await places[where]!(createRouter(targets(sim))) }
}
