import { jsonOf, type Json, type Reading } from '@routewise/core'
import type { WireCall } from '../call.ts'
import { scanJson, UNBOUNDED } from '../json/scan.ts'
import { readChatAnswer, readEmbeddings, readResponsesAnswer } from './answer.ts'
import { requestedTier } from './event-wire.ts'
import { asEvents } from './as-events.ts'
import { asksForUsage } from './request.ts'
import { errorIn, errorSaid, ProviderError } from './provider-error.ts'
import type { FlavourTraits } from './flavour.ts'
import { withRequiredMembers } from './required-members.ts'
import { withPlainContent } from './thinking-parts.ts'
import type { Headers } from './response.ts'
import type { Secrets } from './secrets.ts'

interface AboutAnswer {
  secrets: Secrets
  headers: Headers
  traits: FlavourTraits
}

/** What a whole answer says, beside its bytes. @throws ProviderError where the body is none: an error, or no JSON. */
export function readWholeAnswer(
  bytes: Buffer,
  call: WireCall,
  { secrets, headers, traits }: AboutAnswer,
): { bytes: Buffer; reading: Reading } {
  const text = bytes.toString()
  const body = parsed(text, call)
  const said = errorIn(body) ?? failureWithin(jsonOf(body))
  if (said !== undefined) throw errorSaid(said, secrets.known(), { headers })
  const answer = jsonOf(body)
  return { bytes: bytesFor(call, bytes, text, answer, traits), reading: readingOf(answer, call) }
}

function bytesFor(call: WireCall, bytes: Buffer, text: string, answer: Json, traits: FlavourTraits): Buffer {
  if (call.stream && call.api === 'chat') return asEvents(traits.thinkingParts ? withPlainContent(answer) : answer, asksForUsage(call.body))
  if (call.stream) throw new ProviderError('The server answered whole where a stream was asked for.', { type: 'server_error' })
  return call.api === 'chat' ? chatBytes(bytes, text, answer, traits) : bytes
}

/** The bytes as OpenAI's clients know them: mostly those that came. */
function chatBytes(bytes: Buffer, text: string, answer: Json, { thinkingParts }: FlavourTraits): Buffer {
  const plain = thinkingParts && text.includes('"thinking"') ? withPlainContent(answer) : undefined
  const written = plain === undefined ? text : JSON.stringify(plain)
  const mended = withRequiredMembers(written, plain ?? answer)
  return mended === undefined && plain === undefined ? bytes : Buffer.from(mended ?? written)
}

function readingOf(body: Json, { api, body: request }: WireCall): Reading {
  if (api === 'embeddings') return readEmbeddings(body)
  return api === 'responses' ? readResponsesAnswer(body) : readChatAnswer(body, requestedTier(request))
}

function parsed(text: string, { api }: WireCall): unknown {
  try {
    return api === 'embeddings' ? withoutVectors(text) : JSON.parse(text)
  } catch {
    // The parser's error quotes what it could not read, which may be anything.
    throw new ProviderError('The answer is no JSON, or only part of it.', { type: 'SyntaxError' })
  }
}

/** Vectors can be many megabytes, and none of their numbers is looked at. */
function withoutVectors(text: string): Json {
  const body: Record<string, unknown> = {}
  let hasVectors = false
  for (const { key, valueStart, end } of scanJson(text, { ...UNBOUNDED, maxDepth: 64 })) {
    if (key === 'data') hasVectors = true
    else body[key] = JSON.parse(text.slice(valueStart, end))
  }
  if (!text.trimEnd().endsWith('}') || (!hasVectors && body['error'] === undefined)) throw new SyntaxError('It has no list of vectors.')
  return body
}

/** A response of OpenAI's Responses that has failed without saying why. */
const failureWithin = ({ status }: Json) =>
  status === 'failed' || status === 'cancelled' ? { message: `The provider ended its answer as ${status}.` } : undefined
