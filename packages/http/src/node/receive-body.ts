import type { IncomingMessage } from 'node:http'
import { checkBody, decodeBody, unsupportedMedia } from '../endpoint/check-body.ts'
import { RequestError, tooLarge } from '../endpoint/request-error.ts'

/**
 * The body of a request: what the app's own parser has made of it (`parsed`), else its text.
 * @throws RequestError 400, 413 or 415 for a body that is refused; 500 where something has read it and left nothing.
 */
export async function bodyOf(req: IncomingMessage, parsed: unknown, maxBytes: number): Promise<string | object> {
  if (wasParsed(req, parsed)) return typeof parsed === 'string' || isObject(parsed) ? fromParser(req, parsed) : String(parsed)
  checkBody(name => headerOf(req, name), maxBytes)
  if (req.readableDidRead || req.destroyed)
    throw new RequestError(
      'Something has read the body of this request before the endpoint could. Mount the endpoint before it, or let it put what it read into `body`.',
      { status: 500, type: 'server_error', code: 'body_already_read' },
    )
  return decodeBody(await read(req, maxBytes))
}

/** Value of a header by its lower-case name. */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.join(', ')
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Parsers of Express 4 leave an empty object where they found nothing to parse. */
function wasParsed(req: IncomingMessage, parsed: unknown): boolean {
  if (parsed === undefined || parsed === null) return false
  return req.readableDidRead || typeof parsed !== 'object' || Object.keys(parsed).length > 0
}

function fromParser(req: IncomingMessage, parsed: string | object): string | object {
  if (typeof parsed === 'string') return parsed
  if (parsed instanceof Uint8Array) return decodeBody(parsed)
  const type = headerOf(req, 'content-type') ?? ''
  if (type.startsWith('application/x-www-form-urlencoded') || type.startsWith('multipart/'))
    throw unsupportedMedia('The request body is a form. Send JSON, with the header `content-type: application/json`.')
  return parsed
}

/** Bytes of a refused body that are let through. How long that may take is the server's `requestTimeout`. */
const DROPPED_BYTES = 16 * 2 ** 20

/** Lets the rest of a body through: most clients read no answer before they have sent all. One that does not end is cut off. */
export function dropRest(req: IncomingMessage): void {
  let bytes = 0
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > DROPPED_BYTES) req.destroy()
  })
}

/** By its events: an iterator over them costs several promises for each request. */
function read(req: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) return void chunks.push(chunk)
      req.off('data', onData)
      reject(tooLarge(maxBytes))
    }
    const onBroken = () => reject(new RequestError('The request ended before its body did.', { status: 400 }))
    const onEnd = () => {
      // It closes after a good end, too, and an error costs more than all else here.
      req.off('close', onBroken)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, bytes))
    }
    req.on('data', onData)
    req.on('end', onEnd)
    req.on('error', onBroken)
    req.on('close', onBroken)
  })
}
