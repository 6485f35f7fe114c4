import type { ModelCard } from '@routewise/core'
import { ProblemError } from '../types.ts'
import type { AnswerCodec, HttpReply, HttpRequest, Operation, OperationContext, WireModule } from '../types.ts'
import { geminiBody } from './gemini-answer.ts'
import { geminiError } from './gemini-errors.ts'
import { matchCachedContents } from './gemini-caches.ts'
import { apiKeyOf, parseGeminiRequest } from './gemini-request.ts'
import { createGeminiStream } from './gemini-stream.ts'
import { isObject } from './json.ts'

/** Google's Gemini API: content generation, token counts and models. Source: ai.google.dev/api, @google/genai 2.32. */
export const geminiWire: WireModule = {
  match(request) {
    const caches = matchCachedContents(request)
    if (caches !== undefined) return caches
    const [, rest] = /^\/v1(?:alpha|beta)?\/models(?:\/(.+))?$/.exec(request.path) ?? []
    if (rest === undefined) return /^\/v1(alpha|beta)\/models$/.test(request.path) ? readOnly(request, listModels) : undefined
    const [, model, method] = /^([^:]+):(\w+)$/.exec(decodeURIComponent(rest)) ?? []
    if (model === undefined) return readOnly(request, context => modelInfo(cardOf(decodeURIComponent(rest), context)))
    if (request.method !== 'POST') return undefined
    if (method === 'countTokens') return { type: 'reply', reply: context => countTokens(request, model, context) }
    if (method !== 'generateContent' && method !== 'streamGenerateContent') return undefined
    const stream = method === 'streamGenerateContent'
    return { type: 'generate', parse: context => parseGeminiRequest(request, model, stream, context), codec: codecOf(request) }
  },
  error: geminiError,
}

function codecOf({ query }: HttpRequest): AnswerCodec {
  const asEvents = query.get('alt') === 'sse'
  return {
    headers: head => ({ 'x-gemini-service-tier': head.usage.serviceTier ?? 'standard' }),
    body: geminiBody,
    stream: head => createGeminiStream(head, asEvents),
    ...(asEvents ? { streamType: 'text/event-stream' } : { streamType: 'application/json; charset=UTF-8' }),
  }
}

async function countTokens(request: HttpRequest, model: string, context: OperationContext): Promise<HttpReply> {
  const inner =
    isObject(request.body) && isObject(request.body['generateContentRequest']) ? request.body['generateContentRequest'] : request.body
  const { blocks } = parseGeminiRequest({ ...request, body: inner }, model, false, context)
  const totalTokens = await context.countTokens(blocks, cardOf(model, context))
  return { status: 200, body: { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] } }
}

function readOnly(request: HttpRequest, body: (context: OperationContext) => unknown): Operation | undefined {
  if (request.method !== 'GET') return undefined
  return {
    type: 'reply',
    reply(context) {
      apiKeyOf(request)
      return { status: 200, body: body(context) }
    },
  }
}

const listModels = ({ models }: OperationContext): unknown => ({ models: models.map(modelInfo) })

const modelInfo = (card: ModelCard): unknown => ({
  name: `models/${card.id}`,
  version: '001',
  displayName: card.id,
  inputTokenLimit: card.contextTokens,
  outputTokenLimit: card.maxOutputTokens ?? card.contextTokens,
  supportedGenerationMethods: ['generateContent', 'countTokens', 'batchGenerateContent'],
  temperature: 1,
  topP: 0.95,
  topK: 64,
  maxTemperature: 2,
  thinking: card.capabilities.reasoning,
})

function cardOf(id: string, context: OperationContext): ModelCard {
  const card = context.findModel(id)
  if (card === undefined) throw new ProblemError({ kind: 'not-found', model: id })
  return card
}
