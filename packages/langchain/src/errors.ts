import { RouterError } from '@routewise/core'
import { ContextOverflowError, stampRetryable } from '@langchain/core/errors'

/**
 * An error as users of LangChain expect it. An abort is an `AbortError` (or, by its signal's reason, a `TimeoutError`) with the
 * RouterError in its `cause`; a RouterError about the window is a `ContextOverflowError`, too; what asking again cannot heal says so.
 */
export function toLangChainError(error: unknown): unknown {
  if (!RouterError.isInstance(error)) return error
  if (error.code === 'aborted') return abortError(error)
  if (isOverflow(error)) Object.assign(error, overflowBrand())
  if (error.code !== 'all_attempts_failed' && error.code !== 'stream_interrupted' && error.code !== 'deadline') stampRetryable(error, false)
  return error
}

function abortError(error: RouterError): Error {
  const reason: unknown = error.cause
  const { name, message } =
    reason instanceof Error ? reason : { name: 'AbortError', message: typeof reason === 'string' ? reason : 'Aborted' }
  const abort = new Error(message, { cause: error })
  abort.name = name === 'Error' ? 'AbortError' : name
  return stampRetryable(abort, false)
}

function isOverflow({ code, failures }: RouterError): boolean {
  if (code === 'context_overflow') return true
  return code === 'all_attempts_failed' && failures.length > 0 && failures.every(({ kind }) => kind === 'context_overflow')
}

/** LangChain's errors are told by symbols, so that copies of its core agree. */
function overflowBrand(): Record<symbol, unknown> {
  const model = new ContextOverflowError()
  return Object.fromEntries(Object.getOwnPropertySymbols(model).flatMap(key => (Reflect.get(model, key) === true ? [[key, true]] : [])))
}
