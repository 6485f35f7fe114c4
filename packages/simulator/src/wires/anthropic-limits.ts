import type { ModelCard } from '@routewise/core'
import { alwaysThinks, generationOf, refuse } from './anthropic-rules.ts'
import type { AnthropicTurn } from './anthropic-rules.ts'
import { isObject, objectsOf } from './json.ts'
import type { JsonObject } from './json.ts'

/** Fields of the request that the API knows; any other is refused. */
const FIELDS = new Set(
  (
    'model messages max_tokens system tools tool_choice stop_sequences stream temperature top_p top_k metadata thinking cache_control ' +
    'output_config output_format service_tier speed inference_geo container context_management mcp_servers diagnostics fallbacks ' +
    'fallback_credit_token user_profile_id workspace_id compaction safeguards thread'
  ).split(' '),
)

/** Fields that are there, or that should not be. */
export function checkFields(body: JsonObject, counting: boolean): void {
  for (const name of Object.keys(body)) if (!FIELDS.has(name)) refuse(`${name}: Extra inputs are not permitted`, name)
  if (typeof body['model'] !== 'string') refuse('model: Field required', 'model')
  if (!Array.isArray(body['messages'])) refuse('messages: Field required', 'messages')
  if (objectsOf(body['messages']).length === 0) refuse('messages: at least one message is required', 'messages')
  if (counting) return
  const { max_tokens: maxTokens } = body
  if (maxTokens === undefined || maxTokens === null) refuse('max_tokens: Field required', 'max_tokens')
  if (!Number.isInteger(maxTokens)) refuse('max_tokens: Input should be a valid integer', 'max_tokens')
  if (Number(maxTokens) < 0) refuse('max_tokens: Input should be greater than or equal to 0', 'max_tokens')
}

/** What this model refuses that another would take. */
export function checkModelLimits(body: JsonObject, turns: readonly AnthropicTurn[], card: ModelCard): void {
  const maxTokens = Number(body['max_tokens'])
  if (card.maxOutputTokens !== undefined && maxTokens > card.maxOutputTokens) {
    refuse(
      `max_tokens: ${maxTokens} > ${card.maxOutputTokens}, which is the maximum allowed number of output tokens for ${card.id}`,
      'max_tokens',
    )
  }
  if (!card.capabilities.sampling) {
    for (const name of ['temperature', 'top_p', 'top_k']) {
      const value = body[name]
      if (value !== undefined && value !== null && value !== 1) refuse(`\`${name}\` is deprecated for this model.`, name)
    }
  }
  if (turns.at(-1)?.role === 'assistant' && generationOf(card.id) >= 4.6) {
    refuse('This model does not support assistant message prefill. The conversation must end with a user message.')
  }
}

/** Tool choice and thinking exclude each other in part, and some models exclude either. */
export function checkChoiceAndThinking(body: JsonObject, card: ModelCard | undefined): void {
  const choice = isObject(body['tool_choice']) ? body['tool_choice'] : undefined
  const thinking = isObject(body['thinking']) ? body['thinking'] : undefined
  const forced = choice?.['type'] === 'any' || choice?.['type'] === 'tool'
  const tools = objectsOf(body['tools'])
  if (choice !== undefined && tools.length === 0)
    refuse('tool_choice: tool_choice may only be specified while providing tools', 'tool_choice')
  if (choice?.['type'] === 'tool' && !tools.some(tool => tool['name'] === choice['name'])) {
    refuse(`Tool '${String(choice['name'])}' not found in provided tools`, 'tool_choice')
  }
  if (forced && card !== undefined && !card.capabilities.forcedTool)
    refuse('tool_choice: type "tool" and "any" are not supported for this model.', 'tool_choice')
  if (alwaysThinks(card) && (thinking?.['type'] === 'disabled' || thinking?.['type'] === 'enabled')) {
    refuse(
      `"thinking.type.${thinking['type']}" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.`,
      'thinking',
    )
  }
  if (thinking?.['type'] !== 'enabled') return
  const budget = Number(thinking['budget_tokens'])
  if (!(budget >= 1024)) refuse('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024', 'thinking')
  if (Number(body['max_tokens']) <= budget) refuse('`max_tokens` must be greater than `thinking.budget_tokens`.', 'max_tokens')
  if (forced) refuse('Thinking may not be enabled when tool_choice forces tool use.', 'tool_choice')
  const { temperature } = body
  if (typeof temperature === 'number' && temperature !== 1)
    refuse('`temperature` may only be set to 1 when thinking is enabled.', 'temperature')
}

/** With thinking by a budget, a turn that tools have a part in begins with its thoughts. Source: docs.claude.com, extended thinking with tool use. */
export function checkThoughtsOfTurn(body: JsonObject, turns: readonly AnthropicTurn[]): void {
  if (!isObject(body['thinking']) || body['thinking']['type'] !== 'enabled') return
  const start = turns.findLastIndex(({ role, content }) => role === 'user' && content.every(({ type }) => type !== 'tool_result'))
  const [first] = turns.slice(start + 1)
  const type = first?.role === 'assistant' ? first.content[0]?.['type'] : undefined
  if (first === undefined || typeof type !== 'string' || type === 'thinking' || type === 'redacted_thinking') return
  refuse(
    `messages.${first.at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${type}\`. ` +
      'When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set of `tool_use` ' +
      'and `tool_result` blocks). To avoid this requirement, disable `thinking`.',
  )
}

/** `max_tokens: 0` only fills the prompt cache, and excludes everything that asks for an answer. */
export function checkPrewarm(body: JsonObject, marked: boolean): void {
  if (body['max_tokens'] !== 0) return
  const choice = isObject(body['tool_choice']) ? body['tool_choice']['type'] : undefined
  const excluded =
    (body['stream'] === true && 'stream') ||
    (isObject(body['thinking']) && body['thinking']['type'] === 'enabled' && 'thinking') ||
    (isObject(body['output_config']) && body['output_config']['format'] && 'output_config.format') ||
    ((choice === 'any' || choice === 'tool') && 'tool_choice')
  if (typeof excluded === 'string') refuse(`max_tokens: 0 is not supported together with ${excluded}`, 'max_tokens')
  if (!marked) refuse('max_tokens: 0 requires at least one block with cache_control', 'max_tokens')
}
