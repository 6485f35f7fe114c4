import type { Media } from '@routewise/core'

type Fields = Record<string, unknown>

/** What a content block shows or plays, in any of the notations that LangChain's integrations take; `undefined` for text. */
export function readMedia(block: object): Media | undefined {
  const fields = block as Fields
  switch (fields['type']) {
    case 'image_url': {
      const image = fields['image_url']
      const { url, detail } = typeof image === 'string' ? { url: image, detail: undefined } : ((image ?? {}) as Fields)
      return { kind: 'image', reference: typeof url === 'string' ? url : '', ...(isDetail(detail) && { detail }) }
    }
    case 'image':
    case 'input_image':
      return { kind: 'image', reference: referenceOf(fields) }
    case 'audio':
    case 'input_audio':
      return { kind: 'audio', reference: referenceOf(fields) }
    case 'file':
    case 'input_file':
    case 'document':
    case 'media':
    case 'inlineData':
      return byMimeType(fields)
    default:
      return undefined
  }
}

function byMimeType(fields: Fields): Media | undefined {
  const inner = [fields, fields['source'], fields['file'], fields['inlineData']].filter(isFields)
  const mimeType = inner.map(part => part['mimeType'] ?? part['mime_type'] ?? part['media_type']).find(value => typeof value === 'string')
  const reference = referenceOf(fields)
  if (typeof mimeType !== 'string') return { kind: 'pdf', reference }
  if (mimeType.startsWith('image/')) return { kind: 'image', reference }
  if (mimeType.startsWith('audio/')) return { kind: 'audio', reference }
  return mimeType.startsWith('text/') ? undefined : { kind: 'pdf', reference }
}

/** What tells one medium from another: its address, or its data. */
function referenceOf(fields: Fields): string {
  for (const part of [fields, fields['source'], fields['file'], fields['input_audio'], fields['inlineData']]) {
    if (!isFields(part)) continue
    for (const name of ['url', 'data', 'fileId', 'id', 'file_id', 'file_data', 'fileUri', 'image_url']) {
      const value = part[name]
      if (typeof value === 'string' && value !== '') return value
      if (value instanceof Uint8Array) return Buffer.from(value.subarray(0, 4096)).toString('base64')
    }
  }
  return ''
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isDetail = (value: unknown): value is 'low' | 'high' | 'auto' => value === 'low' || value === 'high' || value === 'auto'
