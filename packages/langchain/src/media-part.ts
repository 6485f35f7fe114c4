type Fields = Readonly<Record<string, unknown>>

/** A medium, whatever the notation of the block that holds it. */
export interface MediaPart {
  kind: 'image' | 'audio' | 'video' | 'document' | 'text'
  mimeType: string | undefined
  /** Base64. */
  data: string | undefined
  url: string | undefined
  /** Id that a provider has given to an upload. */
  fileId: string | undefined
  detail: string | undefined
  filename: string | undefined
  /** Of a text that is attached as a document. */
  text: string | undefined
}

const kindByType: Readonly<Record<string, MediaPart['kind']>> = {
  image_url: 'image',
  image: 'image',
  input_image: 'image',
  audio: 'audio',
  input_audio: 'audio',
  video: 'video',
  'text-plain': 'text',
  file: 'document',
  input_file: 'document',
  document: 'document',
  media: 'document',
  inlineData: 'document',
}

/** Reads a content block in any of the notations of LangChain's integrations, old and new; `undefined`: it shows and plays nothing. */
export function readMediaPart(block: object): MediaPart | undefined {
  const fields = block as Fields
  const type = String(fields['type'])
  const inner = [fields, ...['source', 'file', 'inlineData', 'input_audio', 'image_url', 'metadata'].map(name => fields[name])].filter(
    isFields,
  )
  const first = (...names: readonly string[]): string | undefined => {
    for (const part of inner) {
      for (const name of names) {
        const value = part[name]
        if (typeof value === 'string' && value !== '') return value
        if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
      }
    }
    return undefined
  }
  // Gemini's oldest notation names the block by its MIME type.
  const isMime = /^(image|audio|video|application)\/[\w.+-]+$/.test(type)
  const kind = isMime ? 'document' : kindByType[type]
  if (kind === undefined) return undefined
  const located =
    first('url', 'fileUri', 'file_url', 'image_url') ?? (typeof fields['image_url'] === 'string' ? fields['image_url'] : undefined)
  const given = first('data', 'file_data')
  const inline = dataUrl(located) ?? dataUrl(given)
  const format = first('format')
  const mimeType =
    inline?.mimeType ??
    first('mimeType', 'mime_type', 'media_type') ??
    (isMime ? type : format === undefined ? undefined : `audio/${format}`)
  const isText = fields['source_type'] === 'text' || (isFields(fields['source']) && fields['source']['type'] === 'text')
  return {
    kind: isText ? 'text' : kindOf(kind, mimeType),
    mimeType,
    data: isText ? undefined : (inline?.data ?? given),
    url: inline === undefined ? located : undefined,
    fileId: first('fileId', 'file_id') ?? (fields['source_type'] === 'id' ? first('id') : undefined),
    detail: first('detail'),
    filename: first('filename', 'title', 'name'),
    text: kind === 'text' || isText ? first('text', 'data') : undefined,
  }
}

function kindOf(kind: MediaPart['kind'], mimeType = ''): MediaPart['kind'] {
  if (kind !== 'document') return kind
  const [family] = mimeType.split('/')
  return family === 'image' || family === 'audio' || family === 'video' ? family : 'document'
}

function dataUrl(url: string | undefined): { mimeType: string; data: string } | undefined {
  if (url === undefined || !url.startsWith('data:')) return undefined
  const [head = '', data = ''] = url.split(',', 2)
  const [mimeType = '', ...parameters] = head.slice('data:'.length).split(';')
  return parameters.includes('base64') ? { mimeType, data } : undefined
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
