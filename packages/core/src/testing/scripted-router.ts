import { type CallOptions, createRouter, type RouterOptions } from '../router.ts'
import type { Policy, Receipt } from '../types.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { scriptedDialect, type ScriptedCall, type ScriptedTarget, type ScriptStep } from './scripted.ts'

const inOrder: Policy = candidates => candidates

/** What a started call has come to so far. */
export interface Progress {
  text: string
  receipt: Receipt | undefined
  error: unknown
}

/** A router over scripted targets, in the order given, on a clock that the test moves. Chance is one half. */
export function setUp(targets: (clock: ManualClock) => ScriptedTarget[], options: Partial<RouterOptions<ScriptedCall, ScriptStep>> = {}) {
  const clock = createManualClock()
  let ids = 0
  const made = targets(clock)
  const router = createRouter({
    targets: made,
    dialect: scriptedDialect,
    policy: inOrder,
    clock,
    random: () => 0.5,
    newId: () => `call-${(ids += 1)}`,
    ...options,
  })
  const start = (call: ScriptedCall = { prompt: 'hello there' }, callOptions: CallOptions = {}) => {
    const result: Progress = { text: '', receipt: undefined, error: undefined }
    const generator = router.run(call, callOptions)
    void (async () => {
      try {
        for (;;) {
          const step = await generator.next()
          if (step.done === true) {
            result.receipt = step.value
            break
          }
          if ('text' in step.value) result.text += step.value.text
        }
      } catch (error) {
        result.error = error
      }
    })()
    return { result, generator }
  }
  return { clock, router, targets: made, start }
}
