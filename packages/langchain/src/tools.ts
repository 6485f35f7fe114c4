import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import { convertToOpenAITool, isLangChainTool } from '@langchain/core/utils/function_calling'
import type { Family } from './family.ts'

export interface ToolDescription {
  name: string
  description: string
  schema: unknown
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const described = new WeakMap<object, ToolDescription>()

/** Name, description and JSON Schema of a tool in any notation; what a provider runs by itself is described by its own definition. */
export function describeTool(tool: BindToolsInput): ToolDescription {
  let description = described.get(tool)
  if (description === undefined) described.set(tool, (description = read(tool)))
  return description
}

function read(tool: BindToolsInput): ToolDescription {
  const own = tool as Record<string, unknown>
  if (isLangChainTool(tool)) {
    const { name, description, parameters } = convertToOpenAITool(tool).function
    return { name, description: textOf(description), schema: parameters }
  }
  const definition = (typeof own['function'] === 'object' && own['function'] !== null ? own['function'] : own) as Record<string, unknown>
  const schema = definition['parameters'] ?? definition['input_schema'] ?? definition['schema'] ?? definition
  return { name: textOf(definition['name'] ?? definition['type']), description: textOf(definition['description']), schema }
}

/**
 * `tool_choice` in the one form that every integration turns into its provider's own: `auto`, `any`, `none` or a tool's name.
 * The forms of OpenAI and Anthropic are understood; others are left as they are.
 */
export function plainToolChoice(choice: unknown): unknown {
  if (choice === 'required') return 'any'
  if (typeof choice !== 'object' || choice === null) return choice
  const { type, name, function: fn } = choice as { type?: unknown; name?: unknown; function?: { name?: unknown } }
  if (type === 'function' && typeof fn?.name === 'string') return fn.name
  if ((type === 'tool' || type === 'function') && typeof name === 'string') return name
  return type === 'auto' || type === 'any' || type === 'none' ? type : choice
}

/** The choice as this integration takes it: Mistral's passes it on unread. */
export function toolChoiceFor(choice: unknown, family: Family | undefined): unknown {
  if (family !== 'mistral' || typeof choice !== 'string' || ['auto', 'any', 'none'].includes(choice)) return choice
  return { type: 'function', function: { name: choice } }
}

const traced = new WeakMap<readonly BindToolsInput[], readonly object[]>()

/** Tools as traces show them: OpenAI's notation. */
export function toolsForTracing(tools: readonly BindToolsInput[]): readonly object[] {
  let shown = traced.get(tools)
  if (shown === undefined) traced.set(tools, (shown = tools.map(showTool)))
  return shown
}

function showTool(tool: BindToolsInput): object {
  const { name, description, schema } = describeTool(tool)
  return { type: 'function', function: { name, description, parameters: schema } }
}
