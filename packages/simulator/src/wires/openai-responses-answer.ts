import type { FinishReason, Usage } from '@routewise/core'
import type { Answer, AnswerHead, AnswerPart } from '../types.ts'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'
import { isObject } from './json.ts'
import { tokenLogprob } from './openai-chat-answer.ts'
import { sealReasoning } from './openai-responses-items.ts'

/** Usage as the Responses API reports it. */
export function responsesUsage(usage: Usage): JsonObject {
  const at12h = usage.cacheWriteTokensByTtl?.['12h'] ?? 0
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
      ...(usage.cacheWriteTokens > 0 && {
        cache_write_tokens_details: { ttl_30m_tokens: usage.cacheWriteTokens - at12h, ttl_12h_tokens: at12h },
      }),
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  }
}

/** A model that reasons says so with an item of its own, even where it shows nothing of it. */
export const reasons = ({ card, request }: AnswerHead): boolean => card.capabilities.reasoning && request.reasoning !== false

export function reasoningItem(head: AnswerHead, body: JsonObject, summary: string | undefined): JsonObject {
  const include = Array.isArray(body['include']) ? body['include'] : []
  const id = `rs_${head.id}`
  return {
    id,
    type: 'reasoning',
    status: 'completed',
    summary: summary === undefined ? [] : [{ type: 'summary_text', text: summary }],
    ...(include.includes('reasoning.encrypted_content') && { encrypted_content: sealReasoning(head.request.apiKey, id) }),
  }
}

export const callItem = (call: { id: string; name: string }, json: string, status: string): JsonObject => ({
  id: `fc_${call.id}`,
  type: 'function_call',
  status,
  arguments: json,
  call_id: `call_${call.id}`,
  name: call.name,
})

export const messageItem = (head: AnswerHead, status: string, content: readonly JsonObject[]): JsonObject => ({
  id: `msg_${head.id}`,
  type: 'message',
  status,
  content,
  role: 'assistant',
})

export const refusalPart = (text: string): JsonObject => ({ type: 'refusal', refusal: text })
export const textPart = (text: string, logprobs: readonly JsonObject[] = []): JsonObject => ({
  type: 'output_text',
  annotations: [],
  logprobs,
  text,
})

/** All items of an answer. */
export function outputItems(head: AnswerHead, body: JsonObject, answer: Answer): JsonObject[] {
  const items: JsonObject[] = []
  const shown = answer.parts.find(part => part.type === 'reasoning')
  if (reasons(head)) items.push(reasoningItem(head, body, shown?.text))
  const content = answer.parts.flatMap(part => contentPart(part, head))
  const status = statusOf(answer.reason)
  if (content.length > 0) items.push(messageItem(head, status, content))
  for (const part of answer.parts) if (part.type === 'tool-call') items.push(callItem(part, part.json, 'completed'))
  return items
}

function contentPart(part: AnswerPart, head: AnswerHead): JsonObject[] {
  if (part.type === 'refusal') return [refusalPart(part.text)]
  if (part.type !== 'text') return []
  return [
    textPart(
      part.text,
      (part.logprobs ?? []).map(item => tokenLogprob(item, head.request.topLogprobs ?? 0)),
    ),
  ]
}

export const statusOf = (reason: FinishReason): 'completed' | 'incomplete' =>
  reason === 'length' || reason === 'content-filter' ? 'incomplete' : 'completed'

/** The response object, before or after the answer. */
export function responseObject(
  head: AnswerHead,
  body: JsonObject,
  flavour: Flavour,
  end?: { reason: FinishReason; usage: Usage; output: readonly JsonObject[] },
): JsonObject {
  const status = end === undefined ? 'in_progress' : statusOf(end.reason)
  const reason = end?.reason === 'length' ? 'max_output_tokens' : 'content_filter'
  const reasoning = isObject(body['reasoning']) ? body['reasoning'] : {}
  const text = isObject(body['text']) ? body['text'] : {}
  const createdAt = Math.floor(head.createdMs / 1000)
  return {
    id: responseId(head),
    object: 'response',
    access_programs: null,
    created_at: createdAt,
    status,
    background: false,
    completed_at: end === undefined ? null : createdAt,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason } : null,
    instructions: body['instructions'] ?? null,
    max_output_tokens: body['max_output_tokens'] ?? null,
    max_tool_calls: null,
    model: head.card.id,
    output: end?.output ?? [],
    parallel_tool_calls: head.request.parallelTools,
    previous_response_id: body['previous_response_id'] ?? null,
    prompt_cache_key: body['prompt_cache_key'] ?? null,
    reasoning: { effort: reasoning['effort'] ?? null, summary: reasoning['summary'] ?? null },
    safety_identifier: null,
    service_tier: head.usage.serviceTier ?? 'default',
    store: body['store'] !== false,
    temperature: body['temperature'] ?? 1,
    text: { format: text['format'] ?? { type: 'text' }, ...(flavour.id === 'openai' && { verbosity: 'medium' }) },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: body['tools'] ?? [],
    top_logprobs: body['top_logprobs'] ?? 0,
    top_p: body['top_p'] ?? 1,
    truncation: 'disabled',
    usage: end === undefined ? null : responsesUsage(end.usage),
    user: null,
    metadata: body['metadata'] ?? {},
  }
}

export const responseId = (head: AnswerHead): string => `resp_${head.id}`
