import type { AnswerEvent, AnswerHead, Problem, StreamEncoder } from '../types.ts'
import { messageOf, stopOf, toolUse } from './anthropic-answer.ts'
import { anthropicErrorBody } from './anthropic-errors.ts'
import { anthropicDeltaUsage, anthropicUsage } from './anthropic-usage.ts'
import { sign } from './signature.ts'

type OpenBlock = { type: 'text' } | { type: 'thinking'; text: string } | { type: 'tool'; call: number }

const frame = (type: string, fields: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`

const PING = frame('ping', {})

/** Writes a streamed message: blocks one after the other, each opened, filled and closed. */
export function createAnthropicStream(head: AnswerHead, showThinking: boolean): StreamEncoder {
  let index = -1
  let open: OpenBlock | undefined
  let explanation = ''

  const delta = (fields: object) => frame('content_block_delta', { index, delta: fields })

  function close(): string {
    if (open === undefined) return ''
    const signature = open.type === 'thinking' ? delta({ type: 'signature_delta', signature: sign('anthropic', open.text) }) : ''
    open = undefined
    return signature + frame('content_block_stop', { index })
  }

  function begin(block: OpenBlock, content: object): string {
    const closed = close()
    index += 1
    open = block
    // The API pings once, after the first block is open.
    return closed + frame('content_block_start', { index, content_block: content }) + (index === 0 ? PING : '')
  }

  function text(value: string): string {
    const begun = open?.type === 'text' ? '' : begin({ type: 'text' }, { type: 'text', text: '' })
    return begun + delta({ type: 'text_delta', text: value })
  }

  function thinking(value: string): string {
    const begun = open?.type === 'thinking' ? '' : begin({ type: 'thinking', text: '' }, { type: 'thinking', thinking: '', signature: '' })
    if (open?.type === 'thinking') open.text += value
    return begun + (showThinking ? delta({ type: 'thinking_delta', thinking: value }) : '')
  }

  function write(event: AnswerEvent): string {
    switch (event.type) {
      case 'text':
        return event.text === '' ? '' : text(event.text)
      case 'reasoning':
        return thinking(event.text)
      case 'refusal':
        explanation += event.text
        return ''
      case 'tool-call':
        return (
          begin({ type: 'tool', call: event.index }, toolUse(event.id, event.name)) + delta({ type: 'input_json_delta', partial_json: '' })
        )
      case 'tool-input':
        return delta({ type: 'input_json_delta', partial_json: event.json })
      case 'tool-end':
        return close()
      case 'finish': {
        const stop = stopOf(event.reason, event.stopSequence, explanation || undefined)
        return (
          close() +
          frame('message_delta', { delta: { ...stop, container: null }, usage: anthropicDeltaUsage(event.usage) }) +
          frame('message_stop', {})
        )
      }
    }
  }

  return {
    // The API counts the first output token before it streams it.
    start: () => frame('message_start', { message: messageOf(head, anthropicUsage({ ...head.usage, outputTokens: 1 })) }),
    event: write,
    error: (problem: Problem) => `event: error\ndata: ${JSON.stringify(anthropicErrorBody(problem))}\n\n`,
    keepAlive: PING,
  }
}
