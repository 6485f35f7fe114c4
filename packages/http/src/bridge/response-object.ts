import { isJson, jsonOf, type FinishReason, type Json, type Usage } from '@routewise/core'

/** What stays the same from the first event of a response to its last. */
export interface ResponseHead {
  id: string
  /** Seconds since 1970. */
  createdAt: number
  model: string
  /** The request that it answers: a response repeats its settings. */
  request: Json
}

/** How a response ends. */
export interface ResponseEnd {
  finish: FinishReason
  output: readonly Json[]
  usage: Partial<Usage>
  /** Seconds since 1970. */
  completedAt: number
  error?: { message: string }
}

/** `response.completed`, `response.incomplete` or `response.failed`, without the first word. */
export function statusOf({ finish, error }: Pick<ResponseEnd, 'finish' | 'error'>): 'completed' | 'incomplete' | 'failed' {
  if (error !== undefined || finish === 'error') return 'failed'
  return finish === 'length' || finish === 'content-filter' ? 'incomplete' : 'completed'
}

/** Tiers that OpenAI knows; others' have names of their own. */
const SERVICE_TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast'])

/** The response as OpenAI writes it, before its end or after. */
export function responseObject({ id, createdAt, model, request }: ResponseHead, end?: ResponseEnd): Json {
  const status = end === undefined ? 'in_progress' : statusOf(end)
  const serviceTier = end?.usage.serviceTier
  const reasoning = jsonOf(request['reasoning'])
  const text = jsonOf(request['text'])
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status,
    access_programs: null,
    background: false,
    completed_at: status === 'completed' ? end!.completedAt : null,
    error:
      status === 'failed' ? { code: 'server_error', message: end!.error?.message ?? 'The provider ended its answer with an error.' } : null,
    incomplete_details: status === 'incomplete' ? { reason: end!.finish === 'length' ? 'max_output_tokens' : 'content_filter' } : null,
    instructions: request['instructions'] ?? null,
    max_output_tokens: request['max_output_tokens'] ?? null,
    max_tool_calls: request['max_tool_calls'] ?? null,
    metadata: request['metadata'] ?? {},
    model,
    output: end?.output ?? [],
    parallel_tool_calls: request['parallel_tool_calls'] ?? true,
    previous_response_id: null,
    prompt_cache_key: request['prompt_cache_key'] ?? null,
    reasoning: { effort: reasoning['effort'] ?? null, summary: reasoning['summary'] ?? null },
    safety_identifier: request['safety_identifier'] ?? null,
    service_tier: serviceTier !== undefined && SERVICE_TIERS.has(serviceTier) ? serviceTier : null,
    store: false,
    temperature: request['temperature'] ?? 1,
    text: { ...text, format: isJson(text['format']) ? text['format'] : { type: 'text' } },
    tool_choice: request['tool_choice'] ?? 'auto',
    tools: request['tools'] ?? [],
    top_logprobs: request['top_logprobs'] ?? 0,
    top_p: request['top_p'] ?? 1,
    truncation: 'disabled',
    usage: end === undefined ? null : responsesUsage(end.usage),
    user: request['user'] ?? null,
  }
}

/** Usage as the Responses API reports it; `null` where nothing is known. */
export function responsesUsage(usage: Partial<Usage>): Json | null {
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0, reasoningTokens = 0 } = usage
  if (inputTokens === undefined || outputTokens === undefined) return null
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cacheReadTokens, cache_write_tokens: cacheWriteTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
  }
}
