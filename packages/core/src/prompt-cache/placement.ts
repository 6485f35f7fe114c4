import type { Clock } from '../clock.ts'
import type { Candidate, Features, TargetFacts } from '../types.ts'
import { type Group, groupMembers, type Member } from './groups.ts'
import { sharedTokens, stablePrefix } from '../conversations/stable-prefix.ts'

/** No target gets more than so many times its share of the group's tokens in a minute, and so many tokens for bursts. */
const MAX_SHARE = 1.3
const MAX_BURST_TOKENS = 95_000
/** A new conversation, which can begin anywhere at no cost, leaves room for those that are at home here. */
const FRESH_SHARE = 1.1
const FRESH_BURST_TOKENS = 25_000
/** What is cached of a mean prompt is worth a full target; of less, a less full one. Measured: from 4 to 16 little changes. */
const PRESSURE_EXPONENT = 8
/** Newest prompts that make the mean. */
const MEAN_OVER = 100

/** Our count of the shared beginning may be off by this much from what the provider has counted. */
const COUNT_TOLERANCE = 1.1

/** Above any number of tokens: those that are crowded come after all others, and after them those that are full. */
const CROWDED = 1e9
const FULL = 1e12

/**
 * Spreads calls among equal targets so that prompts find their caches and none gets more than its share. A conversation goes where most
 * of it is cached while there is room, and leaves for the next most as it gets narrow, the sooner the less is lost. A new one goes to the
 * target that rendezvous hashing gives its stable beginning, the same in every process, among those that are not crowded.
 * Source: rendezvous hashing (Thaler, Ravishankar 1998); bounded loads (Mirrokni, Thorup, Zadimoghaddam 2018).
 */
export function createPlacement({ now }: Pick<Clock, 'now'>, targets: readonly TargetFacts[]) {
  const members = groupMembers(targets)

  /** The places of a plan that one group holds. */
  function orderGroup(plan: Candidate[], places: readonly Place[], features: Features): void {
    const stable = stablePrefix(features.prefix)
    const open = places.filter(({ rests }) => !rests)
    const taking = open.length === 0 ? places : open
    let loads = 0
    let mostHeld = 0
    let sharedHere = 0
    for (const { candidate, load } of taking) {
      const { cacheReadTokens, inputTokens } = candidate
      loads += load
      if (cacheReadTokens > mostHeld) {
        mostHeld = cacheReadTokens
        sharedHere = sharedTokens(features.prefix) * (inputTokens / Math.max(1, features.inputTokens))
      }
    }
    const isFresh = mostHeld <= sharedHere * COUNT_TOLERANCE
    for (const place of places) {
      const { candidate, member, load, rests } = place
      const { inputTokens, cacheReadTokens } = candidate
      const fair = (loads + inputTokens) / taking.length
      const after = load + inputTokens
      const fullness = after / (MAX_SHARE * fair + MAX_BURST_TOKENS)
      const lost = mostHeld - cacheReadTokens
      if (rests) place.cost = Number.POSITIVE_INFINITY
      else if (fullness > 1) place.cost = FULL * fullness
      else if (!isFresh) place.cost = lost + member.group.promptTokens * fullness ** PRESSURE_EXPONENT
      else place.cost = after > FRESH_SHARE * fair + FRESH_BURST_TOKENS ? CROWDED + after : lost
      place.rank = member.rank(stable)
    }
    const ordered = places.toSorted((a, b) => a.cost - b.cost || b.rank - a.rank)
    for (const [at, { candidate }] of ordered.entries()) plan[places[at]!.at] = candidate
  }

  return {
    /**
     * The plan, with the targets of each group in the order in which they should get this prompt. Other places stay, so what the policy
     * thinks of a group holds for its best place; those that rest take no share.
     */
    place(plan: readonly Candidate[], features: Features, resting: ReadonlyMap<string, unknown>): readonly Candidate[] {
      if (members.size === 0) return plan
      const time = now()
      const groups = new Map<Group, Place[]>()
      for (let at = 0; at < plan.length; at += 1) {
        const candidate = plan[at]!
        const member = members.get(candidate.id)
        if (member === undefined) continue
        const place = { at, candidate, member, load: member.load.at(time), rests: resting.has(candidate.id), cost: 0, rank: 0 }
        const places = groups.get(member.group)
        if (places === undefined) groups.set(member.group, [place])
        else places.push(place)
      }
      const placed = [...plan]
      for (const places of groups.values()) if (places.length > 1) orderGroup(placed, places, features)
      return placed
    },

    /** A request with so many tokens was sent to a target. */
    sent(target: string, inputTokens: number): void {
      const member = members.get(target)
      if (member === undefined) return
      member.load.add(inputTokens, now())
      const { group } = member
      group.sent = Math.min(MEAN_OVER, group.sent + 1)
      group.promptTokens += (inputTokens - group.promptTokens) / group.sent
    },
  }
}

export type Placement = ReturnType<typeof createPlacement>

interface Place {
  at: number
  candidate: Candidate
  member: Member
  /** Tokens that the target got in the last minute. */
  load: number
  rests: boolean
  /** Tokens that go there at a loss, and what its load adds to them. */
  cost: number
  rank: number
}
