import type { HttpReply, HttpRequest, Operation, Problem, WireModule } from '../types.ts'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'
import { isObject } from './json.ts'
import { answerHeaders } from './openai-chat.ts'
import { outputItems, responseId, responseObject } from './openai-responses-answer.ts'
import { storeResponse } from './openai-responses-items.ts'
import { parseResponsesRequest } from './openai-responses-request.ts'
import { createResponsesStream } from './openai-responses-stream.ts'

/** OpenAI's Responses API: stored responses and item references included. Any prefix of the path is accepted. */
export const responsesWire = (flavour: Flavour): WireModule => ({
  match: request => (request.method === 'POST' && /\/responses\/?$/u.test(request.path) ? operationFor(request, flavour) : undefined),
  error: problem => responsesError(problem, flavour),
})

function operationFor(request: HttpRequest, flavour: Flavour): Operation {
  const body = isObject(request.body) ? request.body : {}
  let items: readonly JsonObject[] = []
  const stores = body['store'] !== false
  return {
    type: 'generate',
    parse(context) {
      const read = parseResponsesRequest(request, context, flavour)
      items = read.items
      return read.parsed
    },
    codec: {
      headers: head => answerHeaders(head),
      body(head, answer) {
        const output = outputItems(head, body, answer)
        if (stores) storeResponse(head, responseId(head), items, output)
        return responseObject(head, body, flavour, { ...answer, output })
      },
      stream: head =>
        createResponsesStream(head, body, flavour, output => {
          if (stores) storeResponse(head, responseId(head), items, output)
        }),
    },
  }
}

/** The Responses API has its own words for a prompt that is too long. */
function responsesError(problem: Problem, flavour: Flavour): HttpReply {
  if (problem.kind !== 'context-overflow' || flavour.id !== 'openai') return flavour.error(problem)
  return flavour.error({
    ...problem,
    message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
    param: 'input',
  })
}
