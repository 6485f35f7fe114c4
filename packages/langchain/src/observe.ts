import type { FinishReason, TokenLogprob, Usage } from '@routewise/core'
import { anthropicFinish, chatFinish, geminiFinish } from './finish.ts'
import { readGeminiLogprobs, readLogprobs } from './logprobs.ts'

/** What the provider's own bodies have said so far. */
export interface Observed {
  usage: Usage | undefined
  finish: FinishReason | undefined
  model: string | undefined
  /** Those that came since somebody has taken them. */
  logprobs: readonly TokenLogprob[] | undefined
}

export interface Observer {
  readonly seen: Observed
  /** Takes a body, or an event of a stream, as the provider's SDK gives it. */
  see(body: unknown): void
}

type Json = Record<string, unknown>

/**
 * Reads usage, end and model from provider bodies by their shape: OpenAI's two APIs and the vendors that speak them, Anthropic's
 * Messages, Gemini's and Mistral's. LangChain's own totals are wrong for several of them.
 */
export function createObserver(): Observer {
  const seen: Observed = { usage: undefined, finish: undefined, model: undefined, logprobs: undefined }
  let anthropicUsage: Json = {}
  let refused = false
  let calledTool = false

  const see = (body: unknown): void => {
    if (!isJson(body)) return
    // Mistral's SDK wraps stream events in `data`, Google's wraps answers in `response`.
    if (isJson(body['data'])) return see(body['data'])
    if (isJson(body['response'])) return isResponsesEvent(body) ? endOfResponse(body['response']) : see(body['response'])
    if (Array.isArray(body['choices'])) return seeChat(body)
    if (body['object'] === 'response') return seeResponse(body)
    if (body['type'] === 'response.output_text.delta') return note(readLogprobs(body['logprobs']))
    if (typeof body['type'] === 'string') return seeAnthropic(body, body['type'])
    if ('candidates' in body || 'usageMetadata' in body || 'promptFeedback' in body) seeGemini(body)
  }

  function note(logprobs: readonly TokenLogprob[] | undefined): void {
    if (logprobs !== undefined) seen.logprobs = seen.logprobs === undefined ? logprobs : [...seen.logprobs, ...logprobs]
  }

  function seeChat(body: Json): void {
    const usage = body['usage'] ?? at(body, 'x_groq', 'usage')
    if (isJson(usage)) seen.usage = chatUsage(usage, body['service_tier'])
    if (typeof body['model'] === 'string') seen.model = body['model']
    const choice = (body['choices'] as unknown[])[0]
    if (!isJson(choice)) return
    if (at(choice, 'message', 'refusal') || at(choice, 'delta', 'refusal')) refused = true
    if (isJson(choice['logprobs'])) note(readLogprobs(choice['logprobs']['content']))
    const reason = choice['finish_reason'] ?? choice['finishReason']
    if (typeof reason === 'string') seen.finish = chatFinish(reason, refused)
  }

  function seeResponse(response: Json): void {
    for (const { content } of listOf(response['output'])) for (const { logprobs } of listOf(content)) note(readLogprobs(logprobs))
    endOfResponse(response)
  }

  function endOfResponse(response: Json): void {
    if (typeof response['model'] === 'string') seen.model = response['model']
    if (isJson(response['usage'])) seen.usage = responsesUsage(response['usage'], response['service_tier'])
    const status = response['status']
    if (status === 'incomplete') {
      seen.finish = at(response, 'incomplete_details', 'reason') === 'content_filter' ? 'content-filter' : 'length'
    }
    if (status === 'completed') seen.finish = responsesFinish(response['output'])
  }

  function seeAnthropic(body: Json, type: string): void {
    const message = type === 'message_start' ? body['message'] : body
    if (!isJson(message) || (type !== 'message_start' && type !== 'message_delta' && type !== 'message')) return
    if (typeof message['model'] === 'string') seen.model = message['model']
    if (isJson(message['usage'])) {
      // The figures of `message_delta` are cumulative and replace those of `message_start`; what it leaves out still holds.
      anthropicUsage = { ...anthropicUsage, ...Object.fromEntries(Object.entries(message['usage']).filter(([, value]) => value != null)) }
      seen.usage = anthropicUsageOf(anthropicUsage)
    }
    const reason = type === 'message_delta' ? at(message, 'delta', 'stop_reason') : message['stop_reason']
    if (typeof reason === 'string') seen.finish = anthropicFinish(reason)
  }

  function seeGemini(body: Json): void {
    if (typeof body['modelVersion'] === 'string') seen.model = body['modelVersion']
    if (isJson(body['usageMetadata'])) seen.usage = geminiUsage(body['usageMetadata'])
    const candidate = (body['candidates'] as unknown[] | undefined)?.[0]
    if (isJson(candidate)) {
      const parts = at(candidate, 'content', 'parts')
      calledTool ||= Array.isArray(parts) && parts.some(part => isJson(part) && 'functionCall' in part)
      note(readGeminiLogprobs(candidate['logprobsResult']))
      if (typeof candidate['finishReason'] === 'string') seen.finish = geminiFinish(candidate['finishReason'], calledTool)
    } else if (at(body, 'promptFeedback', 'blockReason')) {
      seen.finish = 'content-filter'
    }
  }

  return { seen, see }
}

function chatUsage(usage: Json, serviceTier: unknown): Usage {
  const input = count(usage, 'prompt_tokens', 'promptTokens')
  const completion = count(usage, 'completion_tokens', 'completionTokens')
  const inputDetails = json(usage['prompt_tokens_details'] ?? usage['promptTokensDetails'] ?? usage['prompt_token_details'])
  const outputDetails = json(usage['completion_tokens_details'] ?? usage['completionTokensDetails'])
  const reasoning = count(outputDetails, 'reasoning_tokens', 'reasoningTokens')
  // xAI counts reasoning beside the completion, everyone else inside it; the total tells which.
  const beside = reasoning > 0 && count(usage, 'total_tokens', 'totalTokens') === input + completion + reasoning
  return {
    inputTokens: input,
    cacheReadTokens:
      count(inputDetails, 'cached_tokens', 'cachedTokens') ||
      count(usage, 'prompt_cache_hit_tokens', 'cached_tokens', 'num_cached_tokens', 'numCachedTokens'),
    cacheWriteTokens: count(inputDetails, 'cache_write_tokens', 'cache_creation_input_tokens'),
    outputTokens: beside ? completion + reasoning : completion,
    reasoningTokens: reasoning,
    ...audio(count(inputDetails, 'audio_tokens'), count(outputDetails, 'audio_tokens')),
    ...tier(serviceTier),
  }
}

function responsesUsage(usage: Json, serviceTier: unknown): Usage {
  const inputDetails = json(usage['input_tokens_details'])
  const twelveHours = count(json(inputDetails['cache_write_tokens_details']), 'ttl_12h_tokens')
  return {
    inputTokens: count(usage, 'input_tokens'),
    cacheReadTokens: count(inputDetails, 'cached_tokens'),
    cacheWriteTokens: count(inputDetails, 'cache_write_tokens'),
    ...(twelveHours > 0 && { cacheWriteTokensByTtl: { '12h': twelveHours } }),
    outputTokens: count(usage, 'output_tokens'),
    reasoningTokens: count(json(usage['output_tokens_details']), 'reasoning_tokens'),
    ...tier(serviceTier),
  }
}

function anthropicUsageOf(usage: Json): Usage {
  const read = count(usage, 'cache_read_input_tokens')
  const written = count(usage, 'cache_creation_input_tokens')
  const oneHour = count(json(usage['cache_creation']), 'ephemeral_1h_input_tokens')
  return {
    inputTokens: count(usage, 'input_tokens') + read + written,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    ...(oneHour > 0 && { cacheWriteTokensByTtl: { '1h': oneHour } }),
    outputTokens: count(usage, 'output_tokens'),
    reasoningTokens: count(json(usage['output_tokens_details']), 'thinking_tokens'),
    ...tier(usage['speed'] === 'fast' ? 'fast' : usage['service_tier']),
    ...(usage['inference_geo'] === 'us' && { residency: true }),
  }
}

function geminiUsage(usage: Json): Usage {
  const reasoning = count(usage, 'thoughtsTokenCount')
  const details = Array.isArray(usage['promptTokensDetails']) ? usage['promptTokensDetails'].filter(isJson) : []
  const audioInput = details.filter(({ modality }) => modality === 'AUDIO').reduce((sum, detail) => sum + count(detail, 'tokenCount'), 0)
  return {
    inputTokens: count(usage, 'promptTokenCount') + count(usage, 'toolUsePromptTokenCount'),
    cacheReadTokens: count(usage, 'cachedContentTokenCount'),
    cacheWriteTokens: 0,
    outputTokens: count(usage, 'candidatesTokenCount') + reasoning,
    reasoningTokens: reasoning,
    ...audio(audioInput, 0),
    ...tier(usage['serviceTier']),
  }
}

function responsesFinish(output: unknown): FinishReason {
  const items = listOf(output)
  if (items.some(({ type }) => type === 'function_call' || type === 'custom_tool_call')) return 'tool-calls'
  const refused = items.some(({ content }) => Array.isArray(content) && content.some(part => isJson(part) && part['type'] === 'refusal'))
  return refused ? 'refusal' : 'stop'
}

const responsesEvents = /^response\.(completed|incomplete|failed)$/
const isResponsesEvent = (body: Json) => typeof body['type'] === 'string' && responsesEvents.test(body['type'])

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const json = (value: unknown): Json => (isJson(value) ? value : {})
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : [])

function at(body: Json, ...path: readonly string[]): unknown {
  let current: unknown = body
  for (const key of path) current = isJson(current) ? current[key] : undefined
  return current
}

/** The first of these fields that holds a count; 0 when none does. */
function count(body: Json, ...names: readonly string[]): number {
  for (const name of names) {
    const value = body[name]
    if (typeof value === 'number' && value > 0) return value
  }
  return 0
}

const tier = (serviceTier: unknown) => (typeof serviceTier === 'string' && serviceTier !== '' ? { serviceTier } : {})

const audio = (input: number, output: number) => ({
  ...(input > 0 && { audioInputTokens: input }),
  ...(output > 0 && { audioOutputTokens: output }),
})
