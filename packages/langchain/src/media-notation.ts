import type { Capabilities } from '@routewise/core'
import type { MediaPart } from './media-part.ts'

type Block = Readonly<Record<string, unknown>>

/** How a class takes messages: OpenAI's two APIs, and those of others. */
export type Form = 'chat' | 'responses' | 'anthropic' | 'google' | 'mistral' | 'groq'

/** What a model sees and hears. */
export type Senses = Pick<Capabilities, 'vision' | 'pdf' | 'audio'>

/** Whether a class takes a block as it is and sends what it holds. */
export function isNative(block: Block, form: Form, isV1: boolean): boolean {
  const { type } = block
  const isStandard = block['source_type'] === undefined && !(block['data'] instanceof Uint8Array)
  const isPlain = isStandard && ['url', 'data', 'fileId'].some(name => typeof block[name] === 'string')
  switch (form) {
    case 'chat':
      if (type === 'image_url' || type === 'input_audio' || (type === 'file' && 'file' in block)) return true
      // Of two notations LangChain has, its integration knows the older in all messages, the newer in those that say that they are of it.
      if (isV1 && isPlain)
        return (type === 'image' && block['fileId'] === undefined) || type === 'audio' || (type === 'file' && block['url'] === undefined)
      return block['source_type'] === 'base64' || (block['source_type'] === 'url' && type === 'image')
    case 'responses':
      if (type === 'image_url' || type === 'input_image' || type === 'input_file') return true
      return (
        (isV1 && isPlain && type !== 'audio') || (type === 'file' && block['source_type'] !== undefined && block['source_type'] !== 'text')
      )
    case 'anthropic':
      // Blocks of the older notation are sent twice.
      if (type === 'document' || (type === 'image' && 'source' in block)) return true
      if (type === 'image_url') return /^(https?:|data:)/.test(urlOf(block))
      return isPlain && (type === 'image' || type === 'file')
    case 'google':
      if (type === 'image_url') return urlOf(block).startsWith('data:')
      if (type === 'media') return true
      if (isPlain && block['fileId'] === undefined) return ['image', 'audio', 'video', 'file', 'text-plain'].includes(String(type))
      return (block['source_type'] !== undefined && block['source_type'] !== 'id') || String(type).includes('/')
    case 'mistral':
    case 'groq':
      return type === 'image_url'
  }
}

/** The medium as a class takes it from a user; `undefined`: it, or its model, cannot. */
export function writeMedia(part: MediaPart, form: Form, senses: Senses): Block | undefined {
  if (part.kind === 'text') return part.text === undefined ? undefined : { type: 'text', text: part.text }
  if (!perceives(part, senses, form)) return undefined
  switch (form) {
    case 'chat':
      return forChat(part)
    case 'responses':
      return forResponses(part)
    case 'anthropic':
      return forAnthropic(part)
    case 'google':
      return forGoogle(part)
    case 'mistral':
    case 'groq':
      return part.kind === 'image' ? imageUrl(part) : undefined
  }
}

function perceives({ kind }: MediaPart, { vision, pdf, audio }: Senses, form: Form): boolean {
  if (kind === 'image') return vision
  if (kind === 'audio') return audio
  return kind === 'video' ? form === 'google' : pdf
}

const urlOf = ({ image_url: image }: Block): string => {
  const url = typeof image === 'string' ? image : (image as Block | undefined)?.['url']
  return typeof url === 'string' ? url : ''
}

const inlineUrl = ({ data, mimeType }: MediaPart, otherwise: string): string | undefined =>
  data === undefined ? undefined : `data:${mimeType ?? otherwise};base64,${data}`

function imageUrl(part: MediaPart): Block | undefined {
  const url = part.url ?? inlineUrl(part, 'image/png')
  return url === undefined
    ? undefined
    : { type: 'image_url', image_url: { url, ...(part.detail !== undefined && { detail: part.detail }) } }
}

/** What OpenAI and Anthropic call their uploads; an id of the one means nothing to the other. */
const openaiFile = ({ fileId }: MediaPart): string | undefined => (fileId?.startsWith('file-') === true ? fileId : undefined)
const anthropicFile = ({ fileId }: MediaPart): string | undefined => (fileId?.startsWith('file_') === true ? fileId : undefined)

function forChat(part: MediaPart): Block | undefined {
  if (part.kind === 'image') return imageUrl(part)
  if (part.kind === 'audio') {
    const format = /^audio\/(?:x-)?(wav|mp3|mpeg)$/.exec(part.mimeType ?? '')?.[1]
    if (part.data === undefined || format === undefined) return undefined
    return { type: 'input_audio', input_audio: { data: part.data, format: format === 'mpeg' ? 'mp3' : format } }
  }
  const id = openaiFile(part)
  if (id !== undefined) return { type: 'file', file: { file_id: id } }
  const data = inlineUrl(part, 'application/pdf')
  return data === undefined ? undefined : { type: 'file', file: { file_data: data, filename: part.filename ?? 'document.pdf' } }
}

function forResponses(part: MediaPart): Block | undefined {
  const id = openaiFile(part)
  if (part.kind === 'image') return id === undefined ? imageUrl(part) : { type: 'input_image', file_id: id, detail: part.detail ?? 'auto' }
  if (part.kind !== 'document') return undefined
  if (id !== undefined) return { type: 'input_file', file_id: id }
  if (part.url !== undefined) return { type: 'input_file', file_url: part.url }
  const data = inlineUrl(part, 'application/pdf')
  return data === undefined ? undefined : { type: 'input_file', file_data: data, filename: part.filename ?? 'document.pdf' }
}

function forAnthropic(part: MediaPart): Block | undefined {
  if (part.kind !== 'image' && part.kind !== 'document') return undefined
  const type = part.kind
  const id = anthropicFile(part)
  if (id !== undefined) return { type, source: { type: 'file', file_id: id } }
  if (part.url !== undefined) return /^https?:/.test(part.url) ? { type, source: { type: 'url', url: part.url } } : undefined
  if (part.data === undefined) return undefined
  const mimeType = part.mimeType ?? (type === 'image' ? 'image/png' : 'application/pdf')
  return { type, source: { type: 'base64', media_type: mimeType, data: part.data } }
}

function forGoogle({ kind, mimeType, data, url }: MediaPart): Block | undefined {
  if (data === undefined && url === undefined) return undefined
  const type = kind === 'document' ? 'file' : kind
  const known = mimeType ?? (kind === 'document' ? 'application/pdf' : undefined)
  return { type, ...(known !== undefined && { mimeType: known }), ...(data === undefined ? { url } : { data }) }
}

const shown: Readonly<Record<MediaPart['kind'], string>> = {
  image: '(An image was shown here.)',
  audio: '(A recording was played here.)',
  video: '(A film was shown here.)',
  document: '(A document was attached here.)',
  text: '(A text was attached here.)',
}

/** What stands for a medium that a model cannot be given. */
export const placeholderOf = ({ kind }: MediaPart): Block => ({ type: 'text', text: shown[kind] })
