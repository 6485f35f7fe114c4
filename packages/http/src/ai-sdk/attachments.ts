import type { LanguageModelV4File, LanguageModelV4Source } from '@ai-sdk/provider'
import type { Json } from '@routewise/core'

/** A page that an answer rests on, as OpenAI cites it, at the place where it is named; nothing for a document, which has no address. */
export function annotationOf(source: LanguageModelV4Source, at: number): readonly Json[] {
  if (source.sourceType !== 'url') return []
  const { url, title = url } = source
  return [{ type: 'url_citation', url_citation: { url, title, start_index: at, end_index: at } }]
}

/** A picture that a model has made, as OpenRouter's clients get it; nothing for other files. */
export function imageOf({ mediaType, data }: LanguageModelV4File): readonly Json[] {
  if (!mediaType.startsWith('image')) return []
  if (data.type === 'url') return [{ type: 'image_url', image_url: { url: data.url.href } }]
  const base64 = typeof data.data === 'string' ? data.data : Buffer.from(data.data).toString('base64')
  return [{ type: 'image_url', image_url: { url: `data:${mediaType};base64,${base64}` } }]
}
