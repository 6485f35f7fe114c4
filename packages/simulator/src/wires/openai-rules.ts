import type { ModelCard } from '@routewise/core'
import type { HttpRequest, OperationContext, SimRequest, SimTool, ToolChoice } from '../types.ts'
import { ProblemError } from '../types.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectsOf, textIn } from './json.ts'

/** Refuses a request in OpenAI's manner. */
export function refuseRequest(message: string, param?: string, code?: string): never {
  throw new ProblemError({ kind: 'bad-request', message, ...(param !== undefined && { param }), ...(code !== undefined && { code }) })
}

export const bearerKey = (request: HttpRequest): string =>
  /^Bearer\s+(.+)$/iu.exec(request.headers['authorization'] ?? '')?.[1]?.trim() ?? ''

export function bodyOf(request: HttpRequest): JsonObject {
  if (isObject(request.body)) return request.body
  return refuseRequest('Invalid body: expected a JSON object.')
}

/** The model asked for. */
export function modelOf(body: JsonObject, context: OperationContext): { model: string; card: ModelCard | undefined } {
  const model = textIn(body['model'])
  if (model === '') return refuseRequest('you must provide a model parameter')
  return { model, card: context.findModel(model) }
}

/** Functions among the tools. `definitionOf` finds the definition in a tool. */
export function functionsOf(
  body: JsonObject,
  definitionOf: (tool: JsonObject) => JsonObject,
): { definitions: JsonObject[]; tools: SimTool[] } {
  const definitions = objectsOf(body['tools'])
    .filter(tool => tool['type'] === 'function' || tool['type'] === undefined)
    .map(definitionOf)
  const tools = definitions.map((definition, index) => {
    const name = textIn(definition['name'])
    if (!/^[a-zA-Z0-9_.-]{1,128}$/u.test(name))
      refuseRequest(`Invalid 'tools[${index}].function.name': '${name}'.`, `tools[${index}].function.name`, 'invalid_value')
    return { name, schema: isObject(definition['parameters']) ? definition['parameters'] : {} }
  })
  return { definitions, tools }
}

/** `tool_choice` of both OpenAI APIs. */
export function toolChoiceOf(given: unknown, tools: readonly SimTool[]): ToolChoice {
  if (given === undefined || given === null || given === 'auto') return { type: 'auto' }
  if (given === 'none') return { type: 'none' }
  if (tools.length === 0)
    refuseRequest("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice')
  if (given === 'required' || given === 'any') return { type: 'required' }
  if (!isObject(given)) return refuseRequest(`Invalid value: ${JSON.stringify(given)}.`, 'tool_choice', 'invalid_value')
  if (given['type'] === 'allowed_tools') {
    const allowed = isObject(given['allowed_tools']) ? given['allowed_tools'] : given
    return { type: allowed['mode'] === 'required' ? 'required' : 'auto' }
  }
  const name = textIn(isObject(given['function']) ? given['function']['name'] : given['name'])
  if (!tools.some(tool => tool.name === name)) refuseRequest(`Tool choice '${name}' not found in 'tools' parameter.`, 'tool_choice')
  return { type: 'tool', name }
}

/** Refuses what the model cannot do. */
export function checkCapabilities(
  card: ModelCard | undefined,
  request: Pick<SimRequest, 'tools' | 'toolChoice' | 'responseSchema' | 'topLogprobs' | 'reasoning' | 'model'>,
): void {
  if (card === undefined) return
  const { tools, forcedTool, jsonSchema, logprobs, reasoning } = card.capabilities
  if (request.tools.length > 0 && !tools)
    refuseRequest(`\`tools\` is not supported with ${request.model}.`, 'tools', 'unsupported_parameter')
  const forced = request.toolChoice.type === 'tool' || request.toolChoice.type === 'required'
  if (forced && !forcedTool)
    refuseRequest(`\`tool_choice\` of this type is not supported with ${request.model}.`, 'tool_choice', 'unsupported_value')
  if (isObject(request.responseSchema) && !jsonSchema) {
    refuseRequest('This response_format type is unavailable now', 'response_format', 'invalid_request_error')
  }
  const thinks = reasoning && request.reasoning !== false
  if (request.topLogprobs !== undefined && (logprobs === 'no' || (logprobs === 'without-reasoning' && thinks))) {
    refuseRequest('You are not allowed to request logprobs from this model.', 'logprobs')
  }
}

/** OpenAI's own models refuse what its reasoning models have no use for. */
export function checkSampling(body: JsonObject, card: ModelCard | undefined, reasoning: boolean): void {
  if (card === undefined || !card.capabilities.reasoning || !reasoning) return
  if (body['max_tokens'] !== undefined && body['max_tokens'] !== null) {
    refuseRequest(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    )
  }
  if (card.capabilities.sampling) return
  for (const name of ['temperature', 'top_p']) {
    const value = body[name]
    if (value === undefined || value === null || value === 1) continue
    refuseRequest(
      `Unsupported value: '${name}' does not support ${JSON.stringify(value)} with this model. Only the default (1) value is supported.`,
      name,
      'unsupported_value',
    )
  }
}

/** `prompt_cache_options` of models with cache markers; older models know neither options nor markers. */
export function promptCacheOf(body: JsonObject, card: ModelCard | undefined, marked: boolean): SimRequest['promptCache'] {
  const options = isObject(body['prompt_cache_options']) ? body['prompt_cache_options'] : undefined
  if (card !== undefined && card.provider === 'openai' && card.cache.kind !== 'breakpoints' && (options !== undefined || marked)) {
    refuseRequest(
      "Unsupported parameter: 'prompt_cache_options' is not supported with this model.",
      'prompt_cache_options',
      'unsupported_parameter',
    )
  }
  const key = textIn(body['prompt_cache_key'])
  const ttl = options?.['ttl'] ?? (body['prompt_cache_retention'] === '24h' ? '24h' : undefined)
  return {
    mode: options?.['mode'] === 'explicit' ? 'explicit' : 'automatic',
    ...(key !== '' && { key }),
    ...(typeof ttl === 'string' && { ttl }),
  }
}

/** The tier that will be named in the response. */
export const serviceTierOf = (body: JsonObject): string | undefined => {
  const tier = body['service_tier']
  if (tier === 'fast') return 'priority'
  return tier === 'flex' || tier === 'priority' ? tier : undefined
}
