import { balanced, best, cheapest, fastest, parseOptions, type Policy } from '@routewise/core'
import * as z from 'zod'
import { scopeShape, type ScopeOptions } from '../scope.ts'

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
  /** Answers kept for an `idempotency-key`, or `false` to ignore the header. Default 1,000 answers, 64 MB together, for 10 minutes. */
  idempotency?: false | { maxAnswers?: number; maxBytes?: number; ttlMs?: number }
  /** Silence after which a stream is kept open by a comment, so that no proxy gives it up. `0`: never. Default 15,000. */
  keepAliveMs?: number
  /** Request headers that are passed on to providers. Default: none. */
  forwardHeaders?: readonly string[]
}

const ROUTING_HEADERS = ['policy', 'max-usd', 'session', 'tenant', 'task'] as const

/** They speak of the client's own connection, or hold its secrets. */
const NEVER_FORWARDED: ReadonlySet<string> = new Set([
  'authorization',
  'api-key',
  'x-api-key',
  'cookie',
  'proxy-authorization',
  'host',
  'connection',
  'content-length',
  'content-type',
  'content-encoding',
  'accept-encoding',
  'transfer-encoding',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'expect',
  'idempotency-key',
])

const policy = z.custom<Policy>(value => typeof value === 'function', 'expected a policy, such as cheapest({ quality: 0.9 })')

/** Options of an endpoint, for whoever takes them with others of its own. */
export const endpointShape = {
  ...scopeShape,
  allowHeaders: z.array(z.enum(ROUTING_HEADERS)).readonly().default(['max-usd', 'session', 'task']),
  policies: z
    .record(z.string().min(1), policy)
    .default(() => ({ cheapest: cheapest(), fastest: fastest(), best: best(), balanced: balanced() })),
  apiKeys: z.array(z.string().min(1)).readonly().optional(),
  maxBodyBytes: z.number().int().positive().default(1_000_000),
  idempotency: z
    .union([
      z.literal(false),
      z.strictObject({
        maxAnswers: z.number().int().positive().default(1_000),
        maxBytes: z.number().int().positive().default(64_000_000),
        ttlMs: z.number().positive().default(600_000),
      }),
    ])
    .prefault({}),
  keepAliveMs: z.number().min(0).default(15_000),
  forwardHeaders: z
    .array(
      z
        .string()
        .min(1)
        .toLowerCase()
        .refine(name => !NEVER_FORWARDED.has(name), 'this header is never passed on: it is for this endpoint alone'),
    )
    .readonly()
    .default([]),
}

const schema = z.strictObject(endpointShape)

/** Options as they hold, defaults filled in. */
export type EndpointSettings = z.output<typeof schema>

/** @throws RouterError `invalid_option`, naming the option, the value and what is allowed. */
export const parseEndpointOptions = (options: object, where: string): EndpointSettings => parseOptions(schema, options, where)
