import type { HttpRequest, OperationContext, PromptBlock, SimRequest } from '../types.ts'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectsOf, textIn } from './json.ts'
import { callBlock, functionBlocks, messageBlocks, plainText, schemaBlocks } from './openai-prompt.ts'
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

/** Reads `POST /chat/completions`. */
export function parseChatRequest(request: HttpRequest, context: OperationContext, flavour: Flavour): SimRequest {
  const body = bodyOf(request)
  const { model, card } = modelOf(body, context)
  const messages = objectsOf(body['messages'])
  if (messages.length === 0) refuseRequest("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter')
  if (Number(body['n'] ?? 1) !== 1) refuseRequest('Simulated models give one choice: n must be 1.', 'n', 'unsupported_value')
  checkCalls(messages, flavour)

  const { definitions, tools } = functionsOf(body, tool => (isObject(tool['function']) ? tool['function'] : tool))
  const reasoning = flavour.reasons(body)
  const schema = responseSchema(body['response_format'])
  const { responseSchema: wanted } = schema
  const blocks = [...functionBlocks(definitions), ...schemaBlocks(wanted), ...historyBlocks(messages)]
  const limit = body['max_completion_tokens'] ?? body['max_tokens']
  const stop = typeof body['stop'] === 'string' ? [body['stop']] : Array.isArray(body['stop']) ? body['stop'].map(textIn) : []
  const cacheKey = flavour.cacheKey(request.headers)
  const serviceTier = serviceTierOf(body)
  const parsed: SimRequest = {
    model,
    apiKey: bearerKey(request),
    blocks,
    prompt: plainText(messages.findLast(message => message['role'] === 'user')?.['content']),
    turn: messages.at(-1)?.['role'] === 'tool' ? 'tool' : 'user',
    stream: body['stream'] === true,
    ...(typeof limit === 'number' && { maxOutputTokens: limit }),
    tools,
    toolChoice: toolChoiceOf(body['tool_choice'], tools),
    parallelTools: body['parallel_tool_calls'] !== false,
    ...schema,
    stop,
    ...(!reasoning && { reasoning }),
    showReasoning: flavour.showsReasoning(body),
    ...(body['logprobs'] === true && { topLogprobs: Number(body['top_logprobs'] ?? 0) }),
    promptCache: flavour.promptCache(
      promptCacheOf(
        body,
        card,
        blocks.some(block => block.cache !== undefined),
      ),
      blocks,
    ),
    ...(serviceTier !== undefined && { serviceTier }),
  }
  if (cacheKey !== undefined) parsed.promptCache = { ...parsed.promptCache, key: cacheKey }
  checkCapabilities(card, parsed)
  if (flavour.id === 'openai') {
    checkSampling(body, card, reasoning)
    const format = isObject(body['response_format']) ? body['response_format']['json_schema'] : undefined
    checkStrictSchemas('chat', format, definitions)
  }
  return parsed
}

function responseSchema(format: unknown): Pick<SimRequest, 'responseSchema'> {
  if (!isObject(format) || format['type'] === 'text') return {}
  if (format['type'] === 'json_object') return { responseSchema: true }
  const schema = isObject(format['json_schema']) ? format['json_schema']['schema'] : undefined
  if (format['type'] !== 'json_schema' || !isObject(schema)) {
    return refuseRequest(
      `Invalid value: '${String(format['type'])}'. Supported values are: 'json_object', 'json_schema', and 'text'.`,
      'response_format',
    )
  }
  return { responseSchema: schema }
}

function historyBlocks(messages: readonly JsonObject[]): PromptBlock[] {
  let leading = true
  return messages.flatMap(message => {
    const role = roleOf(message)
    leading &&= role === 'system'
    // A message that only calls tools says nothing, whether its content is `null` or empty.
    const isSilent = message['tool_calls'] !== undefined && (message['content'] ?? '') === ''
    const said = isSilent ? [] : messageBlocks(leading ? 'system' : 'messages', role, message['content'] ?? '', message['name'])
    const calls = objectsOf(message['tool_calls']).map(call => {
      const definition = isObject(call['function']) ? call['function'] : {}
      return callBlock(textIn(definition['name']), textIn(definition['arguments']))
    })
    return [...said, ...calls]
  })
}

function roleOf(message: JsonObject): PromptBlock['role'] {
  switch (message['role']) {
    case 'system':
    case 'developer':
      return 'system'
    case 'user':
      return 'user'
    case 'assistant':
      return 'assistant'
    case 'tool':
    case 'function':
      return 'tool'
    default:
      return refuseRequest(`Invalid value: '${String(message['role'])}'.`, 'messages[0].role', 'invalid_value')
  }
}

/** Every tool call must be answered at once, and every answer must belong to a call. */
function checkCalls(messages: readonly JsonObject[], flavour: Flavour): void {
  let waiting: string[] = []
  for (const [index, message] of messages.entries()) {
    if (message['role'] === 'tool') {
      const id = textIn(message['tool_call_id'])
      if (!waiting.includes(id)) {
        refuseRequest(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
          `messages.[${index}].role`,
        )
      }
      waiting = waiting.filter(call => call !== id)
      continue
    }
    if (waiting.length > 0) refuseUnanswered(waiting, index)
    waiting = objectsOf(message['tool_calls']).map(call => textIn(call['id']))
    waiting.forEach((id, call) => flavour.checkCallId(id, `messages[${index}].tool_calls[${call}].id`))
  }
  if (waiting.length > 0) refuseUnanswered(waiting, messages.length)
}

const refuseUnanswered = (ids: readonly string[], index: number): never =>
  refuseRequest(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(', ')}`,
    `messages.[${index}].role`,
  )
