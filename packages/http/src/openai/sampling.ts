import type { Json, ModelCard } from '@routewise/core'

/** What choosing among likely words is steered by, and the value that steers nothing. */
const neutral: Readonly<Record<string, number>> = { temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0 }

/** Notes what this model refuses: to be steered in its choice of words while it reasons, or to reason where it cannot. */
export function noteSamplingChanges(changes: Record<string, unknown>, body: Json, { capabilities, provider }: ModelCard): void {
  const { sampling, reasoning, logprobs } = capabilities
  if (!sampling && effortOf(body) !== 'none') {
    for (const name in neutral) if (body[name] != null && body[name] !== neutral[name]) changes[name] = undefined
  }
  // Of a model that is known to speak without reasoning; of others nobody here knows whether they do.
  const cannotReason = !reasoning && logprobs === 'yes' && (provider === 'openai' || provider === 'azure')
  if (cannotReason) for (const name of ['reasoning_effort', 'reasoning']) if (body[name] != null) changes[name] = undefined
}

function effortOf({ reasoning_effort: effort, reasoning }: Json): unknown {
  return effort ?? (typeof reasoning === 'object' && reasoning !== null && 'effort' in reasoning ? reasoning.effort : undefined)
}
