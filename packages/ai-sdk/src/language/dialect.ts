import type { Dialect, Wishes } from '@routewise/core'
import { fitCall } from '../portability/fit-call.ts'
import { createUnfitness } from '../portability/unfit.ts'
import { alignPrompt } from './cache-marks.ts'
import type { LanguageCall, LanguagePiece } from './call.ts'
import { createCallDescriber, readBlocks } from './describe.ts'
import { createExpectations } from './expectations.ts'
import { readFailure } from '../failure.ts'
import { goOn, mend } from './mending.ts'
import type { LanguageTarget } from './target.ts'

interface DialectOptions {
  /** A model among them takes a forced tool choice, so that it goes to such models only; where none does, the packages send what comes nearest. Default `true`. */
  forcesTools?: boolean
  /** An item of OpenAI's that does not say whose it is may be any of several accounts'. Default `false`: it is that of whoever is asked. */
  sharesItems?: boolean
}

/** Speaks the AI SDK's types for the core. What a target sees was read when it came. */
export function createDialect({ forcesTools = true, sharesItems = false }: DialectOptions = {}): Dialect<LanguageCall, LanguagePiece> {
  const unfitness = createUnfitness()
  return {
    asksLone: true,
    describe: createCallDescriber({ forcesTools }),
    blocks: readBlocks,
    unfit: (call, { reader }: LanguageTarget) => (reader === undefined ? undefined : unfitness(call.options, reader)),
    prepare(call, { candidate }: LanguageTarget, wishes) {
      const fitting = fitCall(aligned(call, candidate, wishes?.cache), candidate, { trustsUnmarked: !sharesItems })
      return wishes?.logprobs === true ? { ...fitting, logprobs: true } : fitting
    },
    read: piece => piece.reading,
    failure: readFailure,
    expects: createExpectations(),
    repair: mend,
    resume: goOn,
  }
}

/** Messages are counted as they were described: markers come before any of them is fitted. */
function aligned(call: LanguageCall, candidate: LanguageTarget['candidate'], cache: Wishes['cache']): LanguageCall {
  if (cache === undefined) return call
  const options = alignPrompt(call.options, candidate, cache)
  return options === call.options ? call : { ...call, options }
}
