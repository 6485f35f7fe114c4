import { RouterError } from '../errors.ts'
import type { Policy } from '../types.ts'

/** One policy after the other: each sees what the one before has kept, in its order. */
export function pipe(...policies: readonly Policy[]): Policy {
  const wrong = policies.findIndex(policy => typeof policy !== 'function')
  if (wrong >= 0) throw new RouterError('invalid_option', `pipe: argument ${wrong + 1} is ${typeof policies[wrong]}: expected a policy`)
  return (candidates, call) => policies.reduce((kept, policy) => policy(kept, call), candidates)
}
