import {
  anthropicFinish,
  chatFinish,
  geminiFinish,
  readAnthropicUsage,
  readChatUsage,
  readGeminiLogprobs,
  readGeminiUsage,
  readLogprobs,
  readResponsesUsage,
  responsesFinish,
  type FinishReason,
  type TokenLogprob,
  type Usage,
} from '@routewise/core'

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
    if (isJson(usage)) seen.usage = readChatUsage(usage, { serviceTier: body['service_tier'] })
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
    if (isJson(response['usage'])) seen.usage = readResponsesUsage(response['usage'], { serviceTier: response['service_tier'] })
    const finish = responsesFinish(response)
    if (finish !== undefined) seen.finish = finish
  }

  function seeAnthropic(body: Json, type: string): void {
    const message = type === 'message_start' ? body['message'] : body
    if (!isJson(message) || (type !== 'message_start' && type !== 'message_delta' && type !== 'message')) return
    if (typeof message['model'] === 'string') seen.model = message['model']
    if (isJson(message['usage'])) {
      // The figures of `message_delta` are cumulative and replace those of `message_start`; what it leaves out still holds.
      anthropicUsage = { ...anthropicUsage, ...Object.fromEntries(Object.entries(message['usage']).filter(([, value]) => value != null)) }
      seen.usage = readAnthropicUsage(anthropicUsage)
    }
    const reason = type === 'message_delta' ? at(message, 'delta', 'stop_reason') : message['stop_reason']
    if (typeof reason === 'string') seen.finish = anthropicFinish(reason)
  }

  function seeGemini(body: Json): void {
    if (typeof body['modelVersion'] === 'string') seen.model = body['modelVersion']
    if (isJson(body['usageMetadata'])) seen.usage = readGeminiUsage(body['usageMetadata'])
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

const responsesEvents = /^response\.(completed|incomplete|failed)$/
const isResponsesEvent = (body: Json) => typeof body['type'] === 'string' && responsesEvents.test(body['type'])

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : [])

function at(body: Json, ...path: readonly string[]): unknown {
  let current: unknown = body
  for (const key of path) current = isJson(current) ? current[key] : undefined
  return current
}
