import type { Clock } from '../clock.ts'
import { ratesAt } from '../money/cost.ts'
import type { CallContext, ModelCard } from '../types.ts'
import type { LintBlock, PrefixChange } from './finding.ts'
import { costOf } from './prefix-lint.ts'
import { createPrefixWatch } from './watch.ts'

/** A change between two successive prompts of a conversation, as it is about to be sent. */
export interface LintNotice extends PrefixChange {
  /** Id of the call's receipt. */
  id: string
  tenant?: string
  session?: string
  /** Model that is asked first, by whose prices and cache it is reckoned. */
  model: string
  /** What it costs in this call; absent where the price is not known. */
  costUsd?: number
}

/** Conversations whose last prompt is kept. */
const MAX_SESSIONS = 100

/** Compares successive prompts as they are sent. Texts are kept by reference only. */
export function createLiveLint({ wall }: Pick<Clock, 'wall'>) {
  const watch = createPrefixWatch({ maxSessions: MAX_SESSIONS, acrossSessions: false })

  function compare(id: string, blocks: readonly LintBlock[], { tenant, session }: CallContext, card: ModelCard): readonly LintNotice[] {
    const { changes, inputTokens } = watch.observe({ tenant, session, atMs: wall(), model: card.id, blocks }, card)
    if (changes.length === 0) return []
    const rates = ratesAt(card, wall(), inputTokens)
    return changes.map(change => {
      const notice: LintNotice = { id, model: card.id, ...change }
      const costUsd = costOf(change, rates)
      if (tenant !== undefined) notice.tenant = tenant
      if (session !== undefined) notice.session = session
      if (costUsd !== undefined) notice.costUsd = costUsd
      return notice
    })
  }

  return {
    /** What keeps this prompt from being read from the cache of the model that is asked first; nothing where a dialect cannot tell. */
    observe(
      id: string,
      readBlocks: () => readonly LintBlock[] | undefined,
      context: CallContext,
      card: ModelCard | undefined,
    ): readonly LintNotice[] {
      try {
        const blocks = readBlocks()
        return card === undefined || blocks === undefined || blocks.length === 0 ? [] : compare(id, blocks, context, card)
      } catch {
        // What is only told must not break somebody's answer.
        return []
      }
    },
  }
}
