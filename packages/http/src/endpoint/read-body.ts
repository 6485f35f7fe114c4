import { isJson, type Json } from '@routewise/core'
import { readJson } from '../json/read-json.ts'
import { JsonError } from '../json/scan.ts'
import { decodeBody } from './check-body.ts'
import { RequestError } from './request-error.ts'

const MAX_DEPTH = 64
const MAX_ITEMS = 10_000

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
    requireBounds(given, 1)
    if (!isJson(given)) throw new JsonError('It is no JSON object.')
    return { body: given, text: undefined }
  } catch (error) {
    if (error instanceof JsonError)
      throw new RequestError(`We could not parse the JSON body of your request. ${error.message}`, { status: 400 })
    throw error
  }
}

/** What holds for a text as it is read holds for what the app's own parser has made of one. */
function requireBounds(value: object, depth: number): void {
  if (depth > MAX_DEPTH) throw new JsonError(`It is nested more than ${MAX_DEPTH} levels deep.`)
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  if (items.length > MAX_ITEMS) throw new JsonError(`A list or an object in it has more than ${MAX_ITEMS} items.`)
  for (const item of items) if (typeof item === 'object' && item !== null) requireBounds(item, depth + 1)
}
