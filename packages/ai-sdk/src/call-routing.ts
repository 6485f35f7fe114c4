import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { parseOptions, type CallOptions } from '@routewise/core'
import * as z from 'zod'
import type { CallKind, LanguageCall } from './call.ts'

const text = z.string().min(1)

const schema = z.strictObject({
  tenant: text.optional(),
  session: text.optional(),
  task: text.optional(),
  allow: z.array(text).optional(),
  deny: z.array(text).optional(),
})

/** What one call may set for the router, in `providerOptions.routewise`; it wins over the model's settings and the router's. */
export interface RoutewiseProviderOptions {
  /** Whose call it is: tenants share no prompt cache. */
  tenant?: string
  /** Conversation it belongs to. */
  session?: string
  /** Kind of work; default: read off the call. */
  task?: string
  /** Ids or tags of the only models to use. */
  allow?: string[]
  /** Ids or tags of models not to use. */
  deny?: string[]
}

/** What the calls of one routed model have in common. */
export type ModelSettings = Omit<CallOptions, 'signal'>

/**
 * The call for the candidates, and what it says to the router.
 * @throws RouterError `invalid_option` for an unknown or wrong field of `providerOptions.routewise`.
 */
export function readCall(
  kind: CallKind,
  options: LanguageModelV4CallOptions,
  settings: ModelSettings,
): { call: LanguageCall; routing: CallOptions } {
  const { abortSignal: signal, providerOptions } = options
  const trace = { latest: undefined }
  if (providerOptions?.['routewise'] === undefined) return { call: { kind, options, trace }, routing: { ...settings, signal } }
  const { routewise, ...others } = providerOptions
  const own = parseOptions(schema, routewise, 'providerOptions.routewise') as RoutewiseProviderOptions
  return { call: { kind, options: { ...options, providerOptions: others }, trace }, routing: { ...settings, ...own, signal } }
}
