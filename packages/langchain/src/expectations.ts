import { jsonSchemaCheck, standardSchemaCheck, type Check, type Expected, type StandardSchema } from '@routewise/core'
import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import { isLangChainTool } from '@langchain/core/utils/function_calling'
import type { ChatCall } from './call.ts'
import { answerSchemaOf } from './describe.ts'
import { bareSchema, type StructuredOutputSpec } from './structured-output.ts'

type Tools = ReadonlyMap<string, Check>
type Fields = Readonly<Record<string, unknown>>

/** What a call asks its answer to be. Worked out once for each schema and each list of tools. */
export function createExpectations(): (call: ChatCall) => Expected {
  const checks = new WeakMap<object, Check>()
  const toolChecks = new WeakMap<readonly BindToolsInput[], Tools | undefined>()

  const checkOf = (schema: object, make: () => Check): Check => {
    let check = checks.get(schema)
    if (check === undefined) checks.set(schema, (check = make()))
    return check
  }

  const outputOf = ({ structured, options }: ChatCall): Check | undefined => {
    if (structured !== undefined) return checkOf(structured.schema, () => checkBy(structured.schema, structured.jsonSchema))
    const schema = answerSchemaOf(options)
    return schema && checkOf(schema, () => checkBy(schema, schema))
  }

  const toolsOf = (tools: readonly BindToolsInput[]): Tools | undefined => {
    if (!toolChecks.has(tools)) toolChecks.set(tools, checksOfTools(tools))
    return toolChecks.get(tools)
  }

  return call => {
    const { tools, structured } = call
    const output = outputOf(call)
    const bound = tools === undefined ? new Map<string, Check>() : toolsOf(tools)
    // Candidates that give structured output by a tool call are bound to a tool of its name.
    const all =
      structured === undefined || bound === undefined
        ? bound
        : new Map([...bound, ...namesOf(structured).map(name => [name, output!] as const)])
    return { ...(output !== undefined && { output }), ...(all !== undefined && all.size > 0 && { tools: all }) }
  }
}

/** Integrations take the name from the definition of a function, where the schema is one, or that which was asked for. */
function namesOf({ name, jsonSchema }: StructuredOutputSpec): readonly string[] {
  const own = bareSchema(jsonSchema) === jsonSchema ? undefined : jsonSchema['name']
  return typeof own === 'string' && own !== name ? [name, own] : [name]
}

function checkBy(schema: unknown, jsonSchema: unknown): Check {
  return isStandardSchema(schema) ? standardSchemaCheck(schema) : jsonSchemaCheck(bareSchema(jsonSchema))
}

const anything: Check = () => undefined

/** `undefined` when the names of some tools cannot be told: then a tool that is not known was perhaps offered after all. */
function checksOfTools(tools: readonly BindToolsInput[]): Tools | undefined {
  const checks = tools.map(checksOfTool)
  return checks.includes(undefined) ? undefined : new Map(checks.flatMap(list => list ?? []))
}

function checksOfTool(tool: BindToolsInput): readonly (readonly [name: string, check: Check])[] | undefined {
  const { name, schema, metadata } = tool as Fields
  if (isLangChainTool(tool))
    return [[String(name), isFields(metadata) && metadata['customTool'] !== undefined ? anything : checkBy(schema, schema)]]
  const { function: fn, functionDeclarations } = tool as Fields
  if (Array.isArray(functionDeclarations)) return functionDeclarations.map(({ name: declared }: Fields) => [String(declared), anything])
  const definition = isFields(fn) ? fn : (tool as Fields)
  const parameters = definition['parameters'] ?? definition['input_schema'] ?? definition['schema']
  return typeof definition['name'] === 'string' && isFields(parameters)
    ? [[definition['name'], checkBy(parameters, parameters)]]
    : undefined
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

function isStandardSchema(schema: unknown): schema is StandardSchema {
  const holdsKeys = isFields(schema) || typeof schema === 'function'
  return holdsKeys && isFields(Reflect.get(schema, '~standard'))
}
