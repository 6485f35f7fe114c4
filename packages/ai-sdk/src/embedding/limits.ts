import type { EmbeddingModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider'

/** What a promise gives, or the value itself. */
type Eventual<Value> = PromiseLike<Value> | Value

// The SDK looks for these beside the specification; see `embedMany`.
const MAX_INPUT_BYTES = Symbol.for('vercel.ai.embeddingModel.maxInputBytesPerCall')
const OPTIONS_TRANSFORMER = Symbol.for('vercel.ai.embeddingModel.providerOptionsTransformer')

/** Fits the provider's options to the part of the values that one call takes. */
type OptionsTransformer = (batch: {
  providerOptions: SharedV4ProviderOptions | undefined
  values: string[]
  startIndex: number
  endIndex: number
}) => Eventual<SharedV4ProviderOptions | undefined>

/** How many values a call may have that every one of these models is to be able to take; `undefined`: as many as one likes. */
export const sharedMaxEmbeddings = (models: readonly EmbeddingModelV4[]): EmbeddingModelV4['maxEmbeddingsPerCall'] =>
  smallest(models.map(model => model.maxEmbeddingsPerCall))

/** Whether all of these models take several calls at once. */
export function sharedParallelCalls(models: readonly EmbeddingModelV4[]): EmbeddingModelV4['supportsParallelCalls'] {
  const flags = models.map(model => model.supportsParallelCalls)
  return flags.some(isPromise) ? tell(flags).then(told => told.every(isTrue)) : flags.every(isTrue)
}

/** What the SDK asks of a model beside its specification, so that every one of these can take a call. */
export function sharedBatching(models: readonly EmbeddingModelV4[]): PropertyDescriptorMap {
  const bytes = () => models.map(model => Reflect.get(model, MAX_INPUT_BYTES) as Eventual<number | undefined>)
  const transformers = models.flatMap(model => (Reflect.get(model, OPTIONS_TRANSFORMER) as OptionsTransformer | undefined) ?? [])
  return {
    [MAX_INPUT_BYTES]: { get: () => smallest(bytes()), enumerable: true },
    ...(transformers.length > 0 && { [OPTIONS_TRANSFORMER]: { value: inTurn(transformers), enumerable: true } }),
  }
}

/** The smallest that is told; `undefined` where nobody tells one. Whoever fails to tell has none. */
function smallest(limits: readonly Eventual<number | undefined>[]): Eventual<number | undefined> {
  const least = (told: readonly (number | undefined)[]) => {
    const known = told.filter(limit => limit !== undefined && limit !== null)
    return known.length === 0 ? undefined : Math.min(...known)
  }
  return limits.some(isPromise) ? tell(limits).then(least) : least(limits as (number | undefined)[])
}

/** One model that cannot tell must not keep the others from answering. */
const tell = <Value>(values: readonly Eventual<Value>[]): Promise<(Value | undefined)[]> =>
  Promise.all(values.map(value => Promise.resolve(value).catch(() => undefined)))

const isTrue = (flag: unknown): boolean => flag === true

const isPromise = (value: unknown): boolean => typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'

/** Each sees the options as they came, and changes those of its own provider. */
function inTurn(transformers: readonly OptionsTransformer[]): OptionsTransformer {
  return async batch => {
    let { providerOptions } = batch
    for (const transform of transformers) {
      const fitted = await transform(batch)
      const changed = Object.entries(fitted ?? {}).filter(([provider, options]) => options !== batch.providerOptions?.[provider])
      if (changed.length > 0) providerOptions = { ...providerOptions, ...Object.fromEntries(changed) }
    }
    return providerOptions
  }
}
