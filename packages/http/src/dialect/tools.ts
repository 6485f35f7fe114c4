import { createToolOrder, isJson, type Json } from '@routewise/core'
import { withMembers, type WireCall } from '../call.ts'
import { nestedOf } from './chat-blocks.ts'
import { isMarked } from './marks.ts'

/** Puts the tools of calls in canonical order, before they are described: what is known of a prompt is then true of what is sent. */
export function createToolSorter(): (call: WireCall, tenant: string | undefined) => WireCall {
  const order = createToolOrder<Json>({ nameOf, isMarked: tool => isMarked(tool) || isMarked(nestedOf(tool)), alwaysNew: true })
  return (call, tenant) => {
    const { tools } = call.body
    if (!Array.isArray(tools) || !tools.every(isJson)) return call
    const ordered = order(tools, tenant)
    return ordered === tools ? call : withMembers(call, { tools: ordered })
  }
}

/** Tools that providers offer by themselves are known by their type. */
function nameOf(tool: Json): string {
  const name = nestedOf(tool)['name'] ?? tool['type']
  return typeof name === 'string' ? name : ''
}
