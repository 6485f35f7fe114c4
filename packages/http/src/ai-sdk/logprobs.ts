import type { SharedV4ProviderMetadata } from '@ai-sdk/provider'
import { isJson, objectsOf, type Json } from '@routewise/core'

/** Log-probabilities of an answer as OpenAI writes them; `null`: the package hands none on. */
export function chatLogprobs(metadata: SharedV4ProviderMetadata | undefined): Json | null {
  for (const name in metadata) {
    const given: unknown = metadata[name]?.['logprobs']
    if (given === undefined || given === null) continue
    const tokens: unknown = Array.isArray(given) ? given.flat() : isJson(given) ? given['content'] : undefined
    return { content: objectsOf(tokens).map(withBytes), refusal: null }
  }
  return null
}

const encoder = new TextEncoder()

/** The packages leave out the bytes, which clients join where a character is of several tokens. */
function withBytes({ token, logprob, bytes, top_logprobs: top }: Json): Json {
  const own = bytes ?? (typeof token === 'string' ? [...encoder.encode(token)] : null)
  return { token, logprob, bytes: own, top_logprobs: objectsOf(top).map(withBytesAlone) }
}

function withBytesAlone({ token, logprob, bytes }: Json): Json {
  return { token, logprob, bytes: bytes ?? (typeof token === 'string' ? [...encoder.encode(token)] : null) }
}
