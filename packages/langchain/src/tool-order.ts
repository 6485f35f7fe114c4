import { createToolOrder, type RoutingOptions } from '@routewise/core'
import type { BindToolsInput } from '@langchain/core/language_models/chat_models'
import { isMarkedTool } from './cache-marker.ts'
import { describeTool } from './tools.ts'

export type ArrangeTools = (tools: readonly BindToolsInput[], tenant: string | undefined) => readonly BindToolsInput[]

/** Lists that are remembered, to bind equal ones but once. */
const MAX_LISTS = 16

/**
 * Puts tools in canonical order, so that the same tools are the same beginning of every prompt, whatever order an app lists them in.
 * The same tools are given back as the same list: candidates bind a list once, and agents make a new one for every call.
 * `undefined`: the option `promptCache` leaves them as they are.
 */
export function toolArrangerFor(promptCache: RoutingOptions['promptCache']): ArrangeTools | undefined {
  if (promptCache === false || promptCache?.sortTools === false) return undefined
  const order = createToolOrder<BindToolsInput>({ nameOf: tool => describeTool(tool).name, isMarked: isMarkedTool })
  const lists: (readonly BindToolsInput[])[] = []
  return (tools, tenant) => {
    const arranged = order(tools, tenant)
    const known = lists.findIndex(list => list.length === arranged.length && list.every((tool, at) => tool === arranged[at]))
    if (known === 0) return lists[0]!
    const list = known === -1 ? arranged.slice() : lists.splice(known, 1)[0]!
    lists.unshift(list)
    if (lists.length > MAX_LISTS) lists.pop()
    return list
  }
}
