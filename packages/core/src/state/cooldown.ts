import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'

/** How often what other instances announced is read. */
const REFRESH_MS = 1_000

/**
 * Targets that are left alone for a while: their provider asked for it, or nobody but their owner can mend them. Failures that pass are
 * the breaker's. Advice, never a wall: when every target cools, all are open.
 * With a `store`, cooldowns are announced to and read from the other instances, in the background; a store that fails is ignored.
 */
export function createCooldowns({ clock, store }: { clock: Clock; store: Store | undefined }) {
  const until = new Map<string, number>()
  let refreshedAt = Number.NEGATIVE_INFINITY
  const keyOf = (target: string) => `routewise:cooldown:${target}`

  const refresh = async (shared: Store, targets: Iterable<string>) => {
    for (const target of targets) {
      const announced = Number(await shared.get(keyOf(target)))
      const remainingMs = announced - clock.wall()
      if (remainingMs > 0) until.set(target, Math.max(until.get(target) ?? 0, clock.now() + remainingMs))
    }
  }

  return {
    isCooling: (target: string): boolean => (until.get(target) ?? 0) > clock.now(),
    start(target: string, ms: number): void {
      if (ms <= 0) return
      until.set(target, Math.max(until.get(target) ?? 0, clock.now() + ms))
      store?.set(keyOf(target), String(clock.wall() + ms), { ttlMs: ms }).catch(() => undefined)
    },
    /** Reads, at most once a second and without waiting, what other instances announced. */
    refresh(targets: Iterable<string>): void {
      if (store === undefined || clock.now() - refreshedAt < REFRESH_MS) return
      refreshedAt = clock.now()
      refresh(store, targets).catch(() => undefined)
    },
    /** The target has answered: what was held against it is over. */
    clear: (target: string): void => {
      until.delete(target)
    },
  }
}
