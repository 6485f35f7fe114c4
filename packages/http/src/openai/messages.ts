import { objectsOf, type Json } from '@routewise/core'
import type { FlavourTraits } from './flavour.ts'

/** What vendors say beside a message, and clients send back with it; a server that checks members refuses what is not its own. */
const BESIDE = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking_blocks', 'provider_metadata', 'images'] as const

/** The messages of a chat as the server takes them; `undefined`: it takes them as they are. */
export function messagesFor(messages: unknown, traits: FlavourTraits): readonly unknown[] | undefined {
  if (!Array.isArray(messages)) return undefined
  const given: readonly unknown[] = messages
  // Nearly all are: a list is made where one is not.
  let mended: unknown[] | undefined
  for (const [at, message] of given.entries()) {
    if (!isObject(message)) continue
    const taken = messageFor(message, traits)
    if (taken !== message) (mended ??= [...given])[at] = taken
  }
  return mended
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

function messageFor(message: Json, { developer, thoughts }: FlavourTraits): Json {
  const { role } = message
  if (role === 'developer') return developer ? message : { ...message, role: 'system' }
  if (role !== 'assistant') return message
  const foreign: readonly string[] = BESIDE.filter(name => name in message && !thoughts.some(known => known === name))
  const calls = objectsOf(message['tool_calls'])
  const marked = calls.some(call => 'provider_metadata' in call)
  if (foreign.length === 0 && !marked) return message
  const kept = Object.fromEntries(Object.entries(message).filter(([name]) => !foreign.includes(name)))
  return marked ? { ...kept, tool_calls: calls.map(({ provider_metadata: _, ...call }) => call) } : kept
}
