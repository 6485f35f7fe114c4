import type { Candidate } from '../types.ts'

/** The newest observation weighs at least this much, and an early one more. */
const MIN_WEIGHT = 0.02
/** Coming back counts as seen this often before anything was: conversations are taken to stay where they are. */
const PRIOR_CALLS = 2

/** How calls use one target. */
export interface Habit {
  /** Of a conversation's calls that this target answered, the share whose next one came to it again. */
  comesBack: number
  /** Of the calls for which it was the cheaper choice, the share that went past it all the same: it is not good enough for them. */
  passedOver: number
  /** Its cost was weighed: it was chosen, or passed over all the same. */
  isWeighed: boolean
  /** Target that gets what goes past it; absent: nothing has yet. */
  standIn: string | undefined
}

interface Learned extends Habit {
  followed: number
  weighed: number
}

/**
 * Learns from plans and answers how conversations use their targets: which calls a cheap one does not get, who gets them, and where a
 * conversation goes on. Whatever the policy, a candidate that stands behind a dearer one was passed over for something else than its cost.
 */
export function createHabits() {
  const habits = new Map<string, Learned>()

  const of = (target: string): Learned => {
    let habit = habits.get(target)
    if (habit === undefined) {
      habit = { comesBack: 1, passedOver: 0, isWeighed: false, standIn: undefined, followed: PRIOR_CALLS, weighed: 0 }
      habits.set(target, habit)
    }
    return habit
  }

  return {
    /** What is known of a target; `undefined`: it has neither answered nor been weighed. */
    find: (target: string): Habit | undefined => habits.get(target),
    /** A call was answered by `target`; `previous` answered the one before it in its conversation. */
    observe(plan: readonly Candidate[], target: string, previous: string | undefined): void {
      if (previous !== undefined) {
        const habit = of(previous)
        habit.followed += 1
        habit.comesBack += Math.max(MIN_WEIGHT, 1 / habit.followed) * (Number(previous === target) - habit.comesBack)
      }
      const [first] = plan
      if (first === undefined) return
      for (const { id, conversationCostUsd } of plan) {
        const wasPassedOver = conversationCostUsd < first.conversationCostUsd
        // Of a dearer one nobody knows whether it would have been good enough.
        if (id !== first.id && !wasPassedOver) continue
        const habit = of(id)
        habit.isWeighed = true
        habit.weighed += 1
        habit.passedOver += Math.max(MIN_WEIGHT, 1 / habit.weighed) * (Number(wasPassedOver) - habit.passedOver)
        if (wasPassedOver) habit.standIn = first.id
      }
    },
  }
}

export type Habits = ReturnType<typeof createHabits>
