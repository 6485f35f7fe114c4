import type { LanguageModelV4FilePart } from '@ai-sdk/provider'
import type { Media } from '@routewise/core'

/** A file in a prompt: of a user's or an assistant's message, of its reasoning, or of a tool's result. */
export type FilePart = Pick<LanguageModelV4FilePart, 'data' | 'mediaType' | 'providerOptions'>

/** What a file shows or plays; `undefined` for one that is read as text. What is neither image, audio nor text counts as a document. */
export function readMedia({ data, mediaType, providerOptions }: FilePart): Media | undefined {
  if (data.type === 'text') return undefined
  const reference = referenceOf(data)
  switch (mediaType.split('/', 1)[0]) {
    case 'image': {
      const detail = detailOf(providerOptions)
      return { kind: 'image', reference, ...(detail !== undefined && { detail }) }
    }
    case 'audio':
      return { kind: 'audio', reference }
    case 'text':
      // Whoever is sent an address reads the text there, of a length that nobody knows here.
      return data.type === 'data' ? undefined : { kind: 'pdf', reference }
    default:
      return { kind: 'pdf', reference }
  }
}

/** Text of a file that is read as text; of bytes one character each, which is near enough to count them. */
export function textOfFile({ data }: FilePart): string {
  if (data.type === 'text') return data.text
  if (data.type !== 'data') return ''
  if (typeof data.data !== 'string') return decoder.decode(data.data)
  try {
    return atob(data.data)
  } catch {
    return data.data
  }
}

const decoder = new TextDecoder()

/** Bytes at either end that tell one file from another, beside its size. */
const END_BYTES = 1_024

/** What tells one medium from another: its address, or its data. */
function referenceOf(data: Exclude<FilePart['data'], { type: 'text' }>): string {
  switch (data.type) {
    case 'url':
      return data.originalUrl ?? data.url.href
    case 'reference':
      return JSON.stringify(data.reference)
    case 'data': {
      const { data: content } = data
      if (typeof content === 'string') return content
      return `${String.fromCharCode(...content.subarray(0, END_BYTES))}${content.length}${String.fromCharCode(...content.subarray(-END_BYTES))}`
    }
  }
}

/** How closely an image is to be looked at, by whichever provider's option says so. */
function detailOf(options: FilePart['providerOptions']): 'low' | 'high' | 'auto' | undefined {
  if (options === undefined) return undefined
  for (const { imageDetail } of Object.values(options)) {
    if (imageDetail === 'low' || imageDetail === 'high' || imageDetail === 'auto') return imageDetail
  }
  return undefined
}
