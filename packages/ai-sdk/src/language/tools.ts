import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { createToolOrder, type Block } from '@routewise/core'
import { isMarkedTool } from './caller-marks.ts'

/** A tool as the SDK offers it: a function of the caller's, or one that a provider knows by its id. */
export type Tool = NonNullable<LanguageModelV4CallOptions['tools']>[number]

/** What a model reads of a tool. */
export function readTool(tool: Tool): Block {
  if (tool.type === 'provider') return { role: 'tools', texts: [tool.id, jsonOf(tool.args)] }
  const { name, description = '', inputSchema, inputExamples } = tool
  const texts = [name, description, textOfSchema(inputSchema)]
  if (inputExamples !== undefined) texts.push(jsonOf(inputExamples))
  return { role: 'tools', texts, ...(isMarkedTool(tool) && { marked: true }) }
}

/** Puts the tools of a call in canonical order; the same object where they are. */
export type OrderTools = (options: LanguageModelV4CallOptions, tenant: string | undefined) => LanguageModelV4CallOptions

/** As calls are read, before they are described: what is known of a prompt's prefix is then true of what is sent. */
export function createCallToolOrder(): OrderTools {
  const order = createToolOrder<Tool>({ nameOf: ({ name }) => name, isMarked: isMarkedTool, alwaysNew: true })
  return (options, tenant) => {
    if (options.tools === undefined || options.tools.length === 0) return options
    const tools = order(options.tools, tenant)
    return tools === options.tools ? options : { ...options, tools: [...tools] }
  }
}

const schemaTexts = new WeakMap<object, string>()

/** A JSON Schema as text; a schema object is written once. */
export function textOfSchema(schema: object): string {
  let text = schemaTexts.get(schema)
  if (text === undefined) schemaTexts.set(schema, (text = jsonOf(schema)))
  return text
}

/** Any value as JSON, without members that are left out; what has none, or cannot be written, is the empty text. */
export function jsonOf(value: unknown, isLeftOut?: (name: string) => boolean): string {
  try {
    const replace = isLeftOut && ((name: string, member: unknown) => (isLeftOut(name) ? undefined : member))
    return JSON.stringify(value, replace) ?? ''
  } catch {
    return ''
  }
}
