import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider'
import { isJson, jsonOf, objectsOf, type Json } from '@routewise/core'
import { marked } from './marks.ts'
import { listAt, shown, textAt, UntranslatableError } from './untranslatable.ts'

type ToolChoice = NonNullable<LanguageModelV4CallOptions['toolChoice']>

/** Tools of a request, and which of them may or must be called; nothing where it has none. @throws UntranslatableError for a custom tool. */
export function toolsOf({ tools: given, tool_choice: choice }: Json): Pick<LanguageModelV4CallOptions, 'tools' | 'toolChoice'> {
  const tools = listAt(given, 'tools').map((tool, at) => functionOf(jsonOf(tool), `tools[${at}]`))
  if (tools.length === 0) return {}
  if (!isJson(choice) || choice['type'] !== 'allowed_tools') return { tools, toolChoice: choiceOf(choice) }
  // OpenAI nests what may be called under the choice's own name, and its Responses do not.
  const { mode, tools: allowed } = 'allowed_tools' in choice ? jsonOf(choice['allowed_tools']) : choice
  const names = new Set(objectsOf(allowed).map(tool => jsonOf(tool['function'])['name'] ?? tool['name']))
  return { tools: tools.filter(({ name }) => names.has(name)), toolChoice: choiceOf(mode) }
}

function functionOf(tool: Json, field: string): LanguageModelV4FunctionTool {
  if (tool['type'] !== 'function')
    throw new UntranslatableError(
      `${field}.type`,
      `a tool of type ${shown(tool['type'])} cannot be offered to this model: offer a function`,
    )
  const { name, description, parameters, strict } = jsonOf(tool['function'])
  return {
    type: 'function',
    name: textAt(name, `${field}.function.name`),
    inputSchema: isJson(parameters) ? parameters : { type: 'object', properties: {} },
    ...(typeof description === 'string' && { description }),
    ...(typeof strict === 'boolean' && { strict }),
    ...marked(tool),
  }
}

/** Without a choice it is the model's, which the AI SDK says aloud. */
function choiceOf(choice: unknown): ToolChoice {
  if (choice === undefined || choice === null) return { type: 'auto' }
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice }
  const { type, function: named } = jsonOf(choice)
  if (type === 'function') return { type: 'tool', toolName: textAt(jsonOf(named)['name'], 'tool_choice.function.name') }
  throw new UntranslatableError('tool_choice', 'expected `auto`, `none`, `required`, a function or allowed tools')
}
