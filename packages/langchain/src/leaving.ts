/** Reason given to the attempts of a stream whose reader has gone. */
const READER_LEFT = new DOMException('The reader left the stream.', 'AbortError')

/**
 * A stream that can be left while its next chunk is awaited. LangChain's readers pull one chunk ahead, and a generator puts `return()` in
 * a queue behind that chunk: a provider that is silent would go on, and be paid, until it speaks.
 */
export function leavable<Value>(
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => AsyncGenerator<Value>,
): AsyncGenerator<Value> {
  const leaving = new AbortController()
  const onAbort = () => leaving.abort(signal?.reason)
  if (signal?.aborted === true) onAbort()
  else signal?.addEventListener('abort', onAbort, { once: true })
  const unlink = () => signal?.removeEventListener('abort', onAbort)
  const inner = open(leaving.signal)
  const step = async (next: Promise<IteratorResult<Value>>): Promise<IteratorResult<Value>> => {
    try {
      const result = await next
      if (result.done === true) unlink()
      return result
    } catch (error) {
      unlink()
      if (leaving.signal.reason === READER_LEFT) return { done: true, value: undefined }
      throw error
    }
  }
  const leave = () => {
    unlink()
    leaving.abort(READER_LEFT)
  }
  return {
    next: () => step(inner.next()),
    return(value) {
      leave()
      return step(inner.return(value))
    },
    throw(error) {
      leave()
      return step(inner.throw(error))
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      leave()
      await step(inner.return(undefined))
    },
  }
}
