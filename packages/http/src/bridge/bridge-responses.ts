import { jsonOf, objectsOf, systemClock, systemId, type Clock, type FinishReason, type Json, type NewId, type Usage } from '@routewise/core'
import type { WireCall, WireChunk } from '../call.ts'
import { chatRequest } from './chat-request.ts'
import { createEventStream } from './event-stream.ts'
import { createOutput } from './output.ts'
import { planAt } from './plan-at.ts'
import { responseObject, statusOf, type ResponseHead } from './response-object.ts'
import { readEvents } from './sse-data.ts'

export interface BridgeOptions {
  /** Source of ids for the response and its items. Default: unique in all processes. */
  ids?: NewId
  clock?: Clock
  /** Thoughts of earlier turns go along, as `reasoning_content`. Default `false`: most vendors refuse them. */
  keepsReasoning?: boolean
}

/**
 * Answers a Responses call by a chat call: chunks are events of the Responses API, or the whole response; readings are the chat's own.
 * A chat that breaks off leaves a stream without its last event.
 * @throws RouterError `unsupported` for what a chat has no words for; it names the field.
 */
export function bridgeResponses(
  call: WireCall,
  openChat: (call: WireCall) => AsyncIterable<WireChunk>,
  { ids = systemId, clock = systemClock, keepsReasoning = false }: BridgeOptions = {},
): AsyncIterable<WireChunk> {
  const places: number[] = []
  const body = chatRequest(call.body, { keepsReasoning, places })
  const cache = planAt(call.cache, places)
  const chunks = openChat({ ...call, api: 'chat', body, text: undefined, ...(cache !== undefined && { cache }) })
  const answer = createAnswer(call.body, ids, clock)
  return call.stream ? bridgeStream(chunks, answer, clock) : bridgeWhole(chunks, answer)
}

/** How long usage may come after the end was told: less than a router waits for an answer that has ended, which would be cut short. */
const AFTER_END_MS = 2_000

async function* bridgeStream(chunks: AsyncIterable<WireChunk>, answer: Answer, clock: Clock): AsyncGenerator<WireChunk> {
  const iterator = chunks[Symbol.asyncIterator]()
  let latest: WireChunk | undefined
  try {
    for (;;) {
      const step = await (answer.isEnding() ? within(AFTER_END_MS, iterator.next(), clock) : iterator.next())
      if (step === undefined || step.done === true) break
      latest = step.value
      yield { ...latest, bytes: answer.add(readEvents(latest.bytes), latest.reading) }
    }
  } catch (error) {
    // What becomes of the line after the end was told takes nothing from the answer.
    if (!answer.isEnding()) throw error
  } finally {
    // Not waited for: it may never answer.
    iterator.return?.().then(undefined, () => undefined)
  }
  if (latest !== undefined && answer.isEnding()) yield { ...latest, bytes: answer.end(), reading: { meaningful: false } }
}

/** What it comes to in time, else `undefined`. */
async function within<Value>(ms: number, promise: Promise<Value>, clock: Clock): Promise<Value | undefined> {
  let cancel = () => {}
  const late = new Promise<undefined>(resolve => (cancel = clock.after(ms, () => resolve(undefined))))
  try {
    return await Promise.race([promise, late])
  } finally {
    cancel()
  }
}

async function* bridgeWhole(chunks: AsyncIterable<WireChunk>, answer: Answer): AsyncGenerator<WireChunk> {
  for await (const chunk of chunks) yield { ...chunk, bytes: answer.whole(chunk) }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

interface Answer {
  /** Takes what the chat says in one chunk; the events that say so. */
  add(payloads: readonly unknown[], reading: WireChunk['reading']): Uint8Array
  /** The end is told, and the last event is not. */
  isEnding(): boolean
  end(): Uint8Array
  whole(chunk: WireChunk): Uint8Array
}

/** The client sends what it was told back item by item; others refer to items by their ids, and nothing is kept here. */
const bringsItemsBack = ({ store, include }: Json): boolean =>
  store === false || (Array.isArray(include) && include.includes('reasoning.encrypted_content'))

function createAnswer(request: Json, ids: NewId, clock: Clock): Answer {
  const stream = createEventStream()
  const output = createOutput(stream.emit, ids, { seals: bringsItemsBack(request) })
  const usage: Partial<Usage> = {}
  let head: ResponseHead | undefined
  let finish: FinishReason | undefined
  let isOver = false

  const seconds = () => Math.floor(clock.wall() / 1_000)

  function begin(answering: unknown): ResponseHead {
    const model = [answering, request['model']].find(name => typeof name === 'string') ?? ''
    head = { id: `resp_${ids()}`, createdAt: seconds(), model, request }
    stream.emit('response.created', { response: responseObject(head) })
    stream.emit('response.in_progress', { response: responseObject(head) })
    return head
  }

  function finishWith(ended: FinishReason, error?: { message: string }): Json {
    isOver = true
    const status = statusOf({ finish: ended, ...(error && { error }) })
    const response = responseObject(head ?? begin(undefined), {
      finish: ended,
      output: output.close(status !== 'completed'),
      usage,
      completedAt: seconds(),
      ...(error && { error }),
    })
    stream.emit(`response.${status}`, { response })
    return response
  }

  return {
    add(payloads, reading) {
      Object.assign(usage, reading.usage)
      finish ??= reading.finish
      for (const payload of payloads) {
        const { choices, model } = jsonOf(payload)
        if (head === undefined && Array.isArray(choices)) begin(model)
        const choice = objectsOf(choices).find(({ index = 0 }) => index === 0)
        if (choice !== undefined && !isOver) output.add(jsonOf(choice['delta']), choice['logprobs'])
      }
      if (!isOver && reading.failure !== undefined) finishWith('error', reading.failure)
      // Usage comes with the end or after it; what came before may be counted on.
      if (!isOver && finish !== undefined && reading.usage !== undefined) finishWith(finish)
      return stream.take()
    },
    isEnding: () => !isOver && finish !== undefined,
    end() {
      finishWith(finish!)
      return stream.take()
    },
    whole({ bytes, reading }) {
      const body = jsonOf(JSON.parse(decoder.decode(bytes)))
      const choice = jsonOf(objectsOf(body['choices'])[0])
      Object.assign(usage, reading.usage)
      begin(body['model'])
      output.add(jsonOf(choice['message']), choice['logprobs'])
      return encoder.encode(JSON.stringify(finishWith(reading.finish ?? 'other', reading.failure)))
    },
  }
}
