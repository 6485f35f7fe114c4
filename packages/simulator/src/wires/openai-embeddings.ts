import { hashText, seededRandom } from '../seed.ts'
import type { HttpReply, HttpRequest, OperationContext } from '../types.ts'
import { textIn } from './json.ts'
import { checkKey } from './openai-models.ts'
import { bodyOf, refuseRequest } from './openai-rules.ts'

const DEFAULT_DIMENSIONS = 1536
const DIMENSIONS_PER_WORD = 8

/** `POST /embeddings`: texts that share words have vectors that are near. */
export function embeddings(request: HttpRequest): { reply(context: OperationContext): HttpReply } {
  return {
    reply(context) {
      checkKey(request)
      const body = bodyOf(request)
      const model = textIn(body['model'])
      if (model === '') refuseRequest('you must provide a model parameter')
      const inputs = inputsOf(body['input'])
      const dimensions = Number(body['dimensions'] ?? body['output_dimension'] ?? DEFAULT_DIMENSIONS)
      const asBase64 = body['encoding_format'] === 'base64'
      const data = inputs.map((input, index) => {
        const vector = embed(input, dimensions)
        return { object: 'embedding', index, embedding: asBase64 ? Buffer.from(vector.buffer).toString('base64') : [...vector] }
      })
      const tokens = inputs.reduce((sum, input) => sum + Math.ceil(input.length / 4), 0)
      const usage = { inputTokens: tokens, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }
      const named = context.findModel(model)?.id ?? model
      return {
        status: 200,
        body: { object: 'list', data, model: named, usage: { prompt_tokens: tokens, total_tokens: tokens } },
        billed: { model, usage },
      }
    },
  }
}

function inputsOf(input: unknown): string[] {
  const list = Array.isArray(input) && typeof input[0] !== 'number' ? input : [input]
  if (list.length === 0) refuseRequest("'$.input' is invalid. Please check the API reference.", 'input')
  return list.map(item => (typeof item === 'string' ? item : JSON.stringify(item ?? '')))
}

/** A unit vector: every word adds to a few dimensions of its own. */
function embed(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const random = seededRandom('embedding', hashText(word))
    for (let draw = 0; draw < DIMENSIONS_PER_WORD; draw += 1) {
      const dimension = Math.floor(random() * dimensions)
      vector[dimension] = (vector[dimension] ?? 0) + random() - 0.5
    }
  }
  const length = Math.hypot(...vector) || 1
  return vector.map(value => value / length)
}
