import { clip } from './verdict.ts'

const FENCE = '```'
/** A start that is longer is not looked at: reading it anew with every chunk would cost more than it saves. */
const MAX_START_CHARS = 1_000

/** The value that a text is JSON of, or what is wrong with it. `fence`: a fence of Markdown around all of it is taken off. */
export function parseJson(text: string, { fence }: { fence: boolean }): { value: unknown } | { fault: string } {
  const trimmed = text.trim()
  try {
    return { value: JSON.parse(fence ? withoutFence(trimmed) : trimmed) }
  } catch (error) {
    return { fault: clip(error instanceof Error ? error.message : String(error), 120) }
  }
}

function withoutFence(text: string): string {
  const head = text.indexOf('\n')
  if (head < 0 || !text.startsWith(FENCE) || !text.endsWith(FENCE)) return text
  const language = text.slice(FENCE.length, head).trim().toLowerCase()
  return language === '' || language === 'json' ? text.slice(head + 1, -FENCE.length) : text
}

/** Whether no text that starts like this is JSON, whatever follows. */
export function cannotBecomeJson(start: string, { fence }: { fence: boolean }): boolean {
  if (start.length > MAX_START_CHARS) return false
  const trimmed = start.trimStart()
  if (trimmed === '' || '{["-0123456789'.includes(trimmed[0]!)) return false
  return ['true', 'false', 'null', ...(fence ? [FENCE] : [])].every(word => !trimmed.startsWith(word) && !word.startsWith(trimmed))
}

/** JSON with the keys of every object in order, so that equal values read alike. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => sorted(inner))

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
