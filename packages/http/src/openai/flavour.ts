import type { CacheRule } from '@routewise/core'

/** Servers that speak OpenAI's API, each with words of its own. */
export const FLAVOURS = [
  'openai',
  'azure',
  'deepseek',
  'mistral',
  'xai',
  'groq',
  'together',
  'fireworks',
  'openrouter',
  'vllm',
  'ollama',
  'llamacpp',
  'compatible',
] as const

export type Flavour = (typeof FLAVOURS)[number]

/** What sets a server apart from OpenAI's own. */
export interface FlavourTraits {
  /** Who serves the model, as the catalog names it; `undefined`: whoever is known for the model's name. */
  provider: string | undefined
  /** Header that carries the key. */
  keyHeader: 'authorization' | 'api-key'
  /** Name of the limit on what is generated, where only one is known there; `undefined`: both are. */
  limit: 'max_tokens' | 'max_completion_tokens' | undefined
  /** Knows messages of the role `developer`. */
  developer: boolean
  /** Takes `stream_options.include_usage`; others tell usage unasked. */
  streamOptions: boolean
  /** Answers `/responses` itself. */
  responses: boolean
  /** Thoughts are parts of the content; OpenAI has a string there. */
  thinkingParts: boolean
  /** Members by which it takes back the thoughts of earlier answers. */
  thoughts: readonly ('reasoning_content' | 'reasoning' | 'reasoning_details')[]
  /** Members of a chat request that it refuses, or takes for something else. */
  refused: readonly string[]
  /** Refuses members of a message that it does not know. Default `false`. */
  checksMembers?: boolean
  /** Ids of tool calls that it takes, whatever is known of the model; absent: any. */
  toolIdPattern?: RegExp
  /** Rule of the prompt cache at this server, whatever model it serves; absent: as the model's maker has it. */
  cache?: CacheRule
  /** Where a chat request has the routing key of the prompt cache; `undefined`: there is none. */
  cacheKey?: 'body:prompt_cache_key' | `header:${string}`
}

const compatible: FlavourTraits = {
  provider: undefined,
  keyHeader: 'authorization',
  limit: undefined,
  developer: false,
  streamOptions: true,
  responses: false,
  thinkingParts: false,
  thoughts: ['reasoning_content', 'reasoning'],
  refused: [],
}

const openai: FlavourTraits = {
  ...compatible,
  provider: 'openai',
  developer: true,
  responses: true,
  thoughts: [],
  cacheKey: 'body:prompt_cache_key',
  toolIdPattern: /^.{1,40}$/,
}

/** Stored answers and their labels are OpenAI's alone; a server that checks members refuses them. */
const STORING = ['store', 'metadata']

export const flavourTraits: Readonly<Record<Flavour, FlavourTraits>> = {
  openai,
  azure: { ...openai, provider: 'azure', keyHeader: 'api-key' },
  // api-docs.deepseek.com/api/create-chat-completion
  deepseek: { ...compatible, provider: 'deepseek', limit: 'max_tokens', thoughts: ['reasoning_content'] },
  // docs.mistral.ai/api: members that are not listed are refused with a 422; usage stands in the last chunk of every stream.
  mistral: {
    ...compatible,
    provider: 'mistral',
    limit: 'max_tokens',
    streamOptions: false,
    thinkingParts: true,
    thoughts: [],
    checksMembers: true,
    toolIdPattern: /^[a-zA-Z0-9]{9}$/,
    // docs.mistral.ai, prompt caching: nothing is cached without it.
    cacheKey: 'body:prompt_cache_key',
    refused: [
      ...STORING,
      'stream_options',
      'logprobs',
      'top_logprobs',
      'logit_bias',
      'user',
      'service_tier',
      'verbosity',
      'safety_identifier',
    ],
  },
  // docs.x.ai/docs/api-reference, and there: maximizing cache hits
  xai: { ...compatible, provider: 'xai', responses: true, thoughts: ['reasoning_content'], cacheKey: 'header:x-grok-conv-id' },
  // console.groq.com/docs/openai: these give a 400; of service tiers it has others.
  groq: {
    ...compatible,
    provider: 'groq',
    responses: true,
    thoughts: ['reasoning'],
    checksMembers: true,
    refused: [...STORING, 'logprobs', 'top_logprobs', 'logit_bias', 'prompt_cache_key', 'verbosity', 'safety_identifier'],
  },
  // docs.together.ai/reference/chat-completions-1
  together: { ...compatible, provider: 'together', limit: 'max_tokens', thoughts: ['reasoning'], refused: STORING },
  // docs.fireworks.ai/api-reference/post-chatcompletions: members that are not listed are refused with a 400.
  fireworks: {
    ...compatible,
    provider: 'fireworks',
    limit: 'max_tokens',
    thoughts: ['reasoning_content'],
    refused: STORING,
    checksMembers: true,
    // docs.fireworks.ai, prompt caching: each replica has a cache of its own. Lifetimes are unpublished: five minutes is our assumption.
    cache: {
      kind: 'auto-prefix',
      minTokens: 0,
      ttls: [{ id: '5m', seconds: 300, sliding: true }],
      key: { via: 'header:x-session-affinity' },
      readableAfter: 'response-end',
      scope: 'server',
      guaranteed: false,
    },
    cacheKey: 'header:x-session-affinity',
  },
  // openrouter.ai/docs/api-reference/overview: passes on what the provider behind it knows.
  openrouter: { ...compatible, provider: 'openrouter', developer: true, responses: true, thoughts: ['reasoning', 'reasoning_details'] },
  // docs.vllm.ai/en/latest/serving/openai_compatible_server.html: what is not listed is passed over.
  vllm: { ...compatible, provider: 'vllm' },
  // docs.ollama.com/openai
  ollama: { ...compatible, provider: 'ollama', limit: 'max_tokens' },
  // github.com/ggml-org/llama.cpp/tree/master/tools/server
  llamacpp: { ...compatible, provider: 'llamacpp', limit: 'max_tokens' },
  compatible,
}

/** Hosts by their last labels. */
const hosts: readonly (readonly [host: string, flavour: Flavour])[] = [
  ['api.openai.com', 'openai'],
  ['openai.azure.com', 'azure'],
  ['cognitiveservices.azure.com', 'azure'],
  ['services.ai.azure.com', 'azure'],
  ['api.deepseek.com', 'deepseek'],
  ['api.mistral.ai', 'mistral'],
  ['api.x.ai', 'xai'],
  ['api.groq.com', 'groq'],
  ['api.together.xyz', 'together'],
  ['api.together.ai', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['openrouter.ai', 'openrouter'],
]

/** The flavour of a server, by its host; Ollama by its port. */
export function flavourOf({ hostname, port }: URL): Flavour {
  const found = hosts.find(([host]) => hostname === host || hostname.endsWith(`.${host}`))
  return found?.[1] ?? (port === '11434' ? 'ollama' : 'compatible')
}

/** Vendors without words of their own, whose prices the catalog knows. */
const vendors: readonly (readonly [host: string, provider: string])[] = [
  ['moonshot.ai', 'moonshotai'],
  ['moonshot.cn', 'moonshotai'],
  ['aliyuncs.com', 'alibaba'],
  ['cerebras.ai', 'cerebras'],
]

/** Who serves the models of a server. */
export const providerAt = (flavour: Flavour, { hostname }: URL): string | undefined =>
  flavourTraits[flavour].provider ?? vendors.find(([host]) => hostname.endsWith(`.${host}`))?.[1]
