import type { EventReading } from './event-reading.ts'

/** An event with a word in it, as what stands before the word and behind it: most events of a stream differ in the word alone. */
export interface EventTemplate {
  before: string
  behind: string
}

const PROBE = 'any other word'

/** The template of an event that says nothing but a word; `read` reads an event. `undefined`: it is no such event. */
export function templateOf(data: string, said: EventReading, read: (data: string) => EventReading): EventTemplate | undefined {
  const word = said.reading.text
  if (word === undefined || !isWordAlone(said, word)) return undefined
  const at = data.indexOf(`"${word}"`)
  if (at < 0) return undefined
  const template = { before: data.slice(0, at + 1), behind: data.slice(at + 1 + word.length) }
  // The word may stand there by chance, in the name of the model, and the answer's be written in another way.
  const probed = read(template.before + PROBE + template.behind)
  return isWordAlone(probed, PROBE) && probed.reading.model === said.reading.model ? template : undefined
}

/** The word of an event that is as the template has it; `undefined`: it is another, or its word has to be parsed. */
export function wordOf(data: string, { before, behind }: EventTemplate): string | undefined {
  const end = data.length - behind.length
  if (end <= before.length || data.slice(end) !== behind || data.slice(0, before.length) !== before) return undefined
  const word = data.slice(before.length, end)
  return word.includes('"') || word.includes('\\') ? undefined : word
}

function isWordAlone({ reading, isDelta, refuses }: EventReading, word: string): boolean {
  const { text, contentChars, usage, logprobs, toolCalls, failure } = reading
  const nothingElse = usage === undefined && logprobs === undefined && toolCalls === undefined && failure === undefined
  return isDelta && refuses !== true && text === word && contentChars === word.length && nothingElse
}
