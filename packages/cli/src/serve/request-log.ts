import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Receipt, type Usage, withContext } from '@routewise/core'
import { duration, integer, usd } from '../text/figures.ts'
import type { Style } from '../text/style.ts'

/** One request as it was answered. */
export interface LoggedRequest {
  /** ISO 8601, when it came. */
  at: string
  method: string
  path: string
  status: number
  /** The client left before its answer was over. */
  left: boolean
  totalMs: number
  /** Absent where no model was asked. */
  receipt: Receipt | undefined
}

/** How long a client that has left is waited for to be accounted for. */
const LAST_RECEIPT_MS = 2_000

/** Runs what answers a request, and tells of it when it is over and paid for. */
export function logRequest(
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => void,
  log: (one: LoggedRequest) => void,
): void {
  const at = new Date().toISOString()
  const startedAt = performance.now()
  const [path = '/'] = (request.url ?? '/').split('?', 1)
  let receipt: Receipt | undefined
  let tell: (() => void) | undefined
  response.once('close', () => {
    const left = !response.writableFinished
    const totalMs = performance.now() - startedAt
    tell = () => {
      tell = undefined
      clearTimeout(late)
      log({ at, method: request.method ?? '', path, status: response.statusCode, left, totalMs, receipt })
    }
    // What a cancelled call has cost is known once its provider has been cancelled.
    const late = left && receipt === undefined ? setTimeout(() => tell?.(), LAST_RECEIPT_MS) : undefined
    if (late === undefined) tell()
  })
  const onReceipt = (one: Receipt) => {
    receipt = one
    tell?.()
  }
  withContext({ onReceipt }, answer)
}

/** The request as one line for people. */
export function requestLine({ at, method, path, status, left, totalMs, receipt }: LoggedRequest, style: Style): string {
  const time = style.dim(new Date(at).toTimeString().slice(0, 8))
  const result = left ? style.bad('left') : status < 400 ? style.good(String(status)) : style.bad(String(status))
  const line = `${time}  ${result.padEnd(4)} ${method} ${path}`
  if (receipt === undefined) return `${line}  ${duration(totalMs)}`
  const { attempts, costUsd } = receipt
  const { model = 'no model', usage } = lastOf(receipt)
  const cached = usage.cacheReadTokens > 0 ? ` (${integer(usage.cacheReadTokens)} cached)` : ''
  const tokens = `${integer(usage.inputTokens)}${cached} → ${integer(usage.outputTokens)} tokens`
  const tries = attempts.length > 1 ? `  ${attempts.length} attempts` : ''
  return `${line}  ${style.bold(model)}  ${tokens}  ${usd(costUsd)}  ${duration(totalMs)}${tries}`
}

/** The attempt that answered; where none did, the last one made. */
const lastOf = ({ target, model, usage, attempts }: Receipt): { model?: string; usage: Usage } =>
  target === undefined ? (attempts.at(-1) ?? { usage }) : { ...(model !== undefined && { model }), usage }

/** The request as one line of JSON. */
export function requestJson({ receipt, totalMs, ...request }: LoggedRequest): string {
  const line = { type: 'request', ...request, totalMs: Math.round(totalMs) }
  return JSON.stringify(receipt === undefined ? line : { ...line, ...factsOf(receipt) })
}

function factsOf(receipt: Receipt) {
  const { target, attempts, costUsd, estimated, firstTokenMs } = receipt
  const { model, usage } = lastOf(receipt)
  const { inputTokens, cacheReadTokens, outputTokens } = usage
  return { model, target, attempts: attempts.length, inputTokens, cacheReadTokens, outputTokens, costUsd, estimated, firstTokenMs }
}
