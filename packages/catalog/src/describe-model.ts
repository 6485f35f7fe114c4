import { parseOptions, type ModelCard } from '@routewise/core'
import { deepFreeze, UNSTATED_CONTEXT_TOKENS, unstatedCapabilities } from './card.ts'
import { findModel } from './catalog.ts'
import { defineModel, withFacts } from './define-model.ts'
import { overrideSchema, type ModelDefinition, type ModelOverride } from './definition.ts'

export interface DescribeOptions {
  /** Who serves the model, as for `findModel`. */
  provider?: string | undefined
  /** What the user says of it: facts, or a whole card. They come first. */
  facts?: ModelCard | ModelOverride | undefined
  /** Expected share of good answers, 0 to 1: one number, or by task. Over that of `facts`. */
  quality?: ModelOverride['quality'] | undefined
  /** What its class says of itself, for what the catalog does not know: the model, or of one that only the published prices know what it can do. */
  otherwise?: ModelOverride | undefined
}

/**
 * The card of a model: what the user says, over the catalog, over what the model's class says of itself.
 * @throws RouterError `invalid_option`, naming the fact, the value and what is allowed.
 */
export function describeModel(name: string, { provider, facts, quality, otherwise }: DescribeOptions = {}): ModelCard {
  // Facts that are a whole card say their id themselves, and an alias of a deployment keeps it.
  const { id = name, ...said }: Partial<ModelDefinition> = { ...facts, ...(quality !== undefined && { quality }) }
  const found = findModel(name, provider === undefined ? {} : { provider })
  const known = found && stated(found, otherwise)
  if (known === undefined) {
    return defineModel({ ...otherwise, id, ...said, capabilities: { ...otherwise?.capabilities, ...said.capabilities } })
  }
  if (Object.keys(said).length === 0) return known.id === id ? known : deepFreeze({ ...known, id })
  return deepFreeze({ ...withFacts(known, parseOptions(overrideSchema, said, 'describeModel'), 'describeModel'), id })
}

/** The card with what nothing is known of as the model's class says it. */
function stated(card: ModelCard, otherwise: ModelOverride | undefined): ModelCard {
  const { capabilities, contextTokens } = otherwise ?? {}
  if (card.capabilities !== unstatedCapabilities) return card
  return withFacts(
    card,
    {
      ...(capabilities !== undefined && { capabilities }),
      ...(contextTokens !== undefined && card.contextTokens === UNSTATED_CONTEXT_TOKENS && { contextTokens }),
    },
    'describeModel',
  )
}
