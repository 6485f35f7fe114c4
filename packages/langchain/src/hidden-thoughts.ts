import { AIMessage } from '@langchain/core/messages'

type Block = Readonly<Record<string, unknown>>

/**
 * A turn of Claude's as Anthropic takes it back. Where thoughts are signed but not shown, the chunks of `ChatAnthropic` leave out their
 * empty text; in output v1 they hold the signature in a block of its own. Anthropic refuses both. Other turns stay the same object.
 */
export function withHiddenThoughts(message: AIMessage): AIMessage {
  if (typeof message.content === 'string') return message
  const content = completed(message.content)
  if (content === undefined) return message
  const { tool_calls: calls = [], additional_kwargs, id } = message
  const { output_version: _version, ...response_metadata } = message.response_metadata as Record<string, unknown>
  return new AIMessage({
    content: content as AIMessage['content'],
    tool_calls: calls,
    additional_kwargs,
    response_metadata,
    ...(id !== undefined && { id }),
  })
}

function completed(content: readonly Block[]): readonly Block[] | undefined {
  if (content.some(lacksText)) return content.map(block => (lacksText(block) ? { ...block, thinking: '' } : block))
  return content.some(block => signatureOf(block) !== undefined) ? joined(content) : undefined
}

const lacksText = ({ type, thinking }: Block): boolean => type === 'thinking' && thinking === undefined

/** The signature of a thought, in the block that output v1 has for what it does not know. */
function signatureOf({ type, value }: Block): string | undefined {
  if (type !== 'non_standard' || typeof value !== 'object' || value === null) return undefined
  const { type: kind, signature } = value as Block
  return kind === 'thinking' && typeof signature === 'string' ? signature : undefined
}

const wordsOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Anthropic's own blocks from the pieces of output v1; `undefined` where there is more than thoughts, text and tool calls. */
function joined(content: readonly Block[]): readonly Block[] | undefined {
  const blocks: Block[] = []
  let thinking = ''
  let text = ''
  const endText = () => {
    if (text !== '') blocks.push({ type: 'text', text })
    text = ''
  }
  for (const block of content) {
    const signature = signatureOf(block)
    if (signature !== undefined) {
      endText()
      blocks.push({ type: 'thinking', thinking, signature })
      thinking = ''
    } else if (block['type'] === 'reasoning') thinking += wordsOf(block['reasoning'])
    else if (block['type'] === 'text' && block['annotations'] === undefined) text += wordsOf(block['text'])
    // Tool calls come from `tool_calls`.
    else if (block['type'] !== 'tool_call' && block['type'] !== 'tool_call_chunk') return undefined
  }
  endText()
  return blocks
}
