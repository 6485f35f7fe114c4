import { newestEmbeddingModel, type EmbeddingModel } from '@routewise/ai-sdk/target'
import { isJson, parseOptions, type Json, type TargetIo } from '@routewise/core'
import * as z from 'zod'
import type { WireCall, WireChunk, WireTarget } from '../call.ts'
import { embeddingCard } from '../openai/embedding-card.ts'
import { failureOf } from './failure.ts'
import { mergeOptions } from './marks.ts'
import { listAt, numberAt, UntranslatableError } from './untranslatable.ts'

/** What the router should know of an embedding model. */
export interface AiSdkEmbeddingFacts {
  /** Id that receipts and clients name it by. Default: the model's own. */
  id?: string
  /** Name of its vector space: vectors are compared with others of their own space only. Default: the model's own id. */
  space?: string
  /** USD per million input tokens. Default: the catalog's; without either the cost is not known. */
  price?: { input: number }
  /** Account or key that is billed: rate limits are per account. Default: the provider. */
  account?: string
  /** Labels that `allow` and `deny` select by. */
  tags?: readonly string[]
}

const name = z.string().min(1)

const schema = z.strictObject({
  model: z.custom<EmbeddingModel>(isEmbeddingModel, "expected an embedding model, such as openai.embedding('text-embedding-3-small')"),
  id: name.exactOptional(),
  space: name.exactOptional(),
  price: z.strictObject({ input: z.number().min(0) }).exactOptional(),
  account: name.exactOptional(),
  tags: z.array(name).readonly().exactOptional(),
})

/**
 * Any embedding model of the AI SDK as a target behind the OpenAI-compatible endpoint: `aiSdkEmbeddingTarget(google.embedding('…'))`.
 * @throws RouterError `invalid_option` for what is no embedding model, or a fact that is none.
 */
export function aiSdkEmbeddingTarget(given: EmbeddingModel, facts: AiSdkEmbeddingFacts = {}): WireTarget {
  const { model: any, id, space, price, account, tags } = parseOptions(schema, { model: given, ...facts }, 'aiSdkEmbeddingTarget')
  const model = newestEmbeddingModel(any)
  const target = id ?? model.modelId
  return {
    kind: 'embedding',
    id: target,
    card: embeddingCard(model.modelId, model.provider, price?.input),
    model: model.modelId,
    space: space ?? model.modelId,
    ...(account !== undefined && { account }),
    ...(tags !== undefined && { tags }),
    async *open(call: WireCall, io: TargetIo): AsyncGenerator<WireChunk> {
      const { vectors, tokens } = await embed(model, call, io)
      const body = {
        object: 'list',
        data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding: encoded(embedding, call.body) })),
        model: model.modelId,
        usage: { prompt_tokens: tokens ?? 0, total_tokens: tokens ?? 0 },
      }
      const usage = tokens === undefined ? {} : { usage: { inputTokens: tokens, outputTokens: 0 } }
      yield { target, bytes: new TextEncoder().encode(JSON.stringify(body)), reading: { meaningful: true, finish: 'stop', ...usage } }
    },
    failure: error => failureOf(error, []),
  }
}

/** The vectors of a request, in as many calls as the model needs for them. */
async function embed(model: ReturnType<typeof newestEmbeddingModel>, { body, headers }: WireCall, io: TargetIo) {
  const values = valuesOf(body['input'])
  const dimensions = numberAt(body['dimensions'], 'dimensions')
  const { provider_options: own } = body
  const most = (await model.maxEmbeddingsPerCall) ?? Number.POSITIVE_INFINITY
  const vectors: (readonly number[])[] = []
  let tokens: number | undefined = 0
  while (vectors.length < values.length) {
    const part = values.slice(vectors.length, vectors.length + most)
    const result = await model.doEmbed({
      values: part,
      abortSignal: io.signal,
      ...(dimensions !== undefined && { dimensions }),
      ...(headers !== undefined && { headers: { ...headers } }),
      ...(isJson(own) && { providerOptions: mergeOptions(undefined, own) }),
    })
    io.onHeaders(result.response?.headers)
    if (result.embeddings.length !== part.length)
      throw new Error(`Expected ${part.length} embeddings, but received ${result.embeddings.length}.`)
    vectors.push(...result.embeddings)
    tokens = tokens === undefined || result.usage === undefined ? undefined : tokens + result.usage.tokens
  }
  return { vectors, tokens }
}

function valuesOf(input: unknown): string[] {
  if (typeof input === 'string') return [input]
  return listAt(input, 'input').map((value, at) => {
    if (typeof value === 'string') return value
    throw new UntranslatableError(`input[${at}]`, 'this model is sent texts, not tokens')
  })
}

/** As the client wants it: numbers, or their bytes in base64, which the openai SDK asks for. */
function encoded(vector: readonly number[], { encoding_format: format }: Json): readonly number[] | string {
  if (format !== 'base64') return vector
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4)
  return bytes.toString('base64')
}

function isEmbeddingModel(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'specificationVersion' in value && 'doEmbed' in value
}
