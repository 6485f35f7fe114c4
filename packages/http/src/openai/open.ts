import type { ModelCard, Reading, TargetIo } from '@routewise/core'
import type { WireCall, WireChunk } from '../call.ts'
import { createBatchReader } from './batch-reader.ts'
import { SILENT } from './event-reading.ts'
import { createEventCutter } from './event-cutter.ts'
import type { Server } from './server.ts'
import { ProviderError, errorOfResponse } from './provider-error.ts'
import { bodyOf, pathOf } from './request.ts'
import { readWhole, send, type PulledResponse } from './response.ts'
import type { Secrets } from './secrets.ts'
import { createEventWire } from './event-wire.ts'
import { scrub } from './scrub.ts'
import { readWholeAnswer } from './whole-answer.ts'

/** One model at one server. */
export interface Model {
  /** Id of the target. */
  target: string
  card: ModelCard
  server: Server
  secrets: Secrets
  headersOf(call: WireCall): string[] | Promise<string[]>
}

/** Longest body of an error; what follows it says no more. */
const MAX_ERROR_BYTES = 64 * 1024

/** Asks a model, and gives its answer in pieces as they come. */
export function openAnswer(model: Model, call: WireCall, io: TargetIo): AsyncIterable<WireChunk> {
  return call.stream ? openStream(model, call, io) : once(() => askWhole(model, call, io))
}

/** An answer in one piece. By hand: a generator would put more promises between it and its reader. */
function once(ask: () => Promise<WireChunk>): AsyncIterable<WireChunk> {
  let asked = false
  const iterator: AsyncIterator<WireChunk, undefined> = {
    async next() {
      if (asked) return { done: true, value: undefined }
      asked = true
      return { done: false, value: await ask() }
    },
  }
  return { [Symbol.asyncIterator]: () => iterator }
}

async function askWhole(model: Model, call: WireCall, { signal, onHeaders }: TargetIo): Promise<WireChunk> {
  const response = await ask(model, call, signal)
  try {
    await response.arrived(model.server.maxResponseBytes)
    onHeaders(response.headers)
    await requireAnswer(response, model)
    return await whole(response, model, call)
  } finally {
    response.close()
  }
}

async function* openStream(model: Model, call: WireCall, { signal, onHeaders }: TargetIo): AsyncGenerator<WireChunk, void, void> {
  const response = await ask(model, call, signal)
  try {
    await response.begun()
    onHeaders(response.headers)
    await requireAnswer(response, model)
    if (isEventStream(response)) yield* events(response, model, call)
    else yield await whole(response, model, call)
  } finally {
    response.close()
  }
}

function ask(model: Model, call: WireCall, signal: AbortSignal): PulledResponse | Promise<PulledResponse> {
  const { server, headersOf, card } = model
  const { origin } = server
  const path = pathOf(server, call.api)
  const body = bodyOf(call, server, card)
  const headers = headersOf(call)
  if (headers instanceof Promise) return headers.then(found => send({ origin, path, headers: found, body }, signal))
  return send({ origin, path, headers, body }, signal)
}

/** @throws ProviderError where it is none. */
async function requireAnswer(response: PulledResponse, model: Model): Promise<void> {
  if (response.status >= 300) throw await refusal(response, model)
  // None was asked for: something between us and the provider has packed it all the same.
  if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') throw packed(response, model)
}

/** Whole events of a stream as they come, each network read in one piece. */
async function* events(
  response: PulledResponse,
  { target, server, secrets }: Model,
  call: WireCall,
): AsyncGenerator<WireChunk, void, void> {
  const cutter = createEventCutter(server.maxResponseBytes)
  const reader = createBatchReader(createEventWire(call, server.traits, secrets))
  for (let bytes = await response.read(); bytes !== undefined; bytes = await response.read()) {
    const batch = cutter.cut(bytes)
    if (batch === undefined) continue
    const piece = reader.read(batch)
    if (piece.bytes.length > 0 || says(piece.reading)) yield { target, bytes: piece.bytes, reading: piece.reading }
  }
  const last = reader.end()
  if (last !== undefined) yield { target, bytes: last, reading: SILENT }
}

const says = ({ usage, finish, failure }: Reading): boolean => usage !== undefined || finish !== undefined || failure !== undefined

async function whole(response: PulledResponse, { target, server, secrets }: Model, call: WireCall): Promise<WireChunk> {
  const bytes = await readWhole(response, server.maxResponseBytes)
  if (bytes === undefined) {
    throw new ProviderError(`The answer is longer than ${server.maxResponseBytes} bytes. Raise \`maxResponseBytes\` to take it.`, {
      status: response.status,
    })
  }
  const { bytes: passed, reading } = readWholeAnswer(bytes, call, { secrets, headers: response.headers, traits: server.traits })
  return { target, bytes: passed, reading }
}

async function refusal(response: PulledResponse, { server, secrets }: Model): Promise<ProviderError> {
  const { status, headers } = response
  if (status < 400) {
    return new ProviderError(
      `The server at ${server.origin} answered with a redirect (${status}), which is not followed: set \`baseURL\` to where its API is.`,
      { code: 'not_found_error' },
    )
  }
  const body = await readWhole(response, MAX_ERROR_BYTES)
  return errorOfResponse(status, headers, body?.toString() ?? '', secrets.known())
}

function packed({ status, headers }: PulledResponse, { secrets }: Model): ProviderError {
  const message = `The answer came packed as ${scrub(String(headers['content-encoding']), secrets.known()).slice(0, 100)}, which was not asked for: let no proxy compress it.`
  return new ProviderError(message, { status, type: 'server_error' })
}

function isEventStream({ headers }: PulledResponse): boolean {
  const type = headers['content-type']
  return typeof type !== 'string' || type.toLowerCase().startsWith('text/event-stream')
}
