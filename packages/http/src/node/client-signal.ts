import type { ServerResponse } from 'node:http'

/** Reason given to the signal of a request whose client has gone. */
const CLIENT_LEFT = new DOMException('The client left.', 'AbortError')

/** Aborted when the client leaves before its answer is written. By the response: a request closes as soon as its body is read. */
export function clientSignal(res: ServerResponse): AbortSignal {
  const left = new AbortController()
  const onClose = () => {
    if (!res.writableFinished) left.abort(CLIENT_LEFT)
  }
  // The client of a request that had to wait may have gone already.
  if (res.destroyed) onClose()
  else res.once('close', onClose)
  return left.signal
}
