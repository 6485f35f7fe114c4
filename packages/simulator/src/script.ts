import type { PlannedAnswer } from './answer/plan.ts'
import type { DrawnLatency } from './latency.ts'
import type { FaultEffect, FaultPoint } from './fault.ts'
import type { AnswerEvent, Problem } from './types.ts'

// Headers leave when the prompt has been queued and read in part.
const HEADERS_SHARE = 0.3

/** What a streamed answer consists of, faults included. Nothing follows the steps that end it. */
export type Step =
  /** Until so many milliseconds after the start of the request. */
  | { type: 'wait'; offsetMs: number }
  | { type: 'open' }
  | { type: 'keep-alive' }
  | { type: 'say'; event: AnswerEvent; spoiled: boolean }
  | { type: 'finish' }
  /** Silence until the client leaves. */
  | { type: 'hang' }
  | { type: 'cut' }
  | { type: 'error'; problem: Problem }
  /** A clean end without a terminal event. */
  | { type: 'silent-end' }

/** Lays out a streamed answer in time, with the faults that strike it. */
export function scriptOf(answer: PlannedAnswer, latency: DrawnLatency, effects: readonly FaultEffect[]): Step[] {
  const steps: Step[] = []
  let delayedMs = 0
  const waitUntil = (offsetMs: number) => steps.push({ type: 'wait', offsetMs: offsetMs + delayedMs })
  const pauseAt = (point: FaultPoint) => {
    for (const effect of effects) {
      if (effect.type !== 'hang' || effect.at !== point) continue
      if (point !== 'headers') steps.push({ type: 'keep-alive' })
      if (effect.ms === undefined) steps.push({ type: 'hang' })
      else delayedMs += effect.ms
    }
  }
  const endAt = (point: FaultPoint) => steps.push(...effects.flatMap(effect => endOf(effect, point)))

  waitUntil(latency.firstTokenMs * HEADERS_SHARE)
  pauseAt('headers')
  waitUntil(latency.firstTokenMs * HEADERS_SHARE)
  endAt('headers')
  steps.push({ type: 'open' })
  pauseAt('first-token')
  waitUntil(latency.firstTokenMs)
  endAt('first-token')

  const middle = Math.floor(answer.events.length / 2)
  const spoiled = effects.some(effect => effect.type === 'malformed' && effect.where === 'wire')
  let tokens = 0
  for (const [index, event] of answer.events.entries()) {
    if (index === middle) pauseAt('midway')
    waitUntil(latency.firstTokenMs + tokens * latency.msPerOutputToken)
    if (index === middle) endAt('midway')
    steps.push({ type: 'say', event, spoiled: spoiled && index === middle })
    tokens += 'tokens' in event ? event.tokens : 0
  }
  steps.push({ type: 'finish' })
  return steps
}

function endOf(effect: FaultEffect, point: FaultPoint): Step[] {
  if (effect.type === 'cut' && effect.at === point) return [{ type: 'cut' }]
  if (effect.type === 'silent-end' && point === 'midway') return [{ type: 'silent-end' }]
  if (effect.type !== 'stream-error' || effect.at !== point) return []
  return [{ type: 'error', problem: { kind: effect.kind, ...(effect.message !== undefined && { message: effect.message }) } }]
}
