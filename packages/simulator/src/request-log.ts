import type { HttpRequest, SimRequest } from './types.ts'

/** A request as a provider saw it. */
export interface SeenRequest {
  id: string
  provider: string
  /** Milliseconds of provider time since the simulator started. */
  atMs: number
  http: HttpRequest
  /** Absent when it was no model call, or could not be read. */
  parsed?: SimRequest
}

/** The latest requests, oldest first. */
export interface RequestLog {
  readonly requests: readonly SeenRequest[]
  add(request: SeenRequest): void
}

export function createRequestLog({ maxRows }: { maxRows: number }): RequestLog {
  const requests: SeenRequest[] = []
  return {
    requests,
    add(request) {
      requests.push(request)
      if (requests.length > maxRows) requests.splice(0, requests.length - maxRows)
    },
  }
}
