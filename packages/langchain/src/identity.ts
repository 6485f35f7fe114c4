import type { RoutedChatModelCallOptions } from './call-options.ts'
import type { ChatCandidate } from './target.ts'
import { describeTool } from './tools.ts'

/** What tells one routed model from another, without any secret. */
export function identityOf(name: string, candidates: readonly ChatCandidate[]): Record<string, unknown> {
  return {
    name,
    models: candidates.map(({ id, card, model, options, settings }) => ({
      id,
      model: card.id,
      provider: card.provider,
      options,
      params: paramsOf(model),
      settings,
    })),
  }
}

/** Settings of a candidate; `invocationParams` holds none of its keys, `_identifyingParams` may. */
function paramsOf(model: ChatCandidate['model']): unknown {
  try {
    return model.invocationParams({})
  } catch {
    return undefined
  }
}

/** Call options that belong to the run, not to what is asked; LangGraph adds several. */
const ofTheRun = new Set([
  'signal',
  'promptIndex',
  'control',
  'executionInfo',
  'interrupt',
  'writer',
  'store',
  'serverInfo',
  'heartbeat',
  'ls_structured_output_format',
])

/** Call options as they go into a response cache's key: tools and schemas by what they say, and who is asking. */
export function cacheKeyOf(options: RoutedChatModelCallOptions, tenant: string | undefined): Record<string, unknown> {
  const { tools, structuredOutput, routing, ...rest } = options
  const key: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rest)) if (!ofTheRun.has(name) && value !== undefined) key[name] = value
  if (tools !== undefined) key['tools'] = tools.map(describeTool)
  if (structuredOutput !== undefined) key['structuredOutput'] = structuredOutput.jsonSchema
  key['tenant'] = routing?.tenant ?? tenant
  key['allow'] = routing?.allow
  key['deny'] = routing?.deny
  return key
}
