import { objectsOf, type Block, type Json } from '@routewise/core'
import { readContent, roleOf, type Draft } from './chat-blocks.ts'
import { isMarked } from './marks.ts'
import { readPart } from './parts.ts'

/**
 * What a model reads of a Responses request. What the model says in one turn, its thoughts, its text and its calls, are items of their
 * own there and one block here, as they are one message on the other faces.
 */
export function readItems({ instructions, input }: Json): readonly Block[] {
  const drafts: Draft[] = []
  if (typeof instructions === 'string') drafts.push({ role: 'system', texts: [instructions] })
  if (typeof input === 'string') drafts.push({ role: 'user', texts: [input] })
  else for (const item of objectsOf(input)) readItem(item, drafts)
  return drafts
}

function readItem(item: Json, drafts: Draft[]): void {
  readContentOf(item, drafts)
  const last = drafts.at(-1)
  if (last !== undefined && isMarked(item)) last.marked = true
}

function readContentOf(item: Json, drafts: Draft[]): void {
  switch (item['type']) {
    case undefined:
    case 'message':
      return readContent(item['content'], draftOf(roleOf(item['role']), drafts))
    case 'function_call':
    case 'custom_tool_call': {
      const { name, arguments: json, input } = item
      const draft = draftOf('assistant', drafts)
      ;(draft.toolCalls ??= []).push({ name: String(name), arguments: String(json ?? input) })
      return
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return readContent(item['output'], draftOf('tool', drafts))
    case 'reasoning': {
      const parts = objectsOf(item['summary'])
      // Thoughts that are hidden are not billed again.
      if (parts.length > 0) for (const part of parts) readPart(part, draftOf('assistant', drafts))
      return
    }
    case 'item_reference':
      return
    default:
      readPart(item, draftOf('user', drafts))
  }
}

/** Which block each item of the input belongs to; -1: none before it. */
export function blockPlaces({ instructions, input }: Json): readonly number[] {
  let place = typeof instructions === 'string' ? 0 : -1
  let latest: Draft['role'] | undefined
  return objectsOf(input).map(item => {
    const role = roleOfItem(item)
    if (role !== undefined && !(role === 'assistant' && latest === 'assistant')) place += 1
    latest = role ?? latest
    return place
  })
}

/** `undefined`: it makes no block. */
function roleOfItem({ type, role, summary }: Json): Draft['role'] | undefined {
  switch (type) {
    case undefined:
    case 'message':
      return roleOf(role)
    case 'function_call':
    case 'custom_tool_call':
      return 'assistant'
    case 'function_call_output':
    case 'custom_tool_call_output':
      return 'tool'
    case 'reasoning':
      return objectsOf(summary).length > 0 ? 'assistant' : undefined
    case 'item_reference':
      return undefined
    default:
      return 'user'
  }
}

/** The block that an item belongs to. */
function draftOf(role: Draft['role'], drafts: Draft[]): Draft {
  const last = drafts.at(-1)
  if (role === 'assistant' && last?.role === 'assistant') return last
  const draft: Draft = { role, texts: [] }
  drafts.push(draft)
  return draft
}
