import { isJson, jsonOf, objectsOf, type Json, type NewId } from '@routewise/core'
import type { Emit } from './event-stream.ts'
import { sealed } from './sealed-thoughts.ts'
import {
  openCall,
  openMessage,
  openReasoning,
  sealThoughts,
  type CallItem,
  type ItemStatus,
  type MessageItem,
  type OutputItem,
  type ReasoningItem,
} from './output-item.ts'

/** Turns what a chat model says into the items of a response. */
export interface Output {
  /** Takes a `delta` of a stream, or a whole `message`, with the log-probabilities of its choice. */
  add(message: Json, logprobs: unknown): void
  /** Ends every item; `cut`: the last one broke off. The whole output. */
  close(cut: boolean): readonly Json[]
}

/** What the ids of thoughts begin with that came out of a chat: no provider knows them, though they look like its own. */
export const CHAT_THOUGHTS = 'rs_chat'

/** A tool call whose name is not known yet. */
interface Unnamed {
  callId: string | undefined
  input: string
}

/** `seals`: signed thoughts are given to the client to keep. */
export function createOutput(emit: Emit, ids: NewId, { seals }: { seals: boolean }): Output {
  /** In output order; closed ones hold their item. */
  const items: (OutputItem | { item: Json })[] = []
  const calls = new Map<unknown, CallItem | Unnamed>()
  let message: MessageItem | undefined
  let reasoning: { item: ReasoningItem; at: number } | undefined
  let latest: OutputItem | undefined
  let details: readonly Json[] = []

  function open<Item extends OutputItem>(prefix: string, opener: (place: { emit: Emit; id: string; index: number }) => Item): Item {
    const item = opener({ emit, id: `${prefix}_${ids()}`, index: items.length })
    items.push(item)
    return item
  }

  function addReasoning(delta: string): void {
    if (reasoning === undefined) {
      const at = items.length
      reasoning = { item: open(CHAT_THOUGHTS, openReasoning), at }
    }
    reasoning.item.add(delta)
    latest = reasoning.item
  }

  /** Thoughts end where the model goes on to something else; later ones are an item of their own. */
  function endReasoning(status: ItemStatus = 'completed'): void {
    if (reasoning === undefined) return
    items[reasoning.at] = { item: reasoning.item.close(status) }
    reasoning = undefined
  }

  // The message stays open to the end: text on both sides of a tool call is one text, of which half is no valid output.
  function opened(): MessageItem {
    endReasoning()
    message ??= open('msg', openMessage)
    latest = message
    return message
  }

  function addCall(part: Json, at: number): void {
    endReasoning()
    const kind = isJson(part['custom']) ? 'custom' : 'function'
    const { name, arguments: json, input } = jsonOf(part[kind])
    const callId = textOf(part['id'])
    const delta = textOf(kind === 'custom' ? input : json) ?? ''
    const key = part['index'] ?? at
    let call = calls.get(key)
    // Some vendors number every call 0, and tell them apart by their ids.
    if (call === undefined || (callId !== undefined && call.callId !== undefined && call.callId !== callId)) {
      call = { callId: undefined, input: '' }
    }
    if ('input' in call) {
      const unnamed: Unnamed = { callId: callId ?? call.callId, input: call.input + delta }
      calls.set(key, unnamed)
      if (textOf(name) !== undefined) latest = startCall(key, kind, textOf(name)!, unnamed)
      return
    }
    if (delta !== '') call.add(delta)
    latest = call
  }

  function startCall(key: unknown, kind: 'function' | 'custom', name: string, { callId, input }: Unnamed): CallItem {
    const call = open(kind === 'custom' ? 'ctc' : 'fc', place => openCall(place, kind, name, callId ?? `call_${ids()}`))
    calls.set(key, call)
    if (input !== '') call.add(input)
    return call
  }

  return {
    add(said, logprobs) {
      const thought = textOf(said['reasoning_content']) ?? textOf(said['reasoning'])
      if (thought !== undefined) addReasoning(thought)
      const { content, refusal, tool_calls: parts, reasoning_details: signed } = said
      if (seals && signed !== undefined) details = [...details, ...objectsOf(signed)]
      if (Array.isArray(content)) for (const part of objectsOf(content)) addPart(part)
      else if (textOf(content) !== undefined) opened().text(textOf(content)!, logprobsOf(logprobs))
      if (textOf(refusal) !== undefined) opened().refusal(textOf(refusal)!)
      for (const [at, part] of objectsOf(parts).entries()) addCall(part, at)
    },
    close(cut) {
      endReasoning(cut && reasoning?.item === latest ? 'incomplete' : 'completed')
      for (const [key, call] of calls) if ('input' in call) startCall(key, 'function', '', call)
      const output = items.map(item => ('item' in item ? item.item : item.close(cut && item === latest ? 'incomplete' : 'completed')))
      // Thoughts of an answer that broke off are not whole, and their maker would refuse them.
      if (details.length === 0 || cut) return output
      return [...output, sealThoughts({ emit, id: `${CHAT_THOUGHTS}_${ids()}`, index: items.length }, sealed(details))]
    },
  }

  /** Mistral writes thoughts and text as parts of the content. */
  function addPart(part: Json): void {
    const text = textOf(part['text'])
    if (part['type'] === 'thinking') for (const { text: thought } of objectsOf(part['thinking'])) addReasoning(textOf(thought) ?? '')
    else if (text !== undefined) opened().text(text, [])
  }
}

/** A text that says something. */
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const logprobsOf = (logprobs: unknown): readonly Json[] => objectsOf(jsonOf(logprobs)['content'])
