import { jsonOf, type Json, type Reading } from '@routewise/core'
import type { WireCall } from '../call.ts'
import { scanJson } from '../json/scan.ts'
import { readChatAnswer, readEmbeddings, readResponsesAnswer } from './answer.ts'
import { requestedTier } from './event-wire.ts'
import { errorIn, errorSaid, ProviderError } from './provider-error.ts'
import type { Headers } from './response.ts'
import type { Secrets } from './secrets.ts'

/** What a whole answer says, beside its bytes. @throws ProviderError where the body is none: an error, or no JSON. */
export function readWholeAnswer(
  bytes: Buffer,
  call: WireCall,
  { secrets, headers }: { secrets: Secrets; headers: Headers },
): { bytes: Buffer; reading: Reading } {
  const body = parsed(bytes, call)
  const said = errorIn(body) ?? failureWithin(jsonOf(body))
  if (said !== undefined) throw errorSaid(said, secrets.known(), { headers })
  return { bytes, reading: readingOf(jsonOf(body), call) }
}

function readingOf(body: Json, { api, body: request }: WireCall): Reading {
  if (api === 'embeddings') return readEmbeddings(body)
  return api === 'responses' ? readResponsesAnswer(body) : readChatAnswer(body, requestedTier(request))
}

function parsed(bytes: Buffer, { api }: WireCall): unknown {
  const text = bytes.toString()
  try {
    return api === 'embeddings' ? withoutVectors(text) : JSON.parse(text)
  } catch (cause) {
    throw new ProviderError('The answer is no JSON, or only part of it.', { type: 'SyntaxError', cause })
  }
}

/** Vectors can be many megabytes, and none of their numbers is looked at. */
function withoutVectors(text: string): Json {
  const body: Record<string, unknown> = {}
  let hasVectors = false
  for (const { key, valueStart, end } of scanJson(text, { maxDepth: 64, maxItems: Number.POSITIVE_INFINITY })) {
    if (key === 'data') hasVectors = true
    else body[key] = JSON.parse(text.slice(valueStart, end))
  }
  if (!text.trimEnd().endsWith('}') || (!hasVectors && body['error'] === undefined)) throw new SyntaxError('It has no list of vectors.')
  return body
}

/** A response of OpenAI's Responses that has failed without saying why. */
const failureWithin = ({ status }: Json) =>
  status === 'failed' || status === 'cancelled' ? { message: `The provider ended its answer as ${status}.` } : undefined
