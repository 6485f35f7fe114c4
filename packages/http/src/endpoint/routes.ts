import type { WireApi } from '../call.ts'

/** What a path asks for. */
export interface Route {
  method: 'GET' | 'POST'
  /** What is asked of a model; absent where the models themselves are asked for. */
  api?: WireApi
  /** The model that the path names: of `/models/{id}`, or Azure's `/deployments/{id}/chat/completions`. */
  model?: string
}

const ROUTES: readonly (readonly [path: string, route: Route])[] = [
  ['/chat/completions', { method: 'POST', api: 'chat' }],
  ['/responses', { method: 'POST', api: 'responses' }],
  ['/embeddings', { method: 'POST', api: 'embeddings' }],
  ['/models', { method: 'GET' }],
]
const byPath: ReadonlyMap<string, Route> = new Map(ROUTES)

const DEPLOYMENTS = '/deployments/'
const MODELS = '/models/'

/** The route of a path below the endpoint's own; `undefined` where it is none of the endpoint's. */
export function findRoute(given: string): Route | undefined {
  const path = given.length > 1 && given.endsWith('/') ? given.slice(0, -1) : given
  const route = byPath.get(path)
  if (route !== undefined) return route
  if (path.startsWith(MODELS)) return { method: 'GET', model: decoded(path.slice(MODELS.length)) }
  if (!path.startsWith(DEPLOYMENTS)) return undefined
  const end = path.indexOf('/', DEPLOYMENTS.length)
  const deployed = byPath.get(path.slice(end))
  if (end === -1 || deployed?.api === undefined) return undefined
  return { ...deployed, model: decoded(path.slice(DEPLOYMENTS.length, end)) }
}

/**
 * The part of a path that is the endpoint's, whatever it is mounted under: `/v1/chat/completions` gives `/chat/completions`. A path that is
 * none of the endpoint's stays as it is.
 */
export function endpointPath(path: string): string {
  const deployment = path.indexOf(DEPLOYMENTS)
  if (deployment !== -1) return path.slice(deployment)
  for (const [suffix] of ROUTES) if (path.endsWith(suffix)) return suffix
  const model = path.indexOf(MODELS)
  return model === -1 ? path : path.slice(model)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
