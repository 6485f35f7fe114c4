import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import type { Block } from '@routewise/core'

/** A tool as the SDK offers it: a function of the caller's, or one that a provider knows by its id. */
export type Tool = NonNullable<LanguageModelV4CallOptions['tools']>[number]

/** What a model reads of a tool. */
export function readTool(tool: Tool): Block {
  if (tool.type === 'provider') return { role: 'tools', texts: [tool.id, jsonOf(tool.args)] }
  const { name, description = '', inputSchema, inputExamples } = tool
  const texts = [name, description, textOfSchema(inputSchema)]
  return { role: 'tools', texts: inputExamples === undefined ? texts : [...texts, jsonOf(inputExamples)] }
}

const schemaTexts = new WeakMap<object, string>()

/** A JSON Schema as text; a schema object is written once. */
export function textOfSchema(schema: object): string {
  let text = schemaTexts.get(schema)
  if (text === undefined) schemaTexts.set(schema, (text = jsonOf(schema)))
  return text
}

/** Any value as JSON; what has none, or cannot be written, is the empty text. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}
