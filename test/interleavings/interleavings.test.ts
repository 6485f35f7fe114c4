import fc from 'fast-check'
import { test } from 'vitest'
import { interleave } from './interleave.ts'
import { violationsOf } from './properties.ts'
import { scenarios } from './scenario.ts'

/**
 * The real router over targets, timers, callers and judges whose every step comes in an order that fast-check's scheduler chooses.
 * `INTERLEAVINGS` is how many are tried (default 6,000, about ten seconds), `SEED` where to begin; a failure is made as small as it
 * can be, and told with the order of events and the command that replays it.
 */
const { INTERLEAVINGS = '6000', SEED = '20261121', REPLAY } = process.env

/** A run takes a millisecond; one that takes this long will never end. */
const RUN_MS = 10_000

test('in whatever order things happen, a call has one answer, of one attempt, and nothing is left', { timeout: 3_600_000 }, async () => {
  const property = fc.asyncProperty(fc.scheduler(), scenarios, async (scheduler, scenario) => {
    const violations = violationsOf(await interleave(scheduler, scenario), scenario)
    if (violations.length > 0) throw new Error(violations.join('\n'))
  })
  const details = await fc.check(property, {
    numRuns: Number(INTERLEAVINGS),
    seed: Number(SEED),
    timeout: RUN_MS,
    ...(REPLAY === undefined ? {} : { path: REPLAY }),
  })
  if (!details.failed) return
  const replay = `SEED=${details.seed} REPLAY=${details.counterexamplePath} npx -y pnpm@12 test test/interleavings`
  throw new Error(`${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}\n\nReplay it: ${replay}`)
})
