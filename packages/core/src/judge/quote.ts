import type { Answer } from '../types.ts'

const CUT = '\n[…]\n'

/** At most about `maxChars` of a text: the middle goes. Half of what is left is the end, where a request asks and an answer concludes. */
export function shorten(text: string, maxChars: number): string {
  const half = Math.floor(maxChars / 2)
  return text.length <= maxChars ? text : `${text.slice(0, half)}${CUT}${text.slice(text.length - half)}`
}

/**
 * An answer as text for the prompt of `askModel`: cut in the middle to `maxChars` (default 8000), and between `<answer>` tags that it
 * cannot close itself. Tool calls follow the text, as JSON.
 */
export function quoteAnswer({ text, toolCalls }: Answer, { maxChars = 8_000 }: { maxChars?: number } = {}): string {
  const calls = toolCalls.map(call => JSON.stringify({ tool: call.name, arguments: call.arguments }))
  const shown = shorten([...(text === '' ? [] : [text]), ...calls].join('\n'), maxChars)
  return `<answer>\n${shown.replaceAll(/<(?=[\s/]*answer)/gi, '&lt;')}\n</answer>`
}
