import type { Dialect } from '@routewise/core'
import type { LanguageCall, LanguagePiece } from './call.ts'
import { createCallDescriber } from './describe.ts'
import { createExpectations } from './expectations.ts'
import { readFailure } from '../failure.ts'
import { goOn, mend } from './mending.ts'
import { fitCall } from './portability.ts'

/**
 * Speaks the AI SDK's types for the core. What a target sees was read when it came. `forcesTools`: a model among them takes a forced tool
 * choice, so that it goes to such models only; where none does, the packages send what comes nearest.
 */
export function createDialect({ forcesTools = true } = {}): Dialect<LanguageCall, LanguagePiece> {
  return {
    asksLone: true,
    describe: createCallDescriber({ forcesTools }),
    prepare(call, { card }, wishes) {
      const fitting = fitCall(call, card)
      return wishes?.logprobs === true ? { ...fitting, logprobs: true } : fitting
    },
    read: piece => piece.reading,
    failure: readFailure,
    expects: createExpectations(),
    repair: mend,
    resume: goOn,
  }
}
