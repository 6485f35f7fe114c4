import { isJson, jsonOf, objectsOf, type Block, type Json, type Media } from '@routewise/core'
import { isMarked } from './marks.ts'
import { readPart } from './parts.ts'

/** A block that is being read; lists that most messages have no use for are made when needed. */
export interface Draft {
  role: Block['role']
  texts: string[]
  media?: Media[]
  toolCalls?: { name: string; arguments: string }[]
  marked?: boolean
}

/** What a model reads of the messages of a chat. */
export const readMessages = (messages: unknown): readonly Block[] => objectsOf(messages).map(readMessage)

/** What a model reads of one message. */
export function readMessage(message: Json): Block {
  const draft: Draft = { role: roleOf(message['role']), texts: [] }
  const { reasoning_content: thoughts, content, refusal, tool_calls: calls } = message
  if (draft.role === 'assistant' && typeof thoughts === 'string') draft.texts.push(thoughts)
  readContent(content, draft)
  if (typeof refusal === 'string') draft.texts.push(refusal)
  if (Array.isArray(calls)) for (const call of calls) if (isJson(call)) addCall(draft, call)
  if (isMarked(message)) draft.marked = true
  return draft
}

/** Content of a message, or the output of a tool: a text, or parts. */
export function readContent(content: unknown, draft: Draft): void {
  if (typeof content === 'string') {
    if (content !== '' || draft.role !== 'assistant') draft.texts.push(content)
  } else if (Array.isArray(content)) for (const part of content) readPart(part, draft)
}

function addCall(draft: Draft, call: Json): void {
  const { function: called, custom } = call
  if (isMarked(call)) draft.marked = true
  const { name, arguments: json, input } = jsonOf(called ?? custom)
  ;(draft.toolCalls ??= []).push({ name: textOf(name), arguments: textOf(json ?? input) })
}

export function roleOf(role: unknown): Block['role'] {
  switch (role) {
    case 'system':
    case 'developer':
      return 'system'
    case 'assistant':
      return 'assistant'
    case 'tool':
    case 'function':
      return 'tool'
    default:
      return 'user'
  }
}

/** What a model reads of a tool, in the notation of either API. */
export function readTool(tool: Json): Block {
  const { name, description, parameters, format, input_schema: schema } = nestedOf(tool)
  const block: Block = {
    role: 'tools',
    texts: [textOf(name ?? tool['type']), textOf(description), JSON.stringify(parameters ?? format ?? schema ?? {})],
  }
  if (isMarked(tool)) block.marked = true
  return block
}

/** A tool's definition: chats nest it, the Responses API does not. */
export const nestedOf = (tool: Json): Json => {
  const { function: called, custom } = tool
  return isJson(called) ? called : isJson(custom) ? custom : tool
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
