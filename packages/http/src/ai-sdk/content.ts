import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from '@ai-sdk/provider'
import { jsonOf, type Json } from '@routewise/core'
import { marked } from './marks.ts'
import { shown, textAt, UntranslatableError } from './untranslatable.ts'

export type ContentPart = LanguageModelV4TextPart | LanguageModelV4FilePart

/** A part of a message as the AI SDK has it. @throws UntranslatableError for one that it has no word for, naming its `field`. */
export function partOf(part: Json, field: string): ContentPart {
  switch (part['type']) {
    case 'text':
      return { type: 'text', text: textAt(part['text'], `${field}.text`), ...marked(part) }
    case 'refusal':
      return { type: 'text', text: textAt(part['refusal'], `${field}.refusal`), ...marked(part) }
    case 'image_url': {
      const { url, detail } = jsonOf(part['image_url'])
      const closeness = typeof detail === 'string' ? [{ provider_options: { openai: { imageDetail: detail } } }] : []
      return { type: 'file', ...dataAt(url, 'image', `${field}.image_url.url`), ...marked(...closeness, part) }
    }
    case 'video_url':
      return { type: 'file', ...dataAt(jsonOf(part['video_url'])['url'], 'video', `${field}.video_url.url`), ...marked(part) }
    case 'input_audio': {
      const { data, format } = jsonOf(part['input_audio'])
      const mediaType = format === 'mp3' ? 'audio/mpeg' : `audio/${textAt(format, `${field}.input_audio.format`)}`
      return { type: 'file', mediaType, data: { type: 'data', data: textAt(data, `${field}.input_audio.data`) }, ...marked(part) }
    }
    case 'file':
      return { ...fileOf(jsonOf(part['file']), `${field}.file`), ...marked(part) }
    default:
      throw new UntranslatableError(`${field}.type`, `a part of type ${shown(part['type'])} cannot be sent to this model`)
  }
}

function fileOf({ file_data: data, file_id: id, filename }: Json, field: string): LanguageModelV4FilePart {
  if (id !== undefined && id !== null)
    throw new UntranslatableError(`${field}.file_id`, 'a file that was uploaded to OpenAI cannot be read here: send its `file_data`')
  const named = typeof filename === 'string' ? { filename } : {}
  const text = textAt(data, `${field}.file_data`)
  if (text.startsWith('data:')) return { type: 'file', ...dataAt(text, 'application/pdf', `${field}.file_data`), ...named }
  return { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: text }, ...named }
}

type FileData = Pick<LanguageModelV4FilePart, 'mediaType' | 'data'>

/** Data in a `data:` URL, or the address where it is, which the provider reads by itself: nothing is downloaded here. */
function dataAt(given: unknown, mediaType: string, field: string): FileData {
  const url = textAt(given, field)
  if (url.startsWith('data:')) return inlineData(url, mediaType, field)
  if (!URL.canParse(url)) throw new UntranslatableError(field, 'expected a URL that begins with `https:` or `data:`')
  const parsed = new URL(url)
  return { mediaType, data: { type: 'url', url: parsed, ...(parsed.href !== url && { originalUrl: url }) } }
}

/** By positions: a pattern would read megabytes more than once. */
function inlineData(url: string, otherwise: string, field: string): FileData {
  const comma = url.indexOf(',')
  if (comma === -1) throw new UntranslatableError(field, 'a `data:` URL without a comma has no data')
  const [mediaType, ...parameters] = url.slice('data:'.length, comma).split(';')
  const given = url.slice(comma + 1)
  const data = parameters.includes('base64') ? given : base64Of(given, field)
  return { mediaType: mediaType === undefined || mediaType === '' ? otherwise : mediaType, data: { type: 'data', data } }
}

/** Data that is written as in the rest of a URL. */
function base64Of(given: string, field: string): string {
  try {
    return Buffer.from(decodeURIComponent(given)).toString('base64')
  } catch {
    throw new UntranslatableError(field, 'the data of this `data:` URL is neither base64 nor well escaped')
  }
}
