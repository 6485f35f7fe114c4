import type { CacheBreakpoint, Features, ModelCard } from '../types.ts'
import type { Outlook } from './conversations.ts'

/** Where markers pay for themselves in this prompt: none where the caller has set his own. */
export function planBreakpoints(_card: ModelCard, _features: Features, _outlook: Outlook): readonly CacheBreakpoint[] {
  return []
}
