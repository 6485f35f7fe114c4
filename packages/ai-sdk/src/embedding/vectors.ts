import { InvalidResponseDataError, type EmbeddingModelV4CallOptions, type EmbeddingModelV4Result } from '@ai-sdk/provider'
import type { VectorSpace } from './options.ts'

/** Lengths that calls have asked for in so many ways are remembered; callers ask in few. */
const MAX_WAYS = 100

/**
 * Checks the vectors of a space: as many as there are values, all of one length, and of the length that the space has for calls that ask
 * alike. Vectors of another length could not be compared with those that are stored. Gives the error for an answer that fails.
 */
export function createVectorCheck({ name, candidates, dimensions }: VectorSpace) {
  const lengths = new Map<string, number>(dimensions === undefined ? [] : [['', dimensions]])
  const isShared = candidates.length > 1

  return ({ embeddings }: EmbeddingModelV4Result, options: EmbeddingModelV4CallOptions, id: string): Error | undefined => {
    const { values } = options
    if (embeddings.length !== values.length)
      return invalid(embeddings, `Expected ${values.length} embeddings, but received ${embeddings.length}.`)
    const [first] = embeddings
    if (first === undefined) return undefined
    const length = first.length
    const odd = embeddings.find(vector => vector.length !== length)
    if (length === 0 || odd !== undefined) {
      return invalid(embeddings, `"${id}" gave vectors of ${length} and ${odd?.length ?? length} numbers in one answer.`)
    }
    const way = wayOf(options)
    // A model alone may take a wish for a length as it likes; among several it is what holds them together.
    const expected = (isShared ? options.dimensions : undefined) ?? lengths.get(way)
    if (expected !== undefined && expected !== length) {
      return invalid(
        embeddings,
        `"${id}" gave vectors of ${length} numbers, and those of its space "${name}" have ${expected}: give it a space of its own.`,
      )
    }
    if (expected === undefined && lengths.size < MAX_WAYS) lengths.set(way, length)
    return undefined
  }
}

/** Which length a call asks for: by its own option, or by a number among those of a provider. Empty: it does not ask. */
function wayOf({ dimensions, providerOptions = {} }: EmbeddingModelV4CallOptions): string {
  const asked = Object.entries(providerOptions).flatMap(([provider, options]) =>
    Object.entries(options).flatMap(([option, value]) => (typeof value === 'number' ? [`${provider}.${option}=${value}`] : [])),
  )
  return [...(dimensions === undefined ? [] : [String(dimensions)]), ...asked].join()
}

// The data is left out of the message: it may be megabytes of numbers.
const invalid = (data: unknown, message: string): Error => new InvalidResponseDataError({ data, message })
