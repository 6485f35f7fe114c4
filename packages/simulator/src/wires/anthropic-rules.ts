import type { ModelCard } from '@routewise/core'
import { ProblemError } from '../types.ts'
import { isObject, objectsOf } from './json.ts'
import type { JsonObject } from './json.ts'
import { readSignature } from './signature.ts'

/** A turn of the conversation; `at` is the index of its first message in the request. */
export interface AnthropicTurn {
  role: 'user' | 'assistant' | 'system'
  at: number
  content: readonly JsonObject[]
}

export const refuse = (message: string, param?: string): never => {
  throw new ProblemError({ kind: 'bad-request', message, ...(param === undefined ? {} : { param }) })
}

/** Generation of a Claude model as a number: `claude-opus-4-7` is 4.7; unknown ids are taken as current. */
export function generationOf(model: string): number {
  const [, major, minor] = /-(\d{1,2})(?:[-.](\d{1,2}))?(?:\D|$)/.exec(`${model}-`) ?? []
  return major === undefined ? 5 : Number(major) + Number(minor ?? 0) / 10
}

/** Models that can neither be forced to call a tool nor be kept from thinking. Source: the AI SDK's Anthropic model catalog. */
export const alwaysThinks = (card: ModelCard | undefined): boolean =>
  card !== undefined && card.capabilities.reasoning && !card.capabilities.forcedTool

/** Every tool call is answered in the very next message, first thing in it, and nothing else is answered. */
export function checkPairing(turns: readonly AnthropicTurn[]): void {
  const seen = new Set<unknown>()
  for (const [index, turn] of turns.entries()) {
    const calls = turn.role === 'assistant' ? idsOf(turn, 'tool_use', 'id') : []
    for (const id of calls) {
      if (seen.has(id)) refuse('messages: `tool_use` ids must be unique')
      seen.add(id)
    }
    const next = turns[index + 1]
    const answered = next?.role === 'user' ? leadingResults(next) : []
    const missing = calls.filter(id => !answered.includes(id))
    if (missing.length > 0) {
      refuse(
        `messages.${turn.at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. ` +
          'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
      )
    }
    if (turn.role === 'user') checkResults(turn, turns[index - 1])
  }
}

function checkResults(turn: AnthropicTurn, previous: AnthropicTurn | undefined): void {
  const calls = previous?.role === 'assistant' ? idsOf(previous, 'tool_use', 'id') : []
  const answered = new Set<unknown>()
  for (const [index, block] of turn.content.entries()) {
    if (block['type'] !== 'tool_result') continue
    const id = block['tool_use_id']
    if (!calls.includes(id)) {
      refuse(
        `messages.${turn.at}.content.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(id)}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      )
    }
    if (answered.has(id))
      refuse(
        `messages.${turn.at}.content.${index}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${String(id)}`,
      )
    answered.add(id)
  }
}

const idsOf = (turn: AnthropicTurn, type: string, field: string): unknown[] =>
  turn.content.filter(block => block['type'] === type).map(block => block[field])

function leadingResults(turn: AnthropicTurn): unknown[] {
  const end = turn.content.findIndex(block => block['type'] !== 'tool_result')
  return turn.content.slice(0, end === -1 ? undefined : end).map(block => block['tool_use_id'])
}

/** Ids and names in the form that the API demands, signatures that the API has given. */
export function checkBlock(block: JsonObject, path: string): void {
  if (block['type'] === 'tool_use') checkToolId(block['id'], `${path}.tool_use.id`)
  if (block['type'] === 'tool_result') checkToolId(block['tool_use_id'], `${path}.tool_result.tool_use_id`)
  if (block['type'] !== 'thinking') return
  const { signature, thinking } = block
  if (typeof signature !== 'string') return refuse(`${path}.thinking.signature: Field required`)
  const read = readSignature(signature)
  // Thinking that was not shown comes back empty, and its signature stands for the text.
  if (read?.vendor !== 'anthropic' || (thinking !== '' && !read.signs(String(thinking)))) {
    refuse(`${path}: Invalid \`signature\` in \`thinking\` block`)
  }
}

function checkToolId(id: unknown, path: string): void {
  if (typeof id !== 'string') return refuse(`${path}: Field required`)
  if (!/^[a-zA-Z0-9_-]*$/.test(id)) refuse(`${path}: String should match pattern '^[a-zA-Z0-9_-]+$'`)
  if (id.length === 0) refuse(`${path}: String should have at least 1 character`)
  if (id.length > 64) refuse(`${path}: String should have at most 64 characters`)
}

/** Tools, their names and schemas. */
export function checkTools(tools: readonly JsonObject[]): void {
  const names = new Set<unknown>()
  for (const [index, tool] of tools.entries()) {
    const { name, input_schema: schema, type } = tool
    if (names.has(name)) refuse('tools: Tool names must be unique.')
    names.add(name)
    if (type !== undefined && type !== null && type !== 'custom') continue
    const path = `tools.${index}.custom`
    if (typeof name !== 'string') return refuse(`${path}.name: Field required`)
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(name)) refuse(`${path}.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`)
    if (!isObject(schema)) return refuse(`${path}.input_schema: Field required`)
    if (schema['type'] !== 'object') refuse(`${path}.input_schema.type: Input should be 'object'`)
  }
}

/** What a schema must say, and must not, for output held to it. Source: docs.claude.com, structured outputs, limitations. */
export function checkOutputSchema(schema: unknown, within = new Set<unknown>()): void {
  if (!isObject(schema) || within.has(schema)) return
  within.add(schema)
  const type = String(schema['type'])
  if (schema['type'] === 'object' && schema['additionalProperties'] !== false) {
    refuse("output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false")
  }
  const unsupported = [
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
    'minLength',
    'maxLength',
    'maxItems',
  ].filter(keyword => schema[keyword] !== undefined)
  if (unsupported.length > 0)
    refuse(`output_config.format.schema: For '${type}' type, properties ${unsupported.join(', ')} are not supported`)
  const nested = [schema['items'], ...objectsOf(schema['anyOf']), ...objectsOf(schema['allOf'])]
  for (const group of ['properties', '$defs', 'definitions']) if (isObject(schema[group])) nested.push(...Object.values(schema[group]))
  for (const inner of nested) checkOutputSchema(inner, within)
}
