import { APICallError } from '@ai-sdk/provider'
import { RouterError } from '@routewise/core'
import { keepReceipt } from './receipt.ts'

/**
 * An error as users of the AI SDK expect it. An abort is its signal's own reason. What one attempt alone has thrown is thrown on as it is;
 * of several, a `RouterError` that is an `APICallError`, too, where a provider's answer is behind it. None of them is `isRetryable`: the
 * SDK's retries would only multiply the router's.
 */
export function toAiSdkError(error: unknown, signal?: AbortSignal): unknown {
  if (!RouterError.isInstance(error)) return error
  if (error.code === 'aborted') return signal?.aborted === true ? signal.reason : error
  const only = onlyFailure(error)
  if (only === undefined) return withCallFacts(error)
  const own = notRetryable(only.cause)
  keepReceipt(own, error.receipt)
  return own
}

/** The failure of a call that made one attempt; `undefined` for several, and for one that no error of the model's tells of. */
function onlyFailure({ failures, receipt }: RouterError): { cause: unknown } | undefined {
  const [failure] = failures
  return receipt?.attempts.length === 1 && failure?.cause !== undefined ? failure : undefined
}

/** A copy, where the original says that asking again may help. */
function notRetryable(error: unknown): unknown {
  if (!(error instanceof Error) || (error as { isRetryable?: unknown }).isRetryable !== true) return error
  const copy = new Error(error.message)
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object)
  const isRetryable = { value: false, enumerable: true, configurable: true, writable: true }
  return Object.defineProperties(copy, { ...Object.getOwnPropertyDescriptors(error), isRetryable })
}

/** Errors of the AI SDK are told by symbols, so that copies of its packages agree. */
function withCallFacts(error: RouterError): RouterError {
  const call = error.failures.findLast(({ cause }) => APICallError.isInstance(cause))?.cause
  if (!APICallError.isInstance(call)) return error
  const { url, requestBodyValues, statusCode, responseHeaders, responseBody, data } = call
  const facts = { url, requestBodyValues, statusCode, responseHeaders, responseBody, data, isRetryable: false }
  for (const [name, value] of Object.entries(facts)) Object.defineProperty(error, name, { value, configurable: true })
  Object.setPrototypeOf(error, Object.getPrototypeOf(call) as object)
  for (const brand of brandsOf(call)) Object.defineProperty(error, brand, { value: true })
  return error
}

const brandsOf = (error: object): readonly symbol[] =>
  Object.getOwnPropertySymbols(error).filter(symbol => Reflect.get(error, symbol) === true)
