import type { RerankingModelV4CallOptions, RerankingModelV4Result } from '@ai-sdk/provider'
import { estimateTokens, type Usage } from '@routewise/core'
import type { RerankingPrice } from './options.ts'

/** Documents of one billed search. Source: https://cohere.com/pricing, "a query with up to 100 documents". */
const DOCUMENTS_PER_SEARCH = 100

/** Tokens of the documents and of the query, which is read with each of them; and searches, which have the place of output tokens. */
export function rerankingSize({ documents, query }: RerankingModelV4CallOptions): { inputTokens: number; outputTokens: number } {
  const texts = documents.values.map(value => (typeof value === 'string' ? value : JSON.stringify(value)))
  const tokens = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
  return { inputTokens: tokens + texts.length * estimateTokens(query), outputTokens: Math.ceil(texts.length / DOCUMENTS_PER_SEARCH) }
}

/**
 * What is billed, as the provider tells it in its own body: searches (Cohere: `meta.billed_units.search_units`) or tokens (Cohere:
 * `meta.tokens.input_tokens`; Voyage and Jina: `usage.total_tokens`). Where it does not, input tokens are left to the core's estimate.
 */
export function rerankingUsage(
  { response }: RerankingModelV4Result,
  options: RerankingModelV4CallOptions,
  price: RerankingPrice | undefined,
): Partial<Usage> {
  const searches = count(response?.body, 'meta', 'billed_units', 'search_units')
  const tokens = count(response?.body, 'usage', 'total_tokens') ?? count(response?.body, 'meta', 'tokens', 'input_tokens')
  const bySearch = price === undefined ? searches !== undefined : price.per1000Searches !== undefined
  const byToken = price === undefined ? tokens !== undefined : price.input !== undefined
  const isTold = bySearch === byToken ? searches !== undefined && tokens !== undefined : (bySearch ? searches : tokens) !== undefined
  const outputTokens = bySearch ? (searches ?? rerankingSize(options).outputTokens) : 0
  return isTold ? { inputTokens: (byToken ? tokens : undefined) ?? 0, outputTokens } : { outputTokens }
}

function count(body: unknown, ...path: readonly string[]): number | undefined {
  let value = body
  for (const field of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
