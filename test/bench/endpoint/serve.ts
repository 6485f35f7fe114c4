import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What a server under test can be asked: CPU time it took so far, memory it holds, blocks of its loop since it was last asked. */
export interface Told {
  cpuUs: number
  rssBytes: number
  /** Milliseconds that 99.9 % of the loop's turns did not exceed, and the longest. */
  blockedMs: { p999: number; max: number }
}

/** Milliseconds between two looks at the loop, which are part of every delay that is seen. */
const RESOLUTION_MS = 1

/** Serves on a free port of loopback, tells its parent which, and answers its questions; `more` adds to what it tells. */
export function serve(listener: RequestListener, more: () => object = () => ({})): void {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1', () => tellParent((server.address() as AddressInfo).port, more))
}

export function tellParent(port: number, more: () => object = () => ({})): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    const blocked = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
    const told: Told = {
      cpuUs: user + system,
      rssBytes: process.memoryUsage.rss(),
      blockedMs: { p999: blocked(delays.percentile(99.9)), max: blocked(delays.max) },
    }
    delays.reset()
    process.send!({ ...told, ...more() })
  })
  process.on('disconnect', () => process.exit())
  process.send!(port)
}

/** What the parent has set, in the argument after the module's name. */
export const settings = (): unknown => JSON.parse(process.argv[2]!)
