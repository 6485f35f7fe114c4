import type { RoutingSettings } from '../options.ts'
import { CHARS_PER_TOKEN, type Meter } from './meter.ts'

/** How long an answer is held back after its first token. */
export type Hold = { type: 'amount'; isOver(meter: Meter): boolean } | { type: 'time'; ms: number; isOver(meter: Meter): boolean }

const always = () => true
const never = () => false
const NO_HOLD: Hold = { type: 'amount', isOver: always }
/** Until the end of the answer. */
export const HOLD_WHOLE: Hold = { type: 'amount', isOver: never }

/** `release` as an attempt applies it. */
export function holdFor(release: NonNullable<RoutingSettings['release']>): Hold {
  if (release === 'first-token') return NO_HOLD
  if (release === 'judged') return HOLD_WHOLE
  if ('ms' in release) return { type: 'time', ms: release.ms, isOver: never }
  return { type: 'amount', isOver: ({ contentChars }) => contentChars >= release.tokens * CHARS_PER_TOKEN }
}
