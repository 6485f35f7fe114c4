import type { ResponseHeaders } from '../types.ts'

/** A header by its lower-case name. */
export function headerOf(headers: ResponseHeaders | undefined, name: string): string | undefined {
  if (headers === undefined) return undefined
  if (isWebHeaders(headers)) return headers.get(name) ?? undefined
  for (const key of Object.keys(headers)) {
    // Most of the headers that are asked for are not there, and their length tells: this is read for every response.
    if (key.length !== name.length || key.toLowerCase() !== name) continue
    const value = headers[key]
    return typeof value === 'string' ? value : value?.[0]
  }
  return undefined
}

function isWebHeaders(headers: ResponseHeaders): headers is { get(name: string): string | null } {
  return typeof headers.get === 'function'
}
