import type { AnswerHead, HttpRequest, WireModule } from '../types.ts'
import type { Flavour } from './flavour.ts'
import { isObject } from './json.ts'
import { chatBody } from './openai-chat-answer.ts'
import { parseChatRequest } from './openai-chat-request.ts'
import { createChatStream } from './openai-chat-stream.ts'
import { embeddings } from './openai-embeddings.ts'
import { listModels, retrieveModel } from './openai-models.ts'

/** OpenAI's chat completions, models and embeddings, in the flavour of a vendor. Any prefix of the path is accepted. */
export const chatWire = (flavour: Flavour): WireModule => ({
  match(request) {
    const path = request.path.replace(/\/+$/u, '')
    if (request.method === 'POST' && path.endsWith('/chat/completions')) {
      return {
        type: 'generate',
        parse: context => parseChatRequest(request, context, flavour),
        codec: {
          headers: head => answerHeaders(head),
          body: (head, answer) => chatBody(head, answer, flavour),
          stream: head => createChatStream(head, flavour, includesUsage(request)),
        },
      }
    }
    if (request.method === 'POST' && path.endsWith('/embeddings')) return { type: 'reply', ...embeddings(request) }
    if (request.method !== 'GET') return undefined
    if (path.endsWith('/models')) return { type: 'reply', reply: context => listModels(request, context) }
    const id = /\/models\/(.+)$/u.exec(path)?.[1]
    return id === undefined ? undefined : { type: 'reply', model: id, reply: context => retrieveModel(request, context, id) }
  },
  error: problem => flavour.error(problem),
})

const includesUsage = ({ body }: HttpRequest): boolean =>
  isObject(body) && isObject(body['stream_options']) && body['stream_options']['include_usage'] === true

/** Headers of every answer on OpenAI's wires. */
export const answerHeaders = (head: AnswerHead): Record<string, string> => ({
  'x-request-id': `req_${head.id}`,
  'openai-version': '2020-10-01',
  'openai-processing-ms': '1',
  'x-ratelimit-limit-requests': '10000',
  'x-ratelimit-remaining-requests': '9999',
  'x-ratelimit-reset-requests': '6ms',
  'x-ratelimit-limit-tokens': '2000000',
  'x-ratelimit-remaining-tokens': '1999000',
  'x-ratelimit-reset-tokens': '30ms',
})
