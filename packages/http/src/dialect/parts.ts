import { isJson, jsonOf, type Json, type Media } from '@routewise/core'
import type { Draft } from './chat-blocks.ts'
import { isMarked } from './marks.ts'

/** Adds what a part of a content says, shows or plays, in the notation of either API. */
export function readPart(part: unknown, draft: Draft): void {
  if (typeof part === 'string') return void draft.texts.push(part)
  if (!isJson(part)) return
  if (isMarked(part)) draft.marked = true
  switch (part['type']) {
    case 'text':
    case 'input_text':
    case 'output_text':
    case 'summary_text':
    case 'reasoning_text':
      return addText(part['text'], draft)
    case 'refusal':
      return addText(part['refusal'], draft)
    case 'image_url':
    case 'input_image':
      return addMedium(readImage(part), draft)
    case 'input_audio':
      return addMedium({ kind: 'audio', reference: textOf(jsonOf(part['input_audio'])['data']) }, draft)
    case 'file':
    case 'input_file':
      return readFile(isJson(part['file']) ? part['file'] : part, draft)
    default:
      draft.texts.push(JSON.stringify(part))
  }
}

function addText(text: unknown, draft: Draft): void {
  if (typeof text === 'string') draft.texts.push(text)
}

function addMedium(medium: Media, draft: Draft): void {
  ;(draft.media ??= []).push(medium)
}

/** Chats write `image_url: { url, detail }`, the Responses API `image_url` and `detail`. */
function readImage(part: Json): Media {
  const { image_url: image, file_id: id } = part
  const { url, detail } = isJson(image) ? image : { url: image ?? id, detail: part['detail'] }
  const reference = readAddress(textOf(url)).reference
  return isDetail(detail) ? { kind: 'image', reference, detail } : { kind: 'image', reference }
}

function readFile({ file_data: data, file_url: url, file_id: id }: Json, draft: Draft): void {
  const { mediaType, reference } = readAddress(textOf(data ?? url ?? id))
  switch (mediaType?.split('/', 1)[0]) {
    case 'image':
      return addMedium({ kind: 'image', reference }, draft)
    case 'audio':
      return addMedium({ kind: 'audio', reference }, draft)
    case 'text':
      return void draft.texts.push(decode(reference))
    default:
      return addMedium({ kind: 'pdf', reference }, draft)
  }
}

/** What tells one medium from another: its address or, of a data URL, its data, as they are known by on the other faces. */
function readAddress(address: string): { mediaType?: string; reference: string } {
  if (!address.startsWith('data:')) return { reference: address }
  const comma = address.indexOf(',')
  if (comma < 0) return { reference: address }
  return { mediaType: address.slice('data:'.length, comma).split(';', 1)[0]!, reference: address.slice(comma + 1) }
}

/** Text of a file; of bytes one character each, which is near enough to count them. */
function decode(base64: string): string {
  try {
    return atob(base64)
  } catch {
    return base64
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const isDetail = (value: unknown): value is 'low' | 'high' | 'auto' => value === 'low' || value === 'high' || value === 'auto'
