import type { SharedV4ProviderMetadata } from '@ai-sdk/provider'
import { plainReceipt, RouterError, type Receipt } from '@routewise/core'

/** Receipts of errors that are not ours. */
const receipts = new WeakMap<object, Receipt>()

/** Remembers what the call did that ended in this error, which stays as its model threw it. */
export function keepReceipt(error: unknown, receipt: Receipt | undefined): void {
  if (typeof error === 'object' && error !== null && receipt !== undefined) receipts.set(error, receipt)
}

/**
 * The receipt of a call: what was considered, what was done, what it cost. Takes a result of the AI SDK's (`await generateText(…)`, a step,
 * an embedding), its `providerMetadata`, or the error that a routed model threw; `undefined` when no routed model is behind it.
 */
export function receiptOf(source: unknown): Receipt | undefined {
  if (typeof source !== 'object' || source === null) return undefined
  if (RouterError.isInstance(source)) return source.receipt
  const { providerMetadata, routewise } = source as { providerMetadata?: { routewise?: unknown }; routewise?: unknown }
  const given = (providerMetadata?.routewise ?? routewise) as Receipt | { images: readonly Receipt[] } | undefined
  // Of images the SDK keeps what each of them has to say.
  return given !== undefined && 'images' in given ? given.images[0] : (given ?? receipts.get(source))
}

/** A result, or the end of a stream, with the receipt among its provider metadata. */
export function withReceipt<Result extends { providerMetadata?: SharedV4ProviderMetadata }>(result: Result, receipt: Receipt): Result {
  // Plain data, but for TypeScript an interface is no record.
  const routewise = plainReceipt(receipt) as unknown as SharedV4ProviderMetadata[string]
  return { ...result, providerMetadata: { ...result.providerMetadata, routewise } }
}
