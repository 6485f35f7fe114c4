import type { ChatCall } from './call.ts'
import { maxTemperature } from './settings.ts'
import type { ChatCandidate } from './target.ts'

/** Options by which integrations take the caller's limit of output tokens. */
export const outputLimits = ['max_tokens', 'maxTokens', 'max_completion_tokens', 'maxOutputTokens', 'max_output_tokens'] as const
/** Options that ask a model how to choose its words, and how long to think. */
const sampling = ['temperature', 'top_p', 'topP'] as const
const effort = ['reasoning_effort', 'reasoningEffort', 'reasoning'] as const

/** Call options within what the candidate's model takes; the same call where they are. */
export function createLimits({ family, card }: ChatCandidate): (call: ChatCall) => ChatCall {
  const { maxOutputTokens = Number.POSITIVE_INFINITY, capabilities } = card
  const hottest = (family && maxTemperature[family]) ?? Number.POSITIVE_INFINITY
  const most: Readonly<Record<string, number>> = {
    ...Object.fromEntries(outputLimits.map(name => [name, maxOutputTokens])),
    temperature: hottest,
  }
  const refused: readonly string[] = [...(capabilities.sampling ? [] : sampling), ...(capabilities.reasoning ? [] : effort)]

  return call => {
    let options: Record<string, unknown> | undefined
    for (const name in call.options) {
      const value = call.options[name]
      if (value === undefined || value === null) continue
      const limit = most[name]
      if (refused.includes(name)) delete (options ??= { ...call.options })[name]
      else if (limit !== undefined && typeof value === 'number' && value > limit) (options ??= { ...call.options })[name] = limit
    }
    return options === undefined ? call : { ...call, options }
  }
}
