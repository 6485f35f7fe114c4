/** Targets that state is kept for; the oldest goes first. A router has as many as were listed, so this only bounds mistakes. */
const MAX_TARGETS = 1_000

/** State of each target, made when it is first asked for. Bounded. */
export function perTarget<State extends object>(create: (target: string) => State): (target: string) => State {
  const states = new Map<string, State>()
  return target => {
    const known = states.get(target)
    if (known !== undefined) return known
    const fresh = create(target)
    if (states.size === MAX_TARGETS) states.delete(states.keys().next().value!)
    states.set(target, fresh)
    return fresh
  }
}
