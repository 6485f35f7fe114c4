import type { Outlook } from '../prompt-cache/conversations.ts'
import type { Candidate } from '../types.ts'

/** Dollars for this call and for those expected to follow in its conversation, if they all go to this candidate. */
export function conversationCostUsd({ expectedCostUsd }: Pick<Candidate, 'expectedCostUsd' | 'card'>, _outlook: Outlook): number {
  return expectedCostUsd
}
