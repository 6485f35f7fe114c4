import type { Answer, AnswerHead, AnswerPart, TokenLogprob } from '../types.ts'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'

const textOf = (parts: readonly AnswerPart[], type: 'text' | 'reasoning' | 'refusal'): string | undefined => {
  const texts = parts.flatMap(part => (part.type !== 'tool-call' && part.type === type ? [part.text] : []))
  return texts.length === 0 ? undefined : texts.join('')
}

/** The body of a chat completion. */
export function chatBody(head: AnswerHead, answer: Answer, flavour: Flavour): JsonObject {
  const { parts } = answer
  const text = textOf(parts, 'text')
  const refusal = textOf(parts, 'refusal')
  const reasoning = textOf(parts, 'reasoning')
  const calls = parts.flatMap(part =>
    part.type === 'tool-call'
      ? [{ id: flavour.callId(part.id), type: 'function', function: { name: part.name, arguments: part.json } }]
      : [],
  )
  const logprobs = parts.flatMap(part => (part.type === 'text' ? (part.logprobs ?? []) : []))
  const spoken = flavour.refusalField ? text : (text ?? refusal)
  const message = {
    role: 'assistant',
    content: contentOf(spoken, reasoning, flavour),
    ...(flavour.refusalField && { refusal: refusal ?? null, annotations: [] }),
    ...(reasoning !== undefined &&
      flavour.reasoningField !== undefined &&
      flavour.reasoningField !== 'content' && { [flavour.reasoningField]: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  }
  const choice = {
    index: 0,
    message,
    logprobs:
      logprobs.length === 0 ? null : { content: logprobs.map(item => tokenLogprob(item, head.request.topLogprobs ?? 0)), refusal: null },
    finish_reason: flavour.finishReason(answer.reason),
  }
  return {
    ...envelope(head, flavour, 'chat.completion'),
    choices: [choice],
    usage: flavour.usage(answer.usage),
    ...(flavour.id === 'groq' && { x_groq: { id: `req_${head.id}` } }),
  }
}

function contentOf(text: string | undefined, reasoning: string | undefined, flavour: Flavour): unknown {
  if (reasoning === undefined || flavour.reasoningField !== 'content') return text ?? (flavour.id === 'mistral' ? '' : null)
  return [thinkingPart(reasoning), ...(text === undefined ? [] : [{ type: 'text', text }])]
}

export const thinkingPart = (text: string): JsonObject => ({ type: 'thinking', thinking: [{ type: 'text', text }] })

/** What every body and every chunk of an answer have in common. */
export const envelope = (head: AnswerHead, flavour: Flavour, object: string): JsonObject => ({
  id: flavour.id === 'openai' || flavour.id === 'groq' ? `chatcmpl-${head.id}` : head.id,
  object,
  created: Math.floor(head.createdMs / 1000),
  model: head.card.id,
  ...(flavour.id === 'openai' && { service_tier: head.usage.serviceTier ?? 'default' }),
  ...(flavour.id !== 'mistral' && { system_fingerprint: 'fp_simulated' }),
})

/** A token with its log probability, and as many unlikelier ones as were asked for. */
export function tokenLogprob({ token, logprob }: TokenLogprob, alternatives: number): JsonObject {
  const bytes = [...Buffer.from(token)]
  const others = Array.from({ length: Math.max(0, alternatives - 1) }, (_, index) => ({
    token: `${token}${index + 1}`,
    logprob: Math.log(Math.max(1e-9, 1 - Math.exp(logprob))) - index - 1,
    bytes: [...Buffer.from(`${token}${index + 1}`)],
  }))
  return { token, logprob, bytes, top_logprobs: alternatives === 0 ? [] : [{ token, logprob, bytes }, ...others] }
}
