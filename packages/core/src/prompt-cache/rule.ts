import type { CacheRule } from '../types.ts'

/** The provider caches without being asked. */
export const isAutomatic = ({ kind, implicitBreakpoint }: CacheRule): boolean =>
  kind === 'auto-prefix' || kind === 'prefix-units' || implicitBreakpoint === true

/** Of a prefix that is held, the tokens that the rule lets be read; both in the model's own count. */
export function readable({ kind, minTokens, stepTokens = 1 }: CacheRule, heldTokens: number): number {
  if (kind === 'none') return 0
  const held = Math.floor(heldTokens / stepTokens) * stepTokens
  return held < minTokens ? 0 : held
}
