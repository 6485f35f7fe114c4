import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { currentContext, type CallOptions } from '@routewise/core'
import type { CallKind, LanguageCall } from './call.ts'
import { takeOwnOptions } from '../provider-options.ts'
import type { OrderTools } from './tools.ts'

/** What the calls of one routed model have in common. */
export type ModelSettings = Omit<CallOptions, 'signal'>

/** The routed model that is called. */
export interface Callee {
  settings: ModelSettings
  /** Ids of the models that it never means, whatever a call allows: of a model's own id, all others. */
  others: readonly string[]
  /** `undefined`: tools go out as they come. */
  orderTools?: OrderTools | undefined
}

/**
 * The call for the candidates, and what it says to the router.
 * @throws RouterError `invalid_option` for an unknown or wrong field of `providerOptions.routewise`.
 */
export function readCall(
  kind: CallKind,
  given: LanguageModelV4CallOptions,
  { settings, others, orderTools }: Callee,
): { call: LanguageCall; routing: CallOptions } {
  const { options, own } = takeOwnOptions(given)
  const routing: CallOptions = { ...settings, ...own, signal: given.abortSignal }
  if (others.length > 0) routing.deny = [...(routing.deny ?? []), ...others]
  const ordered = orderTools?.(options, routing.tenant ?? currentContext()?.tenant) ?? options
  return { call: { kind, options: ordered, trace: { latest: undefined } }, routing }
}
