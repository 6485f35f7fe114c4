import type { ToolMessage } from '@langchain/core/messages'
import { HumanMessage } from '@langchain/core/messages'
import { withContent } from './content.ts'
import { placeholderOf, writeMedia, type Form, type Senses } from './media-notation.ts'
import { readMediaPart } from './media-part.ts'
import type { Turn } from './turn.ts'

type Block = Readonly<Record<string, unknown>>

/** Forms in which a tool's result may show something. */
const takesMedia: ReadonlySet<Form> = new Set(['anthropic', 'responses'])

/** Shows what tools have shown in a message of the user's, after the results, where a result takes words alone. */
export function besideResults(turns: readonly Turn[], form: Form | undefined, senses: Senses): readonly Turn[] {
  if (form === undefined || takesMedia.has(form) || !turns.some(showsSomething)) return turns
  const made: Turn[] = []
  let media: Block[] = []
  const show = () => {
    if (media.length > 0)
      made.push({ from: -1, message: new HumanMessage({ content: [{ type: 'text', text: 'Shown by the tools:' }, ...media] as never }) })
    media = []
  }
  for (const turn of turns) {
    if (turn.message.type !== 'tool') show()
    if (!showsSomething(turn)) {
      made.push(turn)
      continue
    }
    const words: string[] = []
    for (const block of turn.message.content as readonly Block[]) {
      const part = readMediaPart(block)
      const written = part && writeMedia(part, form, senses)
      if (written === undefined || written['type'] === 'text') words.push(wordsOf(written ?? (part ? placeholderOf(part) : block)))
      else media.push(written)
    }
    const text = words.filter(word => word !== '').join('\n')
    made.push({ ...turn, message: withContent(turn.message as ToolMessage, text === '' ? 'It is shown in the next message.' : text) })
  }
  show()
  return made
}

const wordsOf = (block: Block): string => (typeof block['text'] === 'string' ? block['text'] : JSON.stringify(block))

const showsSomething = ({ message: { type, content } }: Turn): boolean =>
  type === 'tool' && typeof content !== 'string' && content.some(block => readMediaPart(block) !== undefined)
