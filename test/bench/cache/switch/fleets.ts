import { findModel } from '@routewise/catalog'
import type { ModelCard } from '@routewise/core'

/** The task of turns that need a strong model. */
export const HARD = 'hard'
/** What the caller asks for: every model reaches it on an easy turn, the strong ones on a hard one. */
export const QUALITY = 0.9

export interface FleetModel {
  card: ModelCard
  strong: boolean
}

/** Models that a conversation may go to and fro between, at today's prices. */
export interface Fleet {
  name: string
  models: readonly FleetModel[]
}

/**
 * Two to four models each. Prompts of one key are taken by one machine here, however many there are: what happens beyond that is another
 * bench's question.
 */
export const fleets = (): readonly Fleet[] => [
  fleet(['claude-haiku-4-5'], ['claude-opus-5-5']),
  fleet(['claude-sonnet-5'], ['claude-opus-5-5']),
  fleet(['gpt-6-luna'], ['gpt-6-sol']),
  fleet(['gemini-3.8-flash', 'claude-haiku-4-5'], ['gpt-6-sol']),
  fleet(['gpt-6-sol', 'gpt-5.6-luna'], ['claude-opus-5-5']),
  fleet(['deepseek-v4-pro', 'gemini-3.8-flash', 'grok-4.3'], ['gemini-3.1-pro-preview']),
]

function fleet(weak: readonly string[], strong: readonly string[]): Fleet {
  const model = (id: string, isStrong: boolean): FleetModel => {
    const known = findModel(id)
    if (known === undefined) throw new Error(`the catalogue has no ${id}`)
    const { key: _, ...cache } = known.cache
    return { strong: isStrong, card: { ...known, cache, quality: { default: 0.95, [HARD]: isStrong ? 0.95 : 0.5 } } }
  }
  return {
    name: `${weak.join(' + ')} | ${strong.join(' + ')}`,
    models: [...weak.map(id => model(id, false)), ...strong.map(id => model(id, true))],
  }
}
