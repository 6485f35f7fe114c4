import type { Dialect } from '@routewise/core'
import { failureOfBridge } from '../bridge/no-words.ts'
import type { WireCall, WireChunk, WireTarget } from '../call.ts'
import { createCallDescriber, readBlocks } from './describe.ts'
import { createExpectations } from './expectations.ts'
import { fitCall, withLogprobs } from './fitting.ts'
import { goOn, mend } from './mending.ts'
import { unfitness } from './unfit.ts'

/** Speaks OpenAI's API for the core. What a target says was read when it came. */
export function createDialect(): Dialect<WireCall, WireChunk> {
  return {
    asksLone: true,
    describe: createCallDescriber(),
    blocks: readBlocks,
    unfit: (call, target) => unfitness(call, target),
    prepare(call, { card }, wishes) {
      if (call.api === 'embeddings') return call
      const fitting = fitCall(call, card)
      const aligned = wishes?.cache === undefined ? fitting : { ...fitting, cache: wishes.cache }
      return wishes?.logprobs === true ? withLogprobs(aligned, card) : aligned
    },
    read: chunk => chunk.reading,
    failure: (error, target) => failureOfBridge(error) ?? (target as WireTarget).failure(error),
    expects: createExpectations(),
    repair: mend,
    resume: goOn,
  }
}
