import type { CacheBreakpoint, CachePlan } from '@routewise/core'

/** The plan with its markers where the messages that they follow stand in another list; what stands nowhere there has none. */
export function planAt(plan: CachePlan | undefined, places: readonly (number | undefined)[]): CachePlan | undefined {
  if (plan === undefined || plan.breakpoints.length === 0) return plan
  const breakpoints: CacheBreakpoint[] = []
  for (const breakpoint of plan.breakpoints) {
    const { after } = breakpoint
    const place = after === 'tools' ? after : places[after]
    if (place !== undefined && place !== -1) breakpoints.push({ ...breakpoint, after: place })
  }
  return { ...plan, breakpoints }
}
