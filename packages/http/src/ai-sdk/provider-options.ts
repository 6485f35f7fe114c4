import type { LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { Family, LanguageCandidate } from '@routewise/ai-sdk/target'
import { isJson, jsonOf, type Json } from '@routewise/core'
import { mergeOptions } from './marks.ts'

/** Members of a request that a package takes under a name of its own. */
const ownNames: Readonly<Partial<Record<Family, Readonly<Record<string, string>>>>> = {
  openai: {
    logit_bias: 'logitBias',
    metadata: 'metadata',
    parallel_tool_calls: 'parallelToolCalls',
    prediction: 'prediction',
    prompt_cache_key: 'promptCacheKey',
    prompt_cache_options: 'promptCacheOptions',
    prompt_cache_retention: 'promptCacheRetention',
    safety_identifier: 'safetyIdentifier',
    service_tier: 'serviceTier',
    store: 'store',
    user: 'user',
    verbosity: 'textVerbosity',
  },
  anthropic: { cache_control: 'cacheControl', speed: 'speed' },
  groq: { parallel_tool_calls: 'parallelToolCalls', service_tier: 'serviceTier', user: 'user' },
  mistral: { parallel_tool_calls: 'parallelToolCalls' },
  xai: { parallel_tool_calls: 'parallelToolCalls' },
  'openai-compatible': { user: 'user', verbosity: 'textVerbosity' },
}

/** Packages that hold a schema strictly by themselves, and let it be said that it should not be. */
const strictByDefault: ReadonlySet<Family | undefined> = new Set<Family>(['openai', 'groq', 'mistral', 'openai-compatible'])

/** Members that the AI SDK has words of its own for, and those that are for this side of the call. */
const understood: ReadonlySet<string> = new Set([
  'cache_control',
  'frequency_penalty',
  'logprobs',
  'max_completion_tokens',
  'max_tokens',
  'messages',
  'modalities',
  'model',
  'n',
  'presence_penalty',
  'provider_options',
  'reasoning',
  'reasoning_effort',
  'response_format',
  'seed',
  'stop',
  'stream',
  'stream_options',
  'temperature',
  'thinking',
  'tool_choice',
  'tools',
  'top_k',
  'top_logprobs',
  'top_p',
])

/** What a request says that only the provider's own options can: in OpenAI's words, in Anthropic's, or in the package's. */
export function providerOptionsOf(body: Json, candidate: Pick<LanguageCandidate, 'family' | 'model'>): SharedV4ProviderOptions | undefined {
  const { family } = candidate
  const name = optionsName(candidate)
  const options =
    name === undefined
      ? {}
      : { ...renamed(body, family), ...schemaStrictness(body, family), ...thinkingOf(body, family), ...logprobWishes(body, family) }
  const { provider_options: own } = body
  if (isJson(own)) return mergeOptions(name === undefined ? undefined : { [name]: options }, own)
  return name === undefined || Object.keys(options).length === 0 ? undefined : mergeOptions({ [name]: options }, undefined)
}

/** Name under which the model's package looks for its options. */
function optionsName({ family, model }: Pick<LanguageCandidate, 'family' | 'model'>): string | undefined {
  // These are known by the name that their user has given the provider, in camel case.
  if (family === 'openai-compatible')
    return model.provider.split('.')[0]?.replace(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return family === 'gateway' ? undefined : family
}

function renamed(body: Json, family: Family | undefined): Json {
  const names = (family === undefined ? undefined : ownNames[family]) ?? {}
  const options: Record<string, unknown> = {}
  for (const [member, value] of Object.entries(body)) {
    if (value === undefined || value === null) continue
    const option = Object.hasOwn(names, member) ? names[member] : undefined
    if (option !== undefined) options[option] = value
    // What this package does not know it writes into its request as it is.
    else if (family === 'openai-compatible' && !understood.has(member)) options[member] = value
  }
  if (family === 'anthropic' && typeof body['user'] === 'string') options['metadata'] = { userId: body['user'] }
  if ((family === 'anthropic' || family === 'bedrock') && body['parallel_tool_calls'] === false) options['disableParallelToolUse'] = true
  return options
}

/** OpenAI's API is lenient with a schema unless told otherwise, and the packages are not. */
function schemaStrictness({ response_format: format }: Json, family: Family | undefined): Json {
  const { type, json_schema: schema } = jsonOf(format)
  if (type !== 'json_schema' || !strictByDefault.has(family)) return {}
  return jsonOf(schema)['strict'] === true ? {} : { strictJsonSchema: false }
}

/** Thinking in Anthropic's own words (`thinking`), or as a number of tokens in OpenRouter's (`reasoning.max_tokens`). */
function thinkingOf({ thinking, reasoning }: Json, family: Family | undefined): Json {
  const { max_tokens: budgetTokens } = jsonOf(reasoning)
  if (isJson(thinking)) {
    const { budget_tokens: budget, ...others } = thinking
    if (family === 'anthropic') return { thinking: { ...others, ...(budget !== undefined && { budgetTokens: budget }) } }
    if (family === 'openai-compatible' || family === 'deepseek') return { thinking }
    return {}
  }
  if (typeof budgetTokens !== 'number') return {}
  if (family === 'anthropic') return { thinking: { type: 'enabled', budgetTokens } }
  if (family === 'bedrock') return { reasoningConfig: { type: 'enabled', budgetTokens } }
  return family === 'google' ? { thinkingConfig: { thinkingBudget: budgetTokens, includeThoughts: true } } : {}
}

function logprobWishes({ logprobs, top_logprobs: top }: Json, family: Family | undefined): Json {
  if (logprobs !== true) return {}
  if (family === 'openai') return { logprobs: typeof top === 'number' && top > 0 ? top : true }
  if (family === 'deepseek') return { logprobs: true, ...(typeof top === 'number' && { topLogprobs: top }) }
  return family === 'openai-compatible' ? { logprobs, ...(top !== undefined && { top_logprobs: top }) } : {}
}

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const

/** How much the model is to think, in the AI SDK's words; `undefined`: as it likes. */
export function reasoningOf({ reasoning_effort: effort, reasoning }: Json): LanguageModelV4CallOptions['reasoning'] {
  const { effort: other, enabled } = jsonOf(reasoning)
  const asked = effort ?? other ?? (enabled === false ? 'none' : undefined)
  return efforts.find(known => known === asked)
}
