import {
  createDescriber,
  estimateTokens,
  isJson,
  jsonOf,
  NO_NEEDS,
  objectsOf,
  type Block,
  type CallContext,
  type Features,
  type Json,
} from '@routewise/core'
import type { WireCall } from '../call.ts'
import { readMessages, readTool } from './chat-blocks.ts'
import { schemaOf } from './format.ts'
import { readItems } from './item-blocks.ts'
import { cacheKeyOf, isMarkedWhole } from './marks.ts'

/**
 * Describes calls for the core. Every request brings its whole conversation anew: messages and tools are known by what they say, so that
 * one that goes on costs what is new in it. The same conversation is described alike on every face, and in either API.
 */
export function createCallDescriber(): (call: WireCall, context: CallContext) => Features {
  const describer = createDescriber<Block>({ read: block => block, alwaysNew: true })
  return ({ api, body, stream, headers }, { task, tenant }) => {
    if (api === 'embeddings') return describeValues(body['input'], task)
    const schema = schemaOf(api, body)
    const { tools, tool_choice: choice } = body
    const messages = api === 'chat' ? readMessages(body['messages']) : readItems(body)
    const last = messages.at(-1)
    return describer.describe({
      messages: last !== undefined && isMarkedWhole(body) ? [...messages.slice(0, -1), { ...last, marked: true }] : messages,
      tools: tools === undefined ? undefined : objectsOf(tools).map(readTool),
      schema: schema === undefined ? undefined : JSON.stringify(schema),
      maxOutputTokens: outputLimitOf(body),
      needs: { forcedTool: forcesTool(choice), streaming: stream, logprobs: wantsLogprobs(body) },
      task,
      tenant,
      cacheKey: cacheKeyOf(body, headers),
    })
  }
}

/** What a model reads of a request: its tools, one each, the schema of the answer as one of them, then its messages. */
export function readBlocks({ api, body }: Pick<WireCall, 'api' | 'body'>): readonly Block[] {
  if (api === 'embeddings') return []
  const schema = schemaOf(api, body)
  return [
    ...objectsOf(body['tools']).map(readTool),
    ...(schema === undefined ? [] : [{ role: 'tools' as const, texts: ['answer schema', '', JSON.stringify(schema)] }]),
    ...(api === 'chat' ? readMessages(body['messages']) : readItems(body)),
  ]
}

const limits = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const

function outputLimitOf(body: Json): number | undefined {
  for (const name of limits) {
    const limit = body[name]
    if (typeof limit === 'number' && limit > 0) return limit
  }
  return undefined
}

/** `required`, or a choice of one tool; `allowed_tools` may say either. */
function forcesTool(choice: unknown): boolean {
  if (!isJson(choice)) return choice === 'required'
  if (choice['type'] !== 'allowed_tools') return true
  return (choice['mode'] ?? jsonOf(choice['allowed_tools'])['mode']) === 'required'
}

const wantsLogprobs = ({ logprobs, include }: Json): boolean =>
  logprobs === true || (Array.isArray(include) && include.includes('message.output_text.logprobs'))

/** Texts to embed; those that come as tokens are counted already. */
function describeValues(input: unknown, task: string | undefined): Features {
  const inputTokens = typeof input === 'string' ? estimateTokens(input) : Array.isArray(input) ? input.reduce(addTokens, 0) : 0
  return {
    inputTokens: Math.ceil(inputTokens),
    maxOutputTokens: undefined,
    needs: NO_NEEDS,
    prefix: [],
    task: task ?? 'chat',
    turn: 'user',
  }
}

const addTokens = (sum: number, value: unknown): number =>
  sum + (typeof value === 'string' ? estimateTokens(value) : Array.isArray(value) ? value.length : 1)
