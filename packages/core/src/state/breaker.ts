import type { Clock, Random } from '../clock.ts'
import type { RoutingSettings } from '../options.ts'
import { createBucketWindow } from './bucket-window.ts'
import { perTarget } from './per-target.ts'

/** Slots of the window: it looks back between nine and ten tenths of `windowMs`. */
const SLOTS = 10
const SUCCEEDED = 0
const FAILED = 1

/** A breaker has opened, closed, or let its probe through. */
export interface BreakerChange {
  target: string
  state: 'open' | 'half-open' | 'closed'
  /** Milliseconds for which it stays open, when it has opened. */
  openMs?: number
}

interface BreakersOptions {
  /** `false`: no breaker ever opens. */
  settings: RoutingSettings['breaker']
  clock: Pick<Clock, 'now'>
  random: Random
  onChange(change: BreakerChange): void
}

/** Leave for one attempt. Attempts of one closed period share theirs, so that a call costs no object. */
export interface Admission {
  readonly target: string
}

export interface Breakers {
  /** No call is let through now: the target is open, or its one probe is under way. For planning; admits nothing. */
  isOpen(target: string): boolean
  /**
   * Leave to start one attempt, perhaps as the probe; `undefined` where `isOpen`.
   * With `force` there is leave then too, for when no other target is left; how such an attempt ends counts for nothing.
   */
  admit(target: string, force: true): Admission
  admit(target: string, force?: boolean): Admission | undefined
  /** How an attempt has ended, once for each. `neutral`: superseded or aborted, it tells nothing of the target. */
  report(admission: Admission, outcome: Outcome): void
}

type Outcome = 'success' | 'failure' | 'neutral'
type Settings = Exclude<RoutingSettings['breaker'], false>

/** A circuit breaker per target. Bounded. */
export function createBreakers({ settings, clock, random, onChange }: BreakersOptions): Breakers {
  if (settings === false) return { isOpen: () => false, admit: (target: string) => ({ target }), report: () => undefined }
  const circuits = perTarget(target => createCircuit(target, settings, clock, random, onChange))
  return {
    isOpen: target => circuits(target).isOpen(),
    admit: ((target, force) => circuits(target).admit() ?? (force === true ? { target } : undefined)) as Breakers['admit'],
    report: (admission, outcome) => circuits(admission.target).report(admission, outcome),
  }
}

/**
 * Opens on `consecutive` failures in a row, each within `windowMs` of the one before, or on a share of `ratio` among at least `minCalls`
 * in the window. Stays open for `openMs`, doubled with each probe that fails up to `maxOpenMs`, times 0.8 to 1.2 so that instances do not
 * come back together (gRPC A6); then it is half-open and lets one probe through. Only attempts of the present closed period count: what
 * was started before it opened comes from before the outage, or from its beginning, and says nothing of its end.
 */
function createCircuit(
  target: string,
  settings: Settings,
  clock: Pick<Clock, 'now'>,
  random: Random,
  onChange: BreakersOptions['onChange'],
) {
  const { consecutive, ratio, minCalls, windowMs, openMs, maxOpenMs } = settings
  const slotMs = windowMs / SLOTS
  const calls = createBucketWindow(2, SLOTS)
  let slot = Math.floor(clock.now() / slotMs)
  let inARow = 0
  let state: BreakerChange['state'] = 'closed'
  /** Leave of the present closed period. */
  let leave: Admission = { target }
  let openUntil = 0
  /** Times it has opened since it was last closed. */
  let openings = 0
  let probe: Admission | undefined
  let probeUntil = 0

  function turn(): void {
    const now = Math.floor(clock.now() / slotMs)
    if (now - slot >= SLOTS) {
      calls.clear()
      inARow = 0
      slot = now
    }
    for (; slot < now; slot++) calls.turn()
  }

  function count(failed: boolean): void {
    turn()
    calls.add(failed ? FAILED : SUCCEEDED)
    inARow = failed ? inARow + 1 : 0
    if (!failed) return
    if (inARow >= consecutive || (calls.total >= minCalls && calls.totals[FAILED]! >= ratio * calls.total)) open()
  }

  function open(): void {
    const ms = Math.min(maxOpenMs, openMs * 2 ** openings) * (0.8 + 0.4 * random())
    state = 'open'
    openings += 1
    openUntil = clock.now() + ms
    onChange({ target, state, openMs: ms })
  }

  function close(): void {
    state = 'closed'
    leave = { target }
    openings = 0
    inARow = 0
    calls.clear()
    onChange({ target, state })
  }

  function isOpen(): boolean {
    if (state === 'closed') return false
    if (state === 'open') return clock.now() < openUntil
    return probe !== undefined && clock.now() < probeUntil
  }

  return {
    isOpen,
    admit(): Admission | undefined {
      if (state === 'closed') return leave
      if (isOpen()) return undefined
      probe = { target }
      // An answer that nobody reads to its end is never reported; its place must not be lost for ever.
      probeUntil = clock.now() + maxOpenMs
      if (state === 'open') {
        state = 'half-open'
        onChange({ target, state })
      }
      return probe
    },
    report(admission: Admission, outcome: Outcome): void {
      if (admission === probe) {
        probe = undefined
        if (outcome === 'success') close()
        else if (outcome === 'failure') open()
      } else if (state === 'closed' && admission === leave && outcome !== 'neutral') count(outcome === 'failure')
    },
  }
}
