import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { Heard } from './hear.ts'
import { validateChatChunk } from './validate.ts'

/** What a stream of chat completions said. */
export interface ChatTold {
  text: string
  calls: { id: string; name: string; arguments: string }[]
  finish: string | undefined
  usage: ChatCompletionChunk['usage']
}

/** Says what is wrong with the stream of an answer that ended well: every chunk for itself, and all of them together. */
export function faultsOfChatStream(events: readonly Heard[], { includeUsage = false } = {}): string[] {
  const faults: string[] = []
  const chunks = events.slice(0, -1).map(({ data }) => data as ChatCompletionChunk)
  if (events.at(-1)?.data !== '[DONE]') return ['The stream does not end in [DONE].']
  chunks.forEach((chunk, at) => faults.push(...validateChatChunk(chunk).map(line => `chunk ${at}: ${line}`)))
  if (events.some(({ event }) => event !== undefined)) faults.push('An event has a name.')
  if (faults.length > 0) return faults

  for (const member of ['id', 'model', 'created'] as const) {
    const values = new Set(chunks.map(chunk => chunk[member]))
    if (values.size !== 1) faults.push(`${member} changes on the way: ${[...values].join(', ')}`)
  }
  const choices = chunks.flatMap(chunk => chunk.choices)
  if (choices.some(({ index }) => index !== 0)) faults.push('There is a second choice.')
  if (choices[0]?.delta.role !== 'assistant') faults.push('The first delta has no role.')
  const ends = choices.flatMap(({ finish_reason: reason }, at) => (reason === null ? [] : [at]))
  if (ends.length !== 1) faults.push(`There are ${ends.length} finish reasons.`)
  if (ends[0] !== undefined && ends[0] !== choices.length - 1) faults.push('Something is said after the finish reason.')
  faults.push(...faultsOfCalls(choices))

  const last = chunks.at(-1)
  const alone = chunks.filter(chunk => chunk.choices.length === 0)
  if (includeUsage && (last?.choices.length !== 0 || typeof last.usage !== 'object')) faults.push('The last chunk is not the usage.')
  if (includeUsage && alone.length !== 1) faults.push(`There are ${alone.length} chunks without a choice.`)
  if (!includeUsage && alone.length > 0) faults.push('There is a chunk without a choice, which nobody asked for.')
  return faults
}

/** A call begins with its id and its name, and keeps them; its arguments are JSON in the end. */
function faultsOfCalls(choices: readonly ChatCompletionChunk.Choice[]): string[] {
  const faults: string[] = []
  const calls = new Map<number, { id: string | undefined; json: string }>()
  for (const { index, id, type, function: called } of choices.flatMap(({ delta }) => delta.tool_calls ?? [])) {
    const known = calls.get(index)
    if (known === undefined) {
      if (id === undefined || called?.name === undefined) faults.push(`Call ${index} begins without an id or a name.`)
      if (type !== 'function') faults.push(`Call ${index} begins without its type.`)
      if (index !== calls.size) faults.push(`Call ${index} comes as number ${calls.size}.`)
    } else if (id !== undefined && id !== known.id) faults.push(`Call ${index} changes its id.`)
    calls.set(index, { id: known?.id ?? id, json: (known?.json ?? '') + (called?.arguments ?? '') })
  }
  const cut = choices.at(-1)?.finish_reason === 'length'
  for (const [index, { json }] of calls) if (!cut && !isJson(json)) faults.push(`The arguments of call ${index} are no JSON: ${json}`)
  return faults
}

/** Puts an answer together. */
export function toldByChat(events: readonly Heard[]): ChatTold {
  const told: ChatTold = { text: '', calls: [], finish: undefined, usage: undefined }
  for (const { data } of events) {
    if (typeof data === 'string') continue
    const { choices, usage } = data as ChatCompletionChunk
    told.usage = usage ?? told.usage
    for (const { delta, finish_reason: finish } of choices) {
      told.text += delta.content ?? ''
      told.finish = finish ?? told.finish
      for (const { index, id, function: called } of delta.tool_calls ?? []) {
        const call = (told.calls[index] ??= { id: '', name: '', arguments: '' })
        call.id ||= id ?? ''
        call.name += called?.name ?? ''
        call.arguments += called?.arguments ?? ''
      }
    }
  }
  return told
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
