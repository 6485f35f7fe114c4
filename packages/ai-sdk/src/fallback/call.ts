import type { Receipt } from '@routewise/core'
import { toAiSdkError } from '../errors.ts'
import type { FallbackCandidate, FallbackRouter, SharedOptions } from './router.ts'
import { takeOwnOptions } from '../provider-options.ts'

interface CallSettings {
  /** Those that the name which the caller uses stands for. */
  candidates: readonly Pick<FallbackCandidate<unknown>, 'id' | 'tags'>[]
  /** Ids or tags that the router admits, where the call names none. Default: all. */
  allow: readonly string[] | undefined
}

/** An answer as the model gave it, and what the router did for it. */
export interface Answered<Result> {
  result: Result
  receipt: Receipt
}

/**
 * Runs one call. `providerOptions.routewise` is read and taken out; all else goes to the model as it came.
 * @throws what users of the SDK expect: see `toAiSdkError`; RouterError `invalid_option` for wrong provider options of ours.
 */
export async function askRouter<Options extends SharedOptions, Result>(
  router: FallbackRouter<Options, Result>,
  given: Options,
  { candidates, allow: admitted }: CallSettings,
): Promise<Answered<Result>> {
  const { abortSignal: signal } = given
  const { options, own } = takeOwnOptions(given)
  const { allow = admitted, ...others } = own
  const able = candidates.filter(({ id, tags = [] }) => allow === undefined || allow.includes(id) || tags.some(tag => allow.includes(tag)))
  const call = { options, isAlone: able.length === 1 }
  try {
    const { chunks, receipt } = await router.answer(call, { ...others, allow: able.map(({ id }) => id), signal })
    const answer = chunks.findLast(piece => piece.answer !== undefined)?.answer
    if (answer === undefined) throw new Error('The answer has ended without a result.')
    return { result: answer.result, receipt }
  } catch (error) {
    throw toAiSdkError(error, signal)
  }
}
