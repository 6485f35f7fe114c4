import type { HttpRequest, OperationContext, SimRequest } from '../types.ts'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'
import { isObject, textIn } from './json.ts'
import { functionBlocks, messageBlocks, plainText, schemaBlocks } from './openai-prompt.ts'
import { checkItems, inputItems, itemBlocks } from './openai-responses-items.ts'
import {
  bearerKey,
  bodyOf,
  checkCapabilities,
  checkSampling,
  functionsOf,
  modelOf,
  promptCacheOf,
  refuseRequest,
  serviceTierOf,
  toolChoiceOf,
} from './openai-rules.ts'
import { checkStrictSchemas } from './openai-strict-schema.ts'

/** A request, with the items that its response will be stored with. */
export interface ResponsesRequest {
  parsed: SimRequest
  items: readonly JsonObject[]
}

/** Reads `POST /responses`. */
export function parseResponsesRequest(request: HttpRequest, context: OperationContext, flavour: Flavour): ResponsesRequest {
  const body = bodyOf(request)
  const { model, card } = modelOf(body, context)
  const items = inputItems(body, context.store, bearerKey(request))
  if (items.length === 0) refuseRequest("Missing required parameter: 'input'.", 'input', 'missing_required_parameter')
  checkItems(items, bearerKey(request))

  const { definitions, tools } = functionsOf(body, tool => tool)
  const text = isObject(body['text']) ? body['text'] : {}
  const schema = responseSchema(text['format'])
  const { responseSchema: wanted } = schema
  const instructions = body['instructions']
  const blocks = [
    ...functionBlocks(definitions),
    ...schemaBlocks(wanted),
    ...(typeof instructions === 'string' ? messageBlocks('system', 'system', instructions) : []),
    ...itemBlocks(items),
  ]
  const asked = isObject(body['reasoning']) ? body['reasoning'] : {}
  const reasoning = asked['effort'] !== 'none'
  const include = Array.isArray(body['include']) ? body['include'] : []
  const serviceTier = serviceTierOf(body)
  const parsed: SimRequest = {
    model,
    apiKey: bearerKey(request),
    blocks,
    prompt: plainText(items.findLast(item => item['role'] === 'user')?.['content']),
    turn: items.at(-1)?.['type'] === 'function_call_output' ? 'tool' : 'user',
    stream: body['stream'] === true,
    ...(typeof body['max_output_tokens'] === 'number' && { maxOutputTokens: body['max_output_tokens'] }),
    tools,
    toolChoice: toolChoiceOf(body['tool_choice'], tools),
    parallelTools: body['parallel_tool_calls'] !== false,
    ...schema,
    stop: [],
    ...(!reasoning && { reasoning }),
    showReasoning: textIn(asked['summary']) !== '',
    ...(include.includes('message.output_text.logprobs') && { topLogprobs: Number(body['top_logprobs'] ?? 0) }),
    promptCache: promptCacheOf(
      body,
      card,
      blocks.some(block => block.cache !== undefined),
    ),
    ...(serviceTier !== undefined && { serviceTier }),
  }
  checkCapabilities(card, parsed)
  if (flavour.id === 'openai') {
    checkSampling(body, card, reasoning)
    checkStrictSchemas('responses', text['format'], definitions)
  }
  return { parsed, items }
}

function responseSchema(format: unknown): Pick<SimRequest, 'responseSchema'> {
  if (!isObject(format) || format['type'] === 'text') return {}
  if (format['type'] === 'json_object') return { responseSchema: true }
  if (format['type'] !== 'json_schema' || !isObject(format['schema']))
    return refuseRequest(`Invalid value: '${String(format['type'])}'.`, 'text.format')
  return { responseSchema: format['schema'] }
}
