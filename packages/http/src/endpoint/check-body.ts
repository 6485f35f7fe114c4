import { RequestError, tooLarge } from './request-error.ts'

/**
 * Refuses a body by its headers, before a byte of it is read.
 * @throws RequestError 413 over `maxBytes`; 415 for a body that is compressed, or no JSON in UTF-8: a form or a text can be sent by any page
 * of another site, without asking.
 */
export function checkBody(header: (name: string) => string | undefined, maxBytes: number): void {
  const encoding = header('content-encoding')
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw unsupportedMedia(`The request body is compressed (content-encoding: ${encoding.slice(0, 40)}). Send it as it is.`)
  if (!isJsonType(header('content-type')))
    throw unsupportedMedia('The request body must be JSON in UTF-8. Send it with the header `content-type: application/json`.')
  if (Number(header('content-length')) > maxBytes) throw tooLarge(maxBytes)
}

export const unsupportedMedia = (message: string): RequestError =>
  new RequestError(message, { status: 415, code: 'unsupported_media_type' })

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * The text of a body, without the mark that some editors put before it.
 * @throws RequestError 400 for what is not UTF-8: with its letters replaced it would be another request.
 */
export function decodeBody(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new RequestError('We could not parse the JSON body of your request. It is not UTF-8.', { status: 400 })
  }
}

function isJsonType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false
  if (contentType === 'application/json') return true
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';', 8)
    .map(part => part.trim())
  const charset = parameters.find(parameter => parameter.startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  return isUtf8 && (type === 'application/json' || type.endsWith('+json'))
}
