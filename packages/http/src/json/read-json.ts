import { isJson, type Json } from '@routewise/core'
import { JsonError, scanJson, type JsonLimits } from './scan.ts'

/**
 * The object that a JSON text holds. Its depth, its lists and its keys are checked before anything is made of it.
 * @throws JsonError, which says to its sender what is wrong.
 */
export function readJson(text: string, limits?: JsonLimits): Json {
  scanJson(text, limits)
  const value = parse(text)
  if (!isJson(value)) throw new JsonError('It is no JSON object.')
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new JsonError(`It is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
