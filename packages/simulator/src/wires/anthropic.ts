import type { ModelCard } from '@routewise/core'
import { ProblemError } from '../types.ts'
import type { AnswerCodec, HttpReply, HttpRequest, Operation, OperationContext, WireModule } from '../types.ts'
import { anthropicBody } from './anthropic-answer.ts'
import { anthropicError, rfc3339 } from './anthropic-errors.ts'
import { apiKeyOf, parseAnthropicRequest } from './anthropic-request.ts'
import { generationOf } from './anthropic-rules.ts'
import { createAnthropicStream } from './anthropic-stream.ts'
import { isObject } from './json.ts'

/** Anthropic's Messages API: messages, token counts and models. Source: docs.claude.com/en/api, @anthropic-ai/sdk 1.12. */
export const anthropicWire: WireModule = {
  match(request) {
    const operation = `${request.method} ${request.path}`
    if (operation === 'POST /v1/messages') {
      return { type: 'generate', parse: context => parseAnthropicRequest(request, context), codec: codecOf(request) }
    }
    if (operation === 'POST /v1/messages/count_tokens') return { type: 'reply', reply: context => countTokens(request, context) }
    if (operation === 'GET /v1/models') return readOnly(request, listModels)
    if (operation.startsWith('GET /v1/models/')) {
      const id = decodeURIComponent(request.path.slice('/v1/models/'.length))
      return readOnly(request, context => modelInfo(cardOf(id, context)))
    }
    return undefined
  },
  error: anthropicError,
}

function codecOf(request: HttpRequest): AnswerCodec {
  return {
    headers: head => ({
      'request-id': `req_01${head.id}`,
      'anthropic-organization-id': '00000000-0000-4000-8000-000000000000',
      'anthropic-ratelimit-requests-limit': '4000',
      'anthropic-ratelimit-requests-remaining': '3999',
      'anthropic-ratelimit-requests-reset': rfc3339(head.createdMs),
    }),
    body: (head, answer) => anthropicBody(head, answer, showsThinking(request.body, head.card)),
    stream: head => createAnthropicStream(head, showsThinking(request.body, head.card)),
  }
}

/** Newer models leave the text of their thinking out unless asked for a summary. */
function showsThinking(body: unknown, card: ModelCard): boolean {
  const thinking = isObject(body) && isObject(body['thinking']) ? body['thinking'] : {}
  return thinking['display'] === undefined || thinking['display'] === null
    ? generationOf(card.id) < 4.7
    : thinking['display'] === 'summarized'
}

async function countTokens(request: HttpRequest, context: OperationContext): Promise<HttpReply> {
  const { model, blocks } = parseAnthropicRequest(request, context, true)
  return { status: 200, body: { input_tokens: await context.countTokens(blocks, cardOf(model, context)) } }
}

function readOnly(request: HttpRequest, body: (context: OperationContext) => unknown): Operation {
  return {
    type: 'reply',
    reply(context) {
      apiKeyOf(request)
      return { status: 200, body: body(context) }
    },
  }
}

function listModels({ models }: OperationContext): unknown {
  return { data: models.map(modelInfo), has_more: false, first_id: models[0]?.id ?? null, last_id: models.at(-1)?.id ?? null }
}

const modelInfo = (card: ModelCard): unknown => ({
  type: 'model',
  id: card.id,
  display_name: card.id,
  created_at: `${card.verifiedAt}T00:00:00Z`,
  lifecycle: 'active',
  deprecated_at: null,
  retires_at: null,
  line: /haiku|sonnet|opus|fable|mythos/.exec(card.id)?.[0] ?? null,
  max_input_tokens: card.contextTokens,
  max_tokens: card.maxOutputTokens ?? null,
  capabilities: null,
})

function cardOf(id: string, context: OperationContext): ModelCard {
  const card = context.findModel(id)
  if (card === undefined) throw new ProblemError({ kind: 'not-found', model: id })
  return card
}
