import type { Answer } from '../types.ts'

/** Half of what is left after a cut is the end: that is where an answer concludes. */
const CUT = '\n[…]\n'

/**
 * An answer as text for the prompt of `askModel`: cut in the middle to `maxChars` (default 8000), and between `<answer>` tags that it
 * cannot close itself. Tool calls follow the text, as JSON.
 */
export function quoteAnswer({ text, toolCalls }: Answer, { maxChars = 8_000 }: { maxChars?: number } = {}): string {
  const calls = toolCalls.map(call => JSON.stringify({ tool: call.name, arguments: call.arguments }))
  const whole = [...(text === '' ? [] : [text]), ...calls].join('\n')
  const half = Math.floor(maxChars / 2)
  const shown = whole.length <= maxChars ? whole : `${whole.slice(0, half)}${CUT}${whole.slice(whole.length - half)}`
  return `<answer>\n${shown.replaceAll(/<(?=[\s/]*answer)/gi, '&lt;')}\n</answer>`
}
