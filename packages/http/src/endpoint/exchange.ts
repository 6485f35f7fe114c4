/** A request as the endpoint needs it, whatever server it came through. */
export interface EndpointRequest<Native = unknown> {
  method: string
  /** Below the path the endpoint is mounted at, such as `/chat/completions`. */
  path: string
  /** Value of a header by its lower-case name. */
  header(name: string): string | undefined
  /** Reads the body: its text, or what the app's own parser has made of it. Rejects with a `RequestError` where it is over `maxBytes`. */
  body(maxBytes: number): Promise<string | object>
  /** Aborted when the client has left. */
  signal: AbortSignal
  /** What the server itself calls a request: options that are functions get it. */
  native: Native
}

/** An answer on its way to the client. */
export interface EndpointResponse {
  status: number
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>
  /** Whole, or piece by piece: whoever stops reading cancels the provider. */
  body: string | Uint8Array | AsyncIterable<Uint8Array>
}

/**
 * Answers requests of OpenAI's API; `undefined`: the path is none of the endpoint's. Rejects with what a function among the options throws:
 * all else that goes wrong is an answer.
 */
export type Handler<Native = unknown> = (request: EndpointRequest<Native>) => Promise<EndpointResponse | undefined>
