import { objectsOf, type Json } from '@routewise/core'
import { withMembers, type WireCall, type WireChunk } from '../call.ts'
import { itemsFor } from './items.ts'
import { ProviderError } from './provider-error.ts'

/** Ids that are remembered; the oldest go first. */
const MAX_IDS = 10_000

/**
 * Encrypted thoughts can be read by the account that they were made for, and nothing about them tells which that is: a server that has
 * refused them is asked once more without, and gets them no more. Source: OpenAI's error `invalid_encrypted_content`.
 */
export function createThoughtFilter(provider: string | undefined) {
  const refused = new Set<string>()
  const knows = (id: string): boolean | undefined => (refused.has(id) ? false : undefined)

  function remember(ids: readonly string[]): void {
    for (const id of ids) refused.add(id)
    for (const id of refused) {
      if (refused.size <= MAX_IDS) break
      refused.delete(id)
    }
  }

  function without(call: WireCall): WireCall {
    const input = itemsFor(call.body['input'], { provider, knows })
    return input === undefined ? call : withMembers(call, { input })
  }

  /** Asks with the thoughts that the server is not known to refuse. */
  return (call: WireCall, open: (call: WireCall) => AsyncIterable<WireChunk>): AsyncIterable<WireChunk> => {
    if (call.api !== 'responses' || encryptedIds(call.body).length === 0) return open(call)
    return asked(refused.size === 0 ? call : without(call))

    async function* asked(first: WireCall): AsyncGenerator<WireChunk> {
      let hasBegun = false
      try {
        for await (const chunk of open(first)) {
          hasBegun = true
          yield chunk
        }
      } catch (error) {
        const ids = encryptedIds(first.body)
        if (hasBegun || ids.length === 0 || !isRefusal(error)) throw error
        remember(ids)
        yield* open(without(first))
      }
    }
  }
}

const encryptedIds = ({ input }: Json): readonly string[] =>
  Array.isArray(input) ? objectsOf(input).flatMap(item => (isEncrypted(item) && typeof item['id'] === 'string' ? [item['id']] : [])) : []

const isEncrypted = (item: Json): boolean => item['type'] === 'reasoning' && typeof item['encrypted_content'] === 'string'

const isRefusal = (error: unknown): boolean =>
  error instanceof ProviderError && (error.code === 'invalid_encrypted_content' || /encrypted content .*could not be/i.test(error.message))
