import type { AnswerEvent, AnswerHead, Problem, StreamEncoder } from '../types.ts'
import { argsOf, callPart, endOf, responseOf } from './gemini-answer.ts'
import { geminiErrorBody } from './gemini-errors.ts'
import { generationOf } from './gemini-rules.ts'
import { sign } from './signature.ts'

/** Writes a streamed answer: whole responses one after the other, each with the usage so far. Without `alt=sse` they are one JSON array. */
export function createGeminiStream(head: AnswerHead, asEvents: boolean): StreamEncoder {
  let outputTokens = 0
  let reasoningTokens = 0
  let calls = 0
  let written = 0
  let spoke = false
  let malformed = false

  const frame = (body: object) => {
    written += 1
    if (asEvents) return `data: ${JSON.stringify(body)}\r\n\r\n`
    return `${written === 1 ? '[' : ',\r\n'}${JSON.stringify(body)}`
  }

  function chunk(part: object): string {
    spoke = true
    const usage = { ...head.usage, outputTokens, reasoningTokens }
    return frame(responseOf(head, usage, { candidates: [{ content: { parts: [part], role: 'model' }, index: 0 }] }))
  }

  function call(event: Extract<AnswerEvent, { type: 'tool-end' }>): string {
    if (argsOf(event.json) === undefined) {
      malformed = true
      return ''
    }
    calls += 1
    return chunk(callPart(head, event, calls === 1))
  }

  function finish({ reason, usage }: Extract<AnswerEvent, { type: 'finish' }>): string {
    const blocked = malformed || reason === 'refusal' || (reason === 'content-filter' && !spoke)
    const signature = calls === 0 && generationOf(head.card.id) >= 3 ? { thoughtSignature: sign('gemini', head.id) } : {}
    const parts = blocked ? [] : [{ text: '', ...signature }]
    return frame(responseOf(head, usage, endOf(malformed ? 'malformed' : reason, parts))) + (asEvents ? '' : ']')
  }

  function count(event: AnswerEvent): void {
    if (!('tokens' in event)) return
    outputTokens += event.tokens
    if (event.type === 'reasoning') reasoningTokens += event.tokens
  }

  return {
    start: () => '',
    event(event) {
      count(event)
      switch (event.type) {
        case 'text':
          return event.text === '' ? '' : chunk({ text: event.text })
        case 'reasoning':
          return head.request.showReasoning ? chunk({ text: event.text, thought: true }) : ''
        case 'tool-end':
          return call(event)
        case 'finish':
          return finish(event)
        default:
          // Refusals are told by the finish reason, and calls are sent whole.
          return ''
      }
    },
    error: (problem: Problem) => frame(geminiErrorBody(problem)) + (asEvents ? '' : ']'),
  }
}
