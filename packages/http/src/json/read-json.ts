import { isJson, type Json } from '@routewise/core'
import { JsonError, scanJson, type JsonLimits, type Member } from './scan.ts'

/**
 * The object that a JSON text holds. Its depth, its lists and its keys are checked before anything is made of it.
 * @throws JsonError, which says to its sender what is wrong.
 */
export function readJson(text: string, limits?: JsonLimits): Json {
  refuseTwins(scanJson(text, limits))
  const value = parse(text)
  if (!isJson(value)) throw new JsonError('It is no JSON object.')
  return value
}

/** Of two members with one name some readers take the first and some the last: what is checked here would not be what is done there. */
function refuseTwins(members: readonly Member[]): void {
  const keys = new Set<string>()
  for (const { key } of members) keys.add(key)
  if (keys.size === members.length) return
  const twin = members.find(({ key }, at) => members.findIndex(other => other.key === key) < at)!
  throw new JsonError(`It has the key ${JSON.stringify(twin.key.slice(0, 100))} twice.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new JsonError(`It is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
