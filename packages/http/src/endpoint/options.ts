import type { Policy } from '@routewise/core'
import type { ScopeOptions } from '../scope.ts'

/** Routing options that a client may set by the header `x-routewise-<name>`. */
export type RoutingHeader = 'policy' | 'max-usd' | 'session' | 'tenant' | 'task'

/** How the endpoint behaves. */
export interface EndpointOptions<Native = unknown> extends ScopeOptions<Native> {
  /** Routing headers that clients may set; others are ignored. Default `['max-usd', 'session', 'task']`: a tenant and a policy are yours to choose. */
  allowHeaders?: readonly RoutingHeader[]
  /** Policies that clients may name, as `model: 'auto:<name>'` or by header. Default: `cheapest`, `fastest`, `best`, `balanced`. */
  policies?: Readonly<Record<string, Policy>>
  /** Keys of which clients must send one as `authorization: Bearer …`. Default: none, the server it is mounted on decides who may come in. */
  apiKeys?: readonly string[]
  /** Longest request body. Default 1 MB; raise it for images. */
  maxBodyBytes?: number
  /** Answers kept for an `idempotency-key`, or `false` to ignore the header. Default 1,000 answers for 10 minutes. */
  idempotency?: false | { maxAnswers?: number; maxBytes?: number; ttlMs?: number }
  /** Silence after which a stream is kept open by a comment, so that no proxy gives it up. `0`: never. Default 15,000. */
  keepAliveMs?: number
  /** Request headers that are passed on to providers. Default: none. */
  forwardHeaders?: readonly string[]
}
