import { askForLogprobs, jsonOf, type Dialect } from '@routewise/core'
import type { WireCall, WireChunk, WireTarget } from '../call.ts'
import { createCallDescriber } from './describe.ts'

/** Speaks OpenAI's API for the core. What a target says was read when it came. */
export function createDialect(): Dialect<WireCall, WireChunk> {
  return {
    asksLone: true,
    describe: createCallDescriber(),
    prepare(call, { card }, wishes) {
      if (wishes?.logprobs !== true || call.api === 'embeddings') return call
      const body = jsonOf(askForLogprobs(call.body, card.capabilities.logprobs))
      return body === call.body ? call : { ...call, body, text: undefined, logprobs: true }
    },
    read: chunk => chunk.reading,
    failure: (error, target) => (target as WireTarget).failure(error),
  }
}
