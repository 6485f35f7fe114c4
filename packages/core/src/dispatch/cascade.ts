import type { Acceptance } from '../state/acceptance.ts'
import type { Candidate, Task } from '../types.ts'

/**
 * The plan of a cascade, without the drafts that cannot pay. A draft pays when it costs less than it is expected to save:
 * `draft + judge < P(accepted) × what comes after it`. With a long prompt that is warm at the strong target alone, it never does.
 * An accepted draft leaves the strong target to cool: what the next rejected one would then have to write anew counts against it.
 */
export function payingPlan(
  plan: readonly Candidate[],
  task: Task,
  acceptance: Pick<Acceptance, 'expect' | 'judgeCostUsd'>,
  coolingUsd: (candidate: Candidate) => number = () => 0,
): readonly Candidate[] {
  const [first] = plan
  if (first === undefined) return plan
  // The chain along which poor answers would be escalated.
  const chain = [first]
  for (const candidate of plan) if (candidate.expectedQuality > chain.at(-1)!.expectedQuality) chain.push(candidate)
  let start = chain.length - 1
  let expected = chain[start]!.expectedCostUsd
  for (let at = start - 1; at >= 0; at -= 1) {
    const { id, expectedCostUsd, expectedQuality } = chain[at]!
    const cost = expectedCostUsd + acceptance.judgeCostUsd
    const accepted = acceptance.expect(id, task, expectedQuality)
    const cooling = accepted * (1 - accepted) * coolingUsd(chain[start]!)
    // Without prices there is nothing to weigh: the order is the policy's.
    const pays = !Number.isFinite(expected) || !Number.isFinite(cost) || cost + cooling < accepted * expected
    if (!pays) continue
    expected = cost + cooling + (1 - accepted) * expected
    start = at
  }
  return start === 0 ? plan : [chain[start]!, ...plan.filter(candidate => candidate !== chain[start])]
}
