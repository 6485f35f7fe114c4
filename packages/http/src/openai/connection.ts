import { Pool } from 'undici'

const pools = new Map<string, Pool>()

/**
 * Connections to a server, shared by all targets there and kept open for their next request. One request at a time goes over each, so that
 * none waits behind another, and there are as many as there are requests. Time is the router's: nothing here gives up by itself.
 */
export function connectionsTo(origin: string): Pool {
  let pool = pools.get(origin)
  if (pool === undefined) {
    pool = new Pool(origin, {
      pipelining: 1,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: 10_000,
      keepAliveTimeout: 30_000,
      keepAliveMaxTimeout: 300_000,
    })
    pools.set(origin, pool)
  }
  return pool
}
