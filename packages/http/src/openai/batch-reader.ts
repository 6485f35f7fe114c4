import { chatFinish, jsonOf, type Failure, type Json, type LaterReading, type Reading } from '@routewise/core'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { lastEventStart } from './event-cutter.ts'
import { templateOf, wordOf, type EventTemplate } from './event-template.ts'
import { NOTHING_SAID, SILENT, type EventReading } from './event-reading.ts'

/** How the events of one API are read. */
export interface EventWire {
  read(event: Json): EventReading
  /** What a provider says of itself within a stream; `undefined`: it is no such event. */
  failure(event: unknown, name: string | undefined): Failure | undefined
  /** The event as OpenAI's clients know it; the same where it is. Default: all are. */
  plain?: ((event: Json) => Json) | undefined
  /** The caller wants usage as an event of its own. */
  wantsUsage: boolean
  /** Classifies an event that is no JSON. */
  unreadable(error: unknown): Failure
}

/** Reads one stream. */
export interface BatchReader {
  /** Takes whole events. */
  read(batch: Buffer): Batch
  /** What is still to be said at the end: usage that was told beside something else, where it is wanted as an event of its own. */
  end(): Buffer | undefined
}

/** Bytes to pass on, and what they say. */
export interface Batch {
  bytes: Buffer
  reading: Reading
}

const DONE: EventReading = { reading: SILENT, isDelta: false, isDropped: true }

let events: EventSourceMessage[] = []
/** One for all streams: what follows an empty line has nothing to do with what stood before it. */
const parser = createParser({ onEvent: event => events.push(event) })

function eventsIn(bytes: Buffer): readonly EventSourceMessage[] {
  const text = bytes.toString()
  if (isOneLine(text)) return [{ data: text.slice(FIELD.length, -2), event: undefined, id: undefined }]
  events = []
  parser.feed(text)
  parser.reset()
  return events
}

const FIELD = 'data: '

/** One event of one line, as a slow stream has them: there is nothing to parse. */
const isOneLine = (text: string): boolean =>
  text.startsWith(FIELD) && text.endsWith('\n\n') && text.indexOf('\n') === text.length - 2 && !text.includes('\r')

/** Times that a stream is looked at for what its events have in common: some have nothing. */
const MAX_TEMPLATES = 4

/**
 * Reads whole events, from the last one back to the first that is a plain piece of the answer: how it ends, what it cost and what went
 * wrong stand behind that. The words before it are left for whoever asks.
 */
export function createBatchReader(wire: EventWire): BatchReader {
  let refused = false
  /** Event beside whose content usage was told last. */
  let usageBeside: Json | undefined
  let template: EventTemplate | undefined
  let templates = 0

  function readEvent(message: EventSourceMessage): EventReading {
    const { data, event: name } = message
    const word = template === undefined ? undefined : wordOf(data, template)
    if (word !== undefined) return { reading: { meaningful: true, contentChars: word.length, text: word }, isDelta: true, isDropped: false }
    if (data === '[DONE]') return DONE
    if (data === '') return NOTHING_SAID
    const read = parseEvent(message)
    if (read.isDelta && name === undefined && templates < MAX_TEMPLATES) {
      templates += 1
      template = templateOf(data, read, like => parseEvent({ ...message, data: like }))
    }
    return read
  }

  function parseEvent({ data, event: name }: EventSourceMessage): EventReading {
    let event: unknown
    try {
      event = JSON.parse(data)
    } catch (error) {
      return failed(wire.unreadable(error))
    }
    const failure = wire.failure(event, name)
    if (failure !== undefined) return failed(failure)
    const read = wire.read(jsonOf(event))
    if (read.refuses === true) refused = true
    return read
  }

  const readRest = (rest: Buffer): Reading[] => eventsIn(rest).map(event => readEvent(event).reading)

  function combined(reads: readonly EventReading[], rest: Buffer): Reading {
    const [last] = reads
    if (last === undefined) return SILENT
    const ending = reads.find(({ end }) => end !== undefined)?.end
    const reading: Reading = reads.length === 1 && rest.length === 0 ? last.reading : withLater(reads, rest, readRest)
    if (ending !== undefined) reading.finish = chatFinish(ending, refused)
    return reading
  }

  function read(given: Buffer): Batch {
    const batch = wire.plain === undefined ? given : plainEvents(given, wire.plain)
    const reads: EventReading[] = []
    let bytes = batch
    let start = batch.length
    while (start > 0) {
      const end = start
      start = lastEventStart(batch, end)
      const event = eventsIn(batch.subarray(start, end))[0]
      const read = event === undefined ? NOTHING_SAID : readEvent(event)
      if (read.isDropped) bytes = without(bytes, start, end)
      if (
        wire.wantsUsage &&
        event !== undefined &&
        read.reading.usage !== undefined &&
        reads.every(({ reading }) => reading.usage === undefined)
      )
        usageBeside = read.isUsage === true ? undefined : jsonOf(JSON.parse(event.data))
      reads.push(read)
      if (read.isDelta) break
    }
    return { bytes, reading: combined(reads, batch.subarray(0, start)) }
  }

  /** All events, each as `plain` has it. */
  function plainEvents(batch: Buffer, plain: (event: Json) => Json): Buffer {
    if (!batch.includes('"thinking"') && !batch.includes('"tool_calls"')) return batch
    const written = eventsIn(batch).map(({ data }) => `data: ${data.startsWith('{') ? asPlain(data, plain) : data}\n\n`)
    return Buffer.from(written.join(''))
  }

  return { read, end: () => (usageBeside === undefined ? undefined : usageEvent(usageBeside)) }
}

function asPlain(data: string, plain: (event: Json) => Json): string {
  try {
    return JSON.stringify(plain(jsonOf(JSON.parse(data))))
  } catch {
    return data
  }
}

/** The usage of a chunk as a chunk of its own. */
function usageEvent({ choices: _, x_groq: groq, usage = jsonOf(groq)['usage'], ...envelope }: Json): Buffer {
  return Buffer.from(`data: ${JSON.stringify({ ...envelope, choices: [], usage })}\n\n`)
}

const failed = (failure: Failure): EventReading => ({ reading: { meaningful: false, failure }, isDelta: false, isDropped: true })

/** Bytes without those between `start` and `end`. */
const without = (bytes: Buffer, start: number, end: number): Buffer =>
  bytes.length <= end ? bytes.subarray(0, start) : Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])

/** One reading for several events, the last of them first, and for the `rest` before them. */
function withLater(reads: readonly EventReading[], rest: Buffer, readRest: (rest: Buffer) => Reading[]): Reading {
  const combined: Reading = { meaningful: false }
  for (const { reading } of reads) {
    const { meaningful, usage, finish, failure, model } = reading
    if (meaningful) combined.meaningful = true
    if (usage !== undefined) combined.usage ??= usage
    if (finish !== undefined) combined.finish ??= finish
    if (model !== undefined) combined.model ??= model
    // The first that went wrong is why.
    if (failure !== undefined) combined.failure = failure
  }
  const later: LaterReading = {
    characters: rest.length + 64 * reads.length,
    read: () => [...(rest.length === 0 ? [] : readRest(rest)), ...reads.map(({ reading }) => reading).toReversed()],
  }
  combined.later = later
  return combined
}
