import type { LanguageModelV4FilePart, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { Reader } from './reader.ts'

/** Where the last turn begins: what stands before it has been answered. */
const startOfTurn = (prompt: LanguageModelV4Prompt): number => prompt.findLastIndex(({ role }) => role === 'assistant') + 1

/** The media type of a file in this turn that the reader's package throws at, or silently leaves out. */
export function untakenFile(prompt: LanguageModelV4Prompt, reader: Reader): string | undefined {
  for (const message of prompt.slice(startOfTurn(prompt))) {
    if (message.role !== 'user') continue
    for (const part of message.content) if (part.type === 'file' && !takesFile(part, reader)) return part.mediaType
  }
  return undefined
}

/** Files of earlier turns that the reader's package would throw at are named in place of being shown. */
export function withShownFiles(prompt: LanguageModelV4Prompt, reader: Reader): LanguageModelV4Prompt {
  let shown: LanguageModelV4Prompt | undefined
  for (const [at, message] of prompt.slice(0, startOfTurn(prompt)).entries()) {
    if (message.role !== 'user' || message.content.every(part => part.type !== 'file' || takesFile(part, reader))) continue
    const content = message.content.map(part => (part.type !== 'file' || takesFile(part, reader) ? part : named(part)))
    ;(shown ??= [...prompt])[at] = { ...message, content }
  }
  return shown ?? prompt
}

const named = ({ mediaType, filename }: LanguageModelV4FilePart) => ({
  type: 'text' as const,
  text: `[A file of type ${mediaType}${filename === undefined ? '' : `, ${filename}`}, which cannot be shown here.]`,
})

/** As the packages read files of users' messages. */
function takesFile({ data, mediaType }: LanguageModelV4FilePart, { family, names, responses }: Reader): boolean {
  const [top = '', sub] = mediaType.split('/', 2)
  if (family === 'bedrock' || family === 'openrouter') return true
  if (data.type === 'reference') return takesReference(data.reference, family, names)
  // Types that are not told in full are found out by the packages, from the data.
  const isPdf = mediaType === 'application/pdf' || (top === 'application' && (sub === undefined || sub === '*'))
  const isImage = top === 'image'
  switch (family) {
    case 'google':
      return true
    case 'anthropic':
      return data.type === 'text' || isImage || isPdf || mediaType === 'text/plain'
    case 'openai':
      if (data.type === 'text') return false
      if (responses) return isImage || isPdf || data.type === 'url'
      return isImage || (data.type === 'data' && (isPdf || /^audio\/(wav|mp3|mpeg)$/.test(mediaType)))
    case 'mistral':
      return data.type !== 'text' && (isImage || isPdf)
    case 'xai':
      return data.type !== 'text' && (isImage || data.type === 'url')
    case 'openai-compatible':
      if (data.type === 'text') return top === 'text'
      return isImage || top === 'video' || top === 'text' || (data.type === 'data' && (isPdf || /^audio\/(wav|mp3|mpeg)$/.test(mediaType)))
    case 'groq':
    case 'deepseek':
    case 'gateway':
      return data.type !== 'text' && isImage
  }
}

function takesReference(reference: Readonly<Record<string, string>>, family: Reader['family'], names: readonly string[]): boolean {
  return family !== 'mistral' && family !== 'groq' && names.some(name => reference[name] !== undefined)
}
