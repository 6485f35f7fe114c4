import { isJson, jsonOf, readUsage, type Json, type Reading } from '@routewise/core'
import { noteLogprobs, noteMessage } from './chat-content.ts'
import type { EventReading } from './event-reading.ts'

/** What is known of a call whose stream is read. */
export interface AboutStream {
  /** The caller wants the usage of the stream as an event of its own. */
  wantsUsage: boolean
  /** The service tier that was asked for: it stands in where nobody names the one that served the call. */
  requestedTier: string | undefined
}

/** What a chunk of a chat completion says. */
export function readChatEvent(event: Json, { wantsUsage, requestedTier }: AboutStream): EventReading {
  const reading: Reading = { meaningful: false }
  const read: EventReading = { reading, isDelta: false, isDropped: false }
  const { choices, model } = event
  if (typeof model === 'string' && model !== '') reading.model = model
  // Groq keeps it in a place of its own.
  const told = event['usage'] ?? jsonOf(event['x_groq'])['usage']
  if (isJson(told)) {
    const usage = readUsage(told, { serviceTier: event['service_tier'] ?? requestedTier })
    if (usage !== undefined) reading.usage = usage
  }
  const choice = Array.isArray(choices) ? (choices as unknown[])[0] : undefined
  if (!isJson(choice)) {
    read.isUsage = reading.usage !== undefined
    read.isDropped = read.isUsage && !wantsUsage
    return read
  }
  if (noteMessage(reading, jsonOf(choice['delta'] ?? choice['message']))) read.refuses = true
  noteLogprobs(reading, choice['logprobs'])
  const end = choice['finish_reason']
  if (typeof end === 'string' && end !== '') read.end = end
  else read.isDelta = reading.meaningful || read.refuses === true
  return read
}
