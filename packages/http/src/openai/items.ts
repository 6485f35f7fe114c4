import { isJson, type Json } from '@routewise/core'
import { isSealed } from '../bridge/sealed-thoughts.ts'
import { CHAT_THOUGHTS } from '../bridge/output.ts'
import { NO_RESULT, saidByUser } from './pairing.ts'

/** Who is to read the items of a response. */
export interface ItemReader {
  /** As the catalog names it. */
  provider: string | undefined
  /** Whether thoughts with this id may be its own; `undefined`: nobody knows. */
  knows?(id: string): boolean | undefined
}

/**
 * The input of a Responses request as the server takes it: thoughts of its own alone, each before what it led to, and calls with their
 * results; `undefined`: it takes it as it is.
 */
export function itemsFor(input: unknown, reader: ItemReader): readonly unknown[] | undefined {
  if (!Array.isArray(input)) return undefined
  const given: readonly unknown[] = input
  const paired = given.some(isCallOrOutput) ? withPairedOutputs(given) : given
  const own = paired.some(isReasoning) ? withOwnThoughts(paired, reader) : paired
  return own === given ? undefined : own
}

const isReasoning = (item: unknown): item is Json => isJson(item) && item['type'] === 'reasoning'

const OUTPUTS: Readonly<Record<string, string>> = { function_call: 'function_call_output', custom_tool_call: 'custom_tool_call_output' }
const isOutput = ({ type }: Json): boolean => type === 'function_call_output' || type === 'custom_tool_call_output'
const isCall = ({ type }: Json): boolean => type === 'function_call' || type === 'custom_tool_call'
const isCallOrOutput = (item: unknown): boolean => isJson(item) && (isCall(item) || isOutput(item))

/** Without its thoughts an item of OpenAI's cannot be looked up: it comes without its id, as words that anybody may have said. */
function withOwnThoughts(items: readonly unknown[], reader: ItemReader): readonly unknown[] {
  const kept: unknown[] = []
  let isForeign = false
  let isChanged = false
  for (const [at, item] of items.entries()) {
    if (!isJson(item) || item['role'] === 'user' || isOutput(item)) isForeign = false
    if (isReasoning(item)) {
      isForeign = !isOwn(item, reader) || !leads(items, at)
      if (isForeign) isChanged = true
      else kept.push(item)
    } else if (isForeign && isJson(item) && typeof item['id'] === 'string') {
      const { id: _, ...without } = item
      kept.push(without)
    } else kept.push(item)
  }
  return isChanged ? kept : items
}

/** What OpenAI encrypts begins so; it is bound to the account that it was made for. */
const OPENAIS = 'gAAAA'

function isOwn({ id, encrypted_content: content }: Json, { provider, knows }: ItemReader): boolean {
  if (isSealed(content) || (typeof id === 'string' && id.startsWith(CHAT_THOUGHTS))) return false
  if (typeof id === 'string' && knows?.(id) === false) return false
  if (typeof content !== 'string') return true
  return content.startsWith(OPENAIS) === (provider === 'openai' || provider === 'azure')
}

/** Thoughts must be followed by what they led to; an answer that broke off has none. */
function leads(items: readonly unknown[], at: number): boolean {
  for (let next = at + 1; next < items.length; next += 1) {
    const item = items[next]
    if (isReasoning(item)) continue
    return isJson(item) && (isCall(item) || item['role'] === 'assistant')
  }
  return false
}

/** Every call has a result and every result a call. A result whose call is gone, as where a history was cut, is said by the user. */
function withPairedOutputs(items: readonly unknown[]): readonly unknown[] {
  const outputs = new Map(items.map((item, at) => (isJson(item) && isOutput(item) ? [item['call_id'], at] : [undefined, -1])))
  const calls = new Set<unknown>()
  const paired: unknown[] = []
  let missing: Json[] = []
  let isChanged = false
  for (const [at, item] of items.entries()) {
    if (!isJson(item)) {
      paired.push(item)
      continue
    }
    // Calls of one turn stay together.
    if (!isCall(item) && missing.length > 0) {
      paired.push(...missing)
      missing = []
    }
    const { call_id: id } = item
    if (isCall(item)) {
      calls.add(id)
      if ((outputs.get(id) ?? -1) < at) {
        isChanged = true
        missing.push({ type: OUTPUTS[String(item['type'])], call_id: id, output: NO_RESULT })
      }
    }
    if (isOutput(item) && !calls.has(id)) {
      isChanged = true
      paired.push({ role: 'user', content: saidByUser(item) })
    } else paired.push(item)
  }
  paired.push(...missing)
  return isChanged ? paired : items
}
