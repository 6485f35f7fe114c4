import type { HttpReply, HttpRequest, OperationContext } from '../types.ts'
import { ProblemError } from '../types.ts'
import { bearerKey } from './openai-rules.ts'

const describe = (id: string, owner: string) => ({ id, object: 'model', created: 1_767_225_600, owned_by: owner })

/** `GET /models`. */
export function listModels(request: HttpRequest, context: OperationContext): HttpReply {
  checkKey(request)
  return { status: 200, body: { object: 'list', data: context.models.map(card => describe(card.id, context.provider.id)) } }
}

/** `GET /models/{id}`. */
export function retrieveModel(request: HttpRequest, context: OperationContext, id: string): HttpReply {
  checkKey(request)
  if (context.findModel(id) === undefined) throw new ProblemError({ kind: 'not-found', model: id })
  return { status: 200, body: describe(id, context.provider.id) }
}

/** Every operation needs a key. */
export function checkKey(request: HttpRequest): void {
  if (bearerKey(request) === '') throw new ProblemError({ kind: 'auth' })
}
