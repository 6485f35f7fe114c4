import { jsonSchemaCheck, objectsOf, type Check, type Expected } from '@routewise/core'
import type { WireCall } from '../call.ts'
import { nestedOf } from './chat-blocks.ts'
import { schemaOf } from './format.ts'

/** Checks that are kept; an app has tens of schemas. */
const MAX_CHECKS = 256

/** What a call asks its answer to be. A schema is read once: by what it says, for every request brings its own. */
export function createExpectations(): (call: WireCall) => Expected {
  const checks = new Map<string, Check>()

  const checkOf = (schema: unknown): Check => {
    const text = JSON.stringify(schema)
    let check = checks.get(text)
    if (check === undefined) {
      if (checks.size >= MAX_CHECKS) checks.clear()
      checks.set(text, (check = jsonSchemaCheck(schema)))
    }
    return check
  }

  return ({ api, body }) => {
    const schema = schemaOf(api, body)
    const tools = objectsOf(body['tools']).map(nestedOf)
    return {
      ...(schema !== undefined && { output: checkOf(schema) }),
      ...(tools.length > 0 && { tools: new Map(tools.map(({ name, parameters }) => [String(name), checkOf(parameters ?? {})])) }),
    }
  }
}
