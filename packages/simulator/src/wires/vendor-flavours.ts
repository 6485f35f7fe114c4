import type { Usage } from '@routewise/core'
import { ProblemError } from '../types.ts'
import type { Flavour } from './flavour.ts'
import { isObject } from './json.ts'
import { openaiFlavour } from './openai-flavour.ts'
import { deepseekError, groqError, mistralError, moonshotError, xaiError } from './vendor-errors.ts'

const MISTRAL_CALL_ID = /^[a-zA-Z0-9]{9}$/u

const totals = (usage: Usage) => ({
  prompt_tokens: usage.inputTokens,
  completion_tokens: usage.outputTokens,
  total_tokens: usage.inputTokens + usage.outputTokens,
})

/** Everything but OpenAI: any call id, no field for refusals, no cache markers. */
const plain: Flavour = {
  ...openaiFlavour,
  checkCallId() {},
  refusalField: false,
  promptCache: ({ ttl }) => ({ mode: 'automatic', ...(ttl !== undefined && { ttl }) }),
}

/** Source: api-docs.deepseek.com. Shows its reasoning unless thinking is disabled. */
export const deepseek: Flavour = {
  ...plain,
  id: 'deepseek',
  usage: usage => ({
    ...totals(usage),
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    prompt_cache_hit_tokens: usage.cacheReadTokens,
    prompt_cache_miss_tokens: usage.inputTokens - usage.cacheReadTokens,
  }),
  streamUsage: 'finish-chunk',
  callId: id => `call_00_${id}`,
  reasoningField: 'reasoning_content',
  reasons: body => !(isObject(body['thinking']) && body['thinking']['type'] === 'disabled'),
  showsReasoning: () => true,
  error: deepseekError,
}

/** Source: docs.mistral.ai. Call ids have nine characters, calls come whole, the prompt cache is asked for by its key. */
export const mistral: Flavour = {
  ...plain,
  id: 'mistral',
  usage: usage => ({
    ...totals(usage),
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
    ...(usage.cacheReadTokens > 0 && { num_cached_tokens: usage.cacheReadTokens }),
  }),
  streamUsage: 'finish-chunk',
  callId: id => id.slice(0, 9),
  checkCallId(id) {
    if (MISTRAL_CALL_ID.test(id)) return
    throw new ProblemError({
      kind: 'bad-request',
      message: `Tool call id was ${id} but must be a-z, A-Z, 0-9, with a length of 9.`,
      code: '3280',
    })
  },
  wholeCalls: true,
  reasoningField: 'content',
  reasons: body => body['reasoning_effort'] === 'high' || body['prompt_mode'] === 'reasoning',
  showsReasoning: body => body['reasoning_effort'] === 'high' || body['prompt_mode'] === 'reasoning',
  promptCache: asked => ({ ...asked, mode: asked.key === undefined ? 'off' : 'automatic' }),
  error: mistralError,
}

/** Source: docs.x.ai. `completion_tokens` leaves the reasoning out. */
export const xai: Flavour = {
  ...plain,
  id: 'xai',
  usage: usage => ({
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens - usage.reasoningTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { text_tokens: usage.inputTokens, audio_tokens: 0, image_tokens: 0, cached_tokens: usage.cacheReadTokens },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    num_sources_used: 0,
  }),
  callId: id => `call_${id.slice(0, 8)}`,
  cacheKey: headers => headers['x-grok-conv-id'],
  promptCache: asked => asked,
  error: xaiError,
}

/** Source: console.groq.com/docs. Usage of a stream stands in `x_groq` of its last chunk. */
export const groq: Flavour = {
  ...plain,
  id: 'groq',
  usage: usage => ({
    queue_time: 0.01,
    prompt_tokens: usage.inputTokens,
    prompt_time: 0.02,
    completion_tokens: usage.outputTokens,
    completion_time: 0.1,
    total_tokens: usage.inputTokens + usage.outputTokens,
    total_time: 0.13,
    ...(usage.cacheReadTokens > 0 && { prompt_tokens_details: { cached_tokens: usage.cacheReadTokens } }),
    ...(usage.reasoningTokens > 0 && { completion_tokens_details: { reasoning_tokens: usage.reasoningTokens } }),
  }),
  streamUsage: 'x-groq',
  reasoningField: 'reasoning',
  showsReasoning: body => body['reasoning_format'] === 'parsed' || body['include_reasoning'] === true,
  error: groqError,
}

/** Source: platform.moonshot.ai. */
export const moonshot: Flavour = {
  ...plain,
  id: 'moonshotai',
  usage: usage => ({ ...totals(usage), cached_tokens: usage.cacheReadTokens }),
  reasoningField: 'reasoning_content',
  showsReasoning: () => true,
  promptCache: asked => asked,
  error: moonshotError,
}

/** Source: alibabacloud.com/help/en/model-studio. Markers make a request's cache explicit. */
export const alibaba: Flavour = {
  ...plain,
  id: 'alibaba',
  usage: usage => ({
    ...totals(usage),
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_creation_input_tokens: usage.cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  }),
  reasoningField: 'reasoning_content',
  reasons: body => body['enable_thinking'] === true,
  showsReasoning: body => body['enable_thinking'] === true,
}
