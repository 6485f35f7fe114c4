import type { AnswerEvent, AnswerHead, StreamEncoder } from '../types.ts'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'
import { envelope, thinkingPart, tokenLogprob } from './openai-chat-answer.ts'
import { dataFrame } from './sse.ts'

/** Writes chat completion chunks. `includeUsage`: the caller asked for a usage chunk. */
export function createChatStream(head: AnswerHead, flavour: Flavour, includeUsage: boolean): StreamEncoder {
  const common = envelope(head, flavour, 'chat.completion.chunk')
  const nullUsage = includeUsage && flavour.streamUsage === 'own-chunk' ? { usage: null } : {}
  const chunk = (delta: JsonObject, more: JsonObject = {}, finish: string | null = null, logprobs: JsonObject | null = null) =>
    dataFrame({ ...common, choices: [{ index: 0, delta, logprobs, finish_reason: finish }], ...nullUsage, ...more })
  const call = (index: number, fields: JsonObject) => chunk({ tool_calls: [{ index, ...fields }] })

  const finish = (event: Extract<AnswerEvent, { type: 'finish' }>): string => {
    const usage = flavour.usage(event.usage)
    const beside =
      flavour.streamUsage === 'x-groq'
        ? { x_groq: { id: `req_${head.id}`, usage } }
        : flavour.streamUsage === 'finish-chunk' && !includeUsage
          ? { usage }
          : {}
    const last = chunk(flavour.id === 'mistral' ? { content: '' } : {}, beside, flavour.finishReason(event.reason))
    const own = includeUsage && flavour.streamUsage !== 'x-groq' ? dataFrame({ ...common, choices: [], usage }) : ''
    return `${last}${own}data: [DONE]\n\n`
  }

  return {
    start: () =>
      chunk(
        { role: 'assistant', content: '', ...(flavour.refusalField && { refusal: null }) },
        flavour.streamUsage === 'x-groq' ? { x_groq: { id: `req_${head.id}` } } : {},
      ),
    event(event) {
      switch (event.type) {
        case 'text':
          return chunk({ content: event.text }, {}, null, logprobsOf(event, head))
        case 'reasoning':
          return chunk(
            flavour.reasoningField === 'content'
              ? { content: [thinkingPart(event.text)] }
              : { [flavour.reasoningField ?? 'reasoning']: event.text },
          )
        case 'refusal':
          return chunk(flavour.refusalField ? { refusal: event.text } : { content: event.text })
        case 'tool-call':
          if (flavour.wholeCalls) return ''
          return call(event.index, { id: flavour.callId(event.id), type: 'function', function: { name: event.name, arguments: '' } })
        case 'tool-input':
          return flavour.wholeCalls ? '' : call(event.index, { function: { arguments: event.json } })
        case 'tool-end':
          if (!flavour.wholeCalls) return ''
          return call(event.index, { id: flavour.callId(event.id), function: { name: event.name, arguments: event.json } })
        case 'finish':
          return finish(event)
      }
    },
    error: problem => dataFrame(flavour.error(problem).body),
    keepAlive: ': keep-alive\n\n',
  }
}

function logprobsOf(event: Extract<AnswerEvent, { type: 'text' }>, head: AnswerHead): JsonObject | null {
  if (event.logprob === undefined) return null
  return { content: [tokenLogprob({ token: event.text, logprob: event.logprob }, head.request.topLogprobs ?? 0)], refusal: null }
}
