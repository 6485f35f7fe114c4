import { LRUCache } from 'lru-cache'

/** Targets that state is kept for; the one not used for longest goes first. */
const MAX_TARGETS = 1_000

/** State of each target, made when it is first asked for. Bounded. */
export function perTarget<State extends object>(create: (target: string) => State): (target: string) => State {
  const states = new LRUCache<string, State>({ max: MAX_TARGETS })
  return target => {
    const known = states.get(target)
    if (known !== undefined) return known
    const fresh = create(target)
    states.set(target, fresh)
    return fresh
  }
}
