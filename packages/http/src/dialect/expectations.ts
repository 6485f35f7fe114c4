import { jsonSchemaCheck, objectsOf, type Check, type Expected, type Json } from '@routewise/core'
import type { WireCall } from '../call.ts'
import { nestedOf } from './chat-blocks.ts'
import { schemaOf } from './format.ts'

/** Checks that are kept, and characters of their schemas; an app has tens of them, of a few thousand characters each. */
const MAX_CHECKS = 256
const MAX_CHARACTERS = 1_000_000

/** What a call asks its answer to be. A schema is read once: by what it says, for every request brings its own. */
export function createExpectations(): (call: WireCall) => Expected {
  const checks = new Map<string, Check>()
  let characters = 0

  const checkOf = (schema: unknown): Check => {
    const text = JSON.stringify(schema)
    let check = checks.get(text)
    if (check === undefined) {
      if (checks.size >= MAX_CHECKS || characters + text.length > MAX_CHARACTERS) {
        checks.clear()
        characters = 0
      }
      checks.set(text, (check = jsonSchemaCheck(schema)))
      characters += text.length
    }
    return check
  }

  const checksOf = (tools: readonly Json[]): ReadonlyMap<string, Check> => {
    const own = tools.filter(({ type = 'function' }) => type === 'function' || type === 'custom').map(nestedOf)
    const named = new Map(own.map(({ name, parameters }) => [String(name), checkOf(parameters ?? {})]))
    return own.length === tools.length ? named : withAnyName(named)
  }

  return ({ api, body }) => {
    const schema = schemaOf(api, body)
    const tools = objectsOf(body['tools'])
    return { ...(schema !== undefined && { output: checkOf(schema) }), ...(tools.length > 0 && { tools: checksOf(tools) }) }
  }
}

/** What a provider offers by itself may have names that nobody here knows: no name is a wrong one then. */
const withAnyName = (checks: Map<string, Check>): ReadonlyMap<string, Check> => Object.assign(checks, { has: () => true })
