import type { WireCall } from '../call.ts'
import { cacheHeaderOf } from './cache-words.ts'
import type { Secrets } from './secrets.ts'
import type { Server } from './server.ts'

/** Headers that a client may not set for us, whatever it is allowed to pass on. */
const OURS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'api-key',
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
])

/** Gives the headers of a request, names and values by turns: ours, the target's own, and those of the call that may pass. */
export function createHeaders(server: Server, secrets: Secrets): (call: WireCall) => string[] | Promise<string[]> {
  const own = Object.entries(server.headers).map(([name, value]) => [name.toLowerCase(), value.reveal()] as const)
  const taken = new Set([...OURS, ...own.map(([name]) => name)])
  const base = new Map([['content-type', 'application/json'], ['user-agent', 'routewise'], ...own])

  function headersOf(call: WireCall, key: readonly [name: string, value: string] | undefined): string[] {
    const { stream, headers: passed } = call
    const list = ['accept', stream ? 'text/event-stream' : 'application/json']
    for (const [name, value] of base) list.push(name, value)
    if (key !== undefined && !base.has(key[0])) list.push(key[0], key[1])
    const affinity = cacheHeaderOf(call, server)
    if (affinity !== undefined && !base.has(affinity[0])) list.push(affinity[0], affinity[1])
    for (const name in passed) {
      const value = passed[name]
      if (value !== undefined && !taken.has(name.toLowerCase())) list.push(name, value)
    }
    return list
  }

  return call => {
    const key = secrets.keyHeader()
    return key instanceof Promise ? key.then(found => headersOf(call, found)) : headersOf(call, key)
  }
}
