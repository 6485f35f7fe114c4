/** What OpenAI's error bodies say beside their message. */
export interface ErrorFacts {
  status: number
  type?: string
  /** Field of the request at fault. */
  param?: string | null
  code?: string | null
  /** Response headers, by lower-case name. */
  headers?: Readonly<Record<string, string>>
}

/** A request that is answered with an error before any model is asked; the message is for its sender. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number
  readonly type: string
  readonly param: string | null
  readonly code: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(message: string, { status, type = 'invalid_request_error', param = null, code = null, headers = {} }: ErrorFacts) {
    super(message)
    this.status = status
    this.type = type
    this.param = param
    this.code = code
    this.headers = headers
  }
}

/** What was sent, in a message to its sender: quoted and short. */
export const quoted = (value: string): string => JSON.stringify(value.length > 100 ? `${value.slice(0, 99)}…` : value)

/** For a body that is longer than the endpoint takes. */
export const tooLarge = (maxBytes: number): RequestError =>
  new RequestError(`The request body is longer than the ${maxBytes} bytes that are allowed. Shorten it, or raise \`maxBodyBytes\`.`, {
    status: 413,
    code: 'request_too_large',
  })
