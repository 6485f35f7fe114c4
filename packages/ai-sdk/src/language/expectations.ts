import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider'
import { jsonSchemaCheck, type Check, type Expected } from '@routewise/core'
import type { LanguageCall } from './call.ts'
import { textOfSchema, type Tool } from './tools.ts'

type Schema = LanguageModelV4FunctionTool['inputSchema']

/** Checks that are kept; an app has tens of schemas. */
const MAX_CHECKS = 256

/** What a call asks its answer to be. A schema is read once: by what it says, for the SDK makes schemas of zod's anew on every step. */
export function createExpectations(): (call: LanguageCall) => Expected {
  const checks = new Map<string, Check>()

  const checkOf = (schema: Schema): Check => {
    const text = textOfSchema(schema)
    let check = checks.get(text)
    if (check === undefined) {
      if (checks.size >= MAX_CHECKS) checks.clear()
      checks.set(text, (check = jsonSchemaCheck(schema)))
    }
    return check
  }

  const checksOf = (tools: readonly Tool[]): ReadonlyMap<string, Check> => {
    const functions = tools.filter(tool => tool.type === 'function')
    const named = new Map(functions.map(({ name, inputSchema }) => [name, checkOf(inputSchema)]))
    return functions.length === tools.length ? named : withAnyName(named)
  }

  return ({ options: { responseFormat, tools = [] } }) => {
    const schema = responseFormat?.type === 'json' ? responseFormat.schema : undefined
    return { ...(schema !== undefined && { output: checkOf(schema) }), ...(tools.length > 0 && { tools: checksOf(tools) }) }
  }
}

/** What a provider offers by itself may have names that nobody here knows: no name is a wrong one then. */
const withAnyName = (checks: Map<string, Check>): ReadonlyMap<string, Check> => Object.assign(checks, { has: () => true })
