export { createManualClock } from './manual-clock.ts'
export type { ManualClock } from './manual-clock.ts'
export { answer, scriptedAttempt, scriptedBlock, scriptedCandidate, scriptedCard, scriptedDialect, scriptedTarget } from './scripted.ts'
export type { ScriptedCall, ScriptedTarget, ScriptStep } from './scripted.ts'
