import { RouterError } from './errors.ts'
import type { Target, TargetFacts } from './types.ts'

/** @throws RouterError `invalid_option` or `duplicate_target`, naming the target. */
export function checkTargets<Call, Chunk>(targets: readonly Target<Call, Chunk>[]): readonly Target<Call, Chunk>[] {
  const seen = new Set<string>()
  for (const [at, target] of targets.entries()) {
    if (typeof target?.id !== 'string' || target.id === '') {
      throw new RouterError('invalid_option', `option \`targets.${at}.id\` is ${JSON.stringify(target?.id)}: expected a name`)
    }
    if (typeof target.open !== 'function' || typeof target.card !== 'object') {
      throw new RouterError(
        'invalid_option',
        `option \`targets.${at}\` ("${target.id}") lacks ${typeof target.open === 'function' ? 'a card' : 'open()'}`,
      )
    }
    if (seen.has(target.id)) {
      throw new RouterError('duplicate_target', `Two targets have the id "${target.id}". Give each an id of its own.`)
    }
    seen.add(target.id)
  }
  return Object.freeze([...targets])
}

/** A policy that needs prices says so now, not at the first call. @throws RouterError `price_unknown` */
export function checkPrices(targets: readonly Pick<TargetFacts, 'card'>[], decide: () => unknown): void {
  if (targets.every(({ card }) => card.prices.length > 0)) return
  try {
    decide()
  } catch (error) {
    if (RouterError.isInstance(error) && error.code === 'price_unknown') throw error
  }
}
