import { parseOptions, RouterError, routingShape, sortsTools, type RoutingOptions } from '@routewise/core'
import * as z from 'zod'
import type { WireTarget } from './call.ts'

export interface WireRouterOptions extends RoutingOptions {
  /** Models to route between, such as `openaiTarget({ … })`. */
  targets?: readonly WireTarget[]
  /** Embedding models, such as `openaiEmbeddingTarget({ … })`. Those of one space take over for one another. */
  embeddings?: readonly WireTarget[]
}

const targetsOf = (kind: WireTarget['kind'], example: string) =>
  z
    .array(z.custom<WireTarget>(value => isTarget(value) && value.kind === kind, `expected targets for ${kind} models, such as ${example}`))
    .readonly()
    .default([])

/** Options of a router, for whoever takes them with others of its own. */
export const routerShape = {
  targets: targetsOf('language', "openaiTarget({ baseURL, apiKey, model: 'gpt-6-luna' })"),
  embeddings: targetsOf('embedding', "openaiEmbeddingTarget({ baseURL, apiKey, model: 'text-embedding-3-small' })"),
  ...routingShape,
}

const schema = z.strictObject(routerShape)

export interface ParsedOptions {
  targets: readonly WireTarget[]
  embeddings: readonly WireTarget[]
  routing: RoutingOptions
  /** Tools are put in canonical order. */
  sorts: boolean
}

/** @throws RouterError `invalid_option` or `duplicate_target`, naming the option, the value and what is allowed. */
export function parseRouterOptions(options: WireRouterOptions): ParsedOptions {
  const { targets, embeddings, promptCache } = parseOptions(schema, options, 'createRouter')
  if (targets.length + embeddings.length === 0)
    throw new RouterError('invalid_option', 'createRouter: option `targets` is empty: give at least one target')
  const seen = new Set<string>()
  for (const { id } of [...targets, ...embeddings]) {
    refuseReserved(id)
    if (seen.has(id))
      throw new RouterError('duplicate_target', `createRouter: two targets have the id ${JSON.stringify(id)}. Give one of them another.`)
    seen.add(id)
  }
  const routing = Object.fromEntries(Object.entries(options).filter(([option]) => option in routingShape)) as RoutingOptions
  return { targets, embeddings, routing, sorts: sortsTools(promptCache) }
}

function isTarget(value: unknown): value is WireTarget {
  if (typeof value !== 'object' || value === null) return false
  const { id, open, failure } = value as Partial<WireTarget>
  return typeof id === 'string' && typeof open === 'function' && typeof failure === 'function'
}

/** @throws RouterError `invalid_option`: these names are the router's own. */
function refuseReserved(id: string): void {
  if (id !== 'auto' && !id.startsWith('auto:')) return
  throw new RouterError(
    'invalid_option',
    `createRouter: a target has the id ${JSON.stringify(id)}, which means any of them. Give it another.`,
  )
}
