import { ProblemError } from '../types.ts'
import type { HttpRequest, JsonSchema, OperationContext, SimRequest, ToolChoice } from '../types.ts'
import { placeMarkers } from './anthropic-cache.ts'
import { checkChoiceAndThinking, checkFields, checkModelLimits, checkPrewarm, checkThoughtsOfTurn } from './anthropic-limits.ts'
import { placeBlocks } from './anthropic-prompt.ts'
import { alwaysThinks, checkBlock, checkOutputSchema, checkPairing, checkTools, refuse } from './anthropic-rules.ts'
import type { AnthropicTurn } from './anthropic-rules.ts'
import { isObject, objectsOf, textIn } from './json.ts'
import type { JsonObject } from './json.ts'

/** Reads a request of `/v1/messages`, or of `/v1/messages/count_tokens` when `counting`. Throws `ProblemError` as the API would refuse. */
export function parseAnthropicRequest(http: HttpRequest, context: OperationContext, counting = false): SimRequest {
  const apiKey = apiKeyOf(http)
  const body = isObject(http.body) ? http.body : refuse('The request body is not valid JSON')
  checkFields(body, counting)
  const model = String(body['model'])
  const card = context.findModel(model)
  const system = systemOf(body['system'])
  const turns = turnsOf(objectsOf(body['messages']))
  const tools = objectsOf(body['tools'])
  checkTools(tools)
  checkPairing(turns)
  checkChoiceAndThinking(body, card)
  checkThoughtsOfTurn(body, turns)
  if (card !== undefined) checkModelLimits(body, turns, card)
  const blocks = placeMarkers(placeBlocks(body, system, turns, card), body['cache_control'])
  checkPrewarm(
    body,
    blocks.some(block => block.cache !== undefined),
  )
  const schema = outputSchema(body)
  const thinks = isObject(body['thinking']) ? body['thinking']['type'] !== 'disabled' : alwaysThinks(card)
  return {
    model,
    apiKey,
    blocks,
    prompt: promptOf(turns),
    turn: endsWithResult(turns) ? 'tool' : 'user',
    stream: body['stream'] === true,
    ...(counting ? {} : { maxOutputTokens: Number(body['max_tokens']) }),
    tools: tools.flatMap(({ name, input_schema: input }) => (isObject(input) ? { name: textIn(name), schema: input } : [])),
    toolChoice: toolChoiceOf(body['tool_choice']),
    parallelTools: !(isObject(body['tool_choice']) && body['tool_choice']['disable_parallel_tool_use'] === true),
    ...(schema === undefined ? {} : { responseSchema: schema }),
    stop: Array.isArray(body['stop_sequences']) ? body['stop_sequences'].filter(stop => typeof stop === 'string') : [],
    showReasoning: thinks,
    reasoning: thinks,
    promptCache: { mode: 'explicit' },
    ...(body['speed'] === 'fast' ? { serviceTier: 'fast' } : {}),
  }
}

/** Key of the caller. Throws as the API does when there is none. */
export function apiKeyOf({ headers }: HttpRequest): string {
  const key = headers['x-api-key'] ?? headers['authorization']?.replace(/^Bearer\s+/i, '')
  if (!key) throw new ProblemError({ kind: 'auth', message: 'x-api-key header is required' })
  if (headers['anthropic-version'] === undefined) refuse('anthropic-version: header is required')
  return key
}

function systemOf(system: unknown): readonly JsonObject[] {
  if (typeof system === 'string') return system === '' ? [] : [{ type: 'text', text: system }]
  return objectsOf(system)
}

/** Messages of one role in a row are one turn. */
function turnsOf(messages: readonly JsonObject[]): readonly AnthropicTurn[] {
  const turns: AnthropicTurn[] = []
  for (const [at, message] of messages.entries()) {
    const role = roleOf(message['role'], turns.at(-1)?.role)
    const content = contentOf(message['content'], at, at === messages.length - 1 && role === 'assistant')
    const last = turns.at(-1)
    if (last?.role === role && role !== 'system') turns[turns.length - 1] = { ...last, content: [...last.content, ...content] }
    else if (last?.role === 'system' && role !== 'assistant')
      refuse('messages: a "system" message must be the last or precede an assistant message')
    else turns.push({ role, at, content })
  }
  return turns
}

function roleOf(role: unknown, previous: string | undefined): AnthropicTurn['role'] {
  if (role === 'user' || role === 'assistant') return role
  if (role === 'system' && previous === 'user') return role
  if (role === 'system') {
    return refuse(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    )
  }
  return refuse(`messages: Unexpected role "${String(role)}". Allowed roles are "user" or "assistant"`)
}

function contentOf(content: unknown, at: number, mayBeEmpty: boolean): readonly JsonObject[] {
  const blocks = typeof content === 'string' ? (content === '' ? [] : [{ type: 'text', text: content }]) : objectsOf(content)
  if (blocks.length === 0 && !mayBeEmpty)
    refuse(`messages.${at}: all messages must have non-empty content except for the optional final assistant message`)
  for (const [index, block] of blocks.entries()) {
    if (block['type'] === 'text' && block['text'] === '' && block['cache_control'] === undefined)
      refuse('messages: text content blocks must be non-empty')
    checkBlock(block, `messages.${at}.content.${index}`)
  }
  return blocks
}

function outputSchema(body: JsonObject): JsonSchema | undefined {
  const config = isObject(body['output_config']) ? body['output_config'] : {}
  const format = config['format'] ?? body['output_format']
  if (!isObject(format)) return undefined
  if (format['type'] !== 'json_schema' || !isObject(format['schema']))
    return refuse("output_config.format.type: Input should be 'json_schema'")
  checkOutputSchema(format['schema'])
  return format['schema']
}

function toolChoiceOf(choice: unknown): ToolChoice {
  if (!isObject(choice)) return { type: 'auto' }
  switch (choice['type']) {
    case 'auto':
    case 'none':
      return { type: choice['type'] }
    case 'any':
      return { type: 'required' }
    case 'tool':
      return { type: 'tool', name: String(choice['name']) }
    default:
      return refuse(`tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'`)
  }
}

const textOf = (turn: AnthropicTurn): string =>
  turn.content
    .filter(block => block['type'] === 'text')
    .map(block => String(block['text']))
    .join('\n')

const promptOf = (turns: readonly AnthropicTurn[]): string =>
  turns
    .filter(turn => turn.role === 'user')
    .map(textOf)
    .findLast(text => text !== '') ?? ''

function endsWithResult(turns: readonly AnthropicTurn[]): boolean {
  const last = turns.findLast(turn => turn.role !== 'system')
  return last?.role === 'user' && last.content.at(-1)?.['type'] === 'tool_result'
}
