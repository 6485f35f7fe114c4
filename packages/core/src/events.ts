import type { Decision } from './decide.ts'
import type { LintNotice } from './lint/live.ts'
import type { CacheCollapse } from './conversations/collapse.ts'
import type { BreakerChange } from './state/breaker.ts'
import type { AttemptReceipt, Receipt } from './types.ts'

/** What a router tells its listeners. */
export interface RouterEvents {
  /** A plan was made: what was considered, in which order. */
  decision: { id: string; decision: Decision }
  /** Nothing came for longer than it should: a hedge was started, or refused, and why. */
  silence: { id: string; targets: readonly string[]; silentMs: number; hedge?: string; refused?: string }
  /** A target is left alone because it keeps failing, tried again, or well again. */
  breaker: BreakerChange
  /** A conversation's prompt was cached before, and most of it is not any more: why, and what it costs. */
  cacheCollapse: CacheCollapse
  /** With `promptCache: { lint: true }`: a prompt is about to be sent that does not begin as the one before it in its conversation. */
  lint: LintNotice
  /** An attempt ended, whatever its end. */
  attempt: { id: string; attempt: AttemptReceipt }
  /** A call ended. */
  receipt: Receipt
}

type Listener<Event> = (event: Event) => void

/** Typed events; a listener that throws is dropped from the call, not from the router. */
export function createEvents() {
  const listeners: { [Name in keyof RouterEvents]: Set<Listener<RouterEvents[Name]>> } = {
    decision: new Set(),
    silence: new Set(),
    breaker: new Set(),
    cacheCollapse: new Set(),
    lint: new Set(),
    attempt: new Set(),
    receipt: new Set(),
  }
  return {
    /** Calls `listener` on every event of that name; the returned function ends it. */
    on<Name extends keyof RouterEvents>(name: Name, listener: Listener<RouterEvents[Name]>): () => void {
      listeners[name].add(listener)
      return () => listeners[name].delete(listener)
    },
    emit<Name extends keyof RouterEvents>(name: Name, event: RouterEvents[Name]): void {
      for (const listener of listeners[name]) {
        try {
          listener(event)
        } catch {
          // A listener's own fault must not break somebody's answer.
        }
      }
    },
  }
}

export type Events = ReturnType<typeof createEvents>
