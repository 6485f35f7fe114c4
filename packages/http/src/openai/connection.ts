import { Agent } from 'undici'

/**
 * Connections to all servers, shared by all targets and kept open for their next request. One request at a time goes over each, so that
 * none waits behind another, and there are as many as there are requests. Time is the router's: nothing here gives up by itself.
 */
export const connections = new Agent({
  pipelining: 1,
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
  connectTimeout: 10_000,
  keepAliveTimeout: 30_000,
  keepAliveMaxTimeout: 300_000,
})
