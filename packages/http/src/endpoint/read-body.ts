import { isJson, type Json } from '@routewise/core'
import { readJson } from '../json/read-json.ts'
import { JsonError, LIMITS } from '../json/scan.ts'
import { decodeBody } from './check-body.ts'
import { RequestError } from './request-error.ts'

export interface RequestBody {
  body: Json
  /** As its sender wrote it; `undefined` where the app's own parser has read it. */
  text: string | undefined
}

/** @throws RequestError 400 for a body that is no JSON object, nested too deeply or holding too long a list. */
export function readBody(given: string | object): RequestBody {
  try {
    if (typeof given === 'string') return { body: readJson(given), text: given }
    if (given instanceof Uint8Array) {
      const text = decodeBody(given)
      return { body: readJson(text), text }
    }
    requireBounds(given, 1, 0)
    if (!isJson(given)) throw new JsonError('It is no JSON object.')
    return { body: given, text: undefined }
  } catch (error) {
    if (error instanceof JsonError)
      throw new RequestError(`We could not parse the JSON body of your request. ${error.message}`, { status: 400 })
    throw error
  }
}

/** What holds for a text as it is read holds for what the app's own parser has made of one. Gives the objects and lists so far. */
function requireBounds(value: object, depth: number, before: number): number {
  const { maxDepth, maxItems, maxNodes } = LIMITS
  if (depth > maxDepth) throw new JsonError(`It is nested more than ${maxDepth} levels deep.`)
  let nodes = before + 1
  if (nodes > maxNodes) throw new JsonError(`It has more than ${maxNodes} objects and lists.`)
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  if (items.length > maxItems) throw new JsonError(`A list or an object in it has more than ${maxItems} items.`)
  for (const item of items) if (typeof item === 'object' && item !== null) nodes = requireBounds(item, depth + 1, nodes)
  return nodes
}
