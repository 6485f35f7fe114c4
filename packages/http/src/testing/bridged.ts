import type { Json, NewId } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { bridgeResponses } from '../bridge/bridge-responses.ts'
import type { WireChunk } from '../call.ts'
import { responsesCall } from './chat-script.ts'

const decoder = new TextDecoder()
/** One event of a stream. */
export type Event = Json & { type: string }

/** Ids that count from 1. */
export const counted = (): NewId => {
  let ids = 0
  return () => String((ids += 1))
}

export async function* each(chunks: readonly WireChunk[], error?: Error): AsyncGenerator<WireChunk> {
  yield* chunks
  if (error !== undefined) throw error
}

/** The events of one write. */
export const eventsOf = (bytes: Uint8Array): Event[] =>
  decoder
    .decode(bytes)
    .split('\n\n')
    .filter(frame => frame.includes('data: '))
    .map(frame => {
      const event = JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as Event
      if (!frame.startsWith(`event: ${event.type}\n`)) throw new Error(`An event goes by another name than its own: ${frame}`)
      return event
    })

/** The events of a bridged chat, up to its end or its error. */
export async function hear(chunks: readonly WireChunk[], { error, request = {} }: { error?: Error; request?: Json } = {}) {
  const events: Event[] = []
  const readings: unknown[] = []
  const call = responsesCall({ model: 'auto', input: 'Hi', stream: true, ...request })
  const bridged = bridgeResponses(call, () => each(chunks, error), { ids: counted(), clock: createManualClock() })
  let thrown: unknown
  try {
    for await (const { bytes, reading } of bridged) {
      if (bytes.length === 0) throw new Error('A write is empty.')
      events.push(...eventsOf(bytes))
      readings.push(reading)
    }
  } catch (caught) {
    thrown = caught
  }
  return { events, readings, thrown }
}

/** The event that ends a stream. */
export const lastOf = (events: readonly Event[]): Event => events.at(-1)!
/** A delta with a piece of a tool call. */
export const calling = (index: number, id: string | undefined, name: string | undefined, json: string): Json => ({
  tool_calls: [{ index, ...(id && { id, type: 'function' }), function: { ...(name && { name }), arguments: json } }],
})
