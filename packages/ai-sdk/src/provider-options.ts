import type { SharedV4ProviderOptions } from '@ai-sdk/provider'
import { parseOptions } from '@routewise/core'
import * as z from 'zod'

const text = z.string().min(1)

const schema = z.strictObject({
  tenant: text.exactOptional(),
  session: text.exactOptional(),
  task: text.exactOptional(),
  allow: z.array(text).exactOptional(),
  deny: z.array(text).exactOptional(),
  maxUsd: z.number().min(0).exactOptional(),
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
  /** Dollars that the call may be expected to cost. */
  maxUsd?: number
}

const NOTHING: RoutewiseProviderOptions = {}

/**
 * A call's options without the router's own, and those.
 * @throws RouterError `invalid_option` for an unknown or wrong field of `providerOptions.routewise`.
 */
export function takeOwnOptions<Options extends { providerOptions?: SharedV4ProviderOptions }>(
  options: Options,
): { options: Options; own: RoutewiseProviderOptions } {
  const { providerOptions } = options
  if (providerOptions?.['routewise'] === undefined) return { options, own: NOTHING }
  const { routewise, ...others } = providerOptions
  return { options: { ...options, providerOptions: others }, own: parseOptions(schema, routewise, 'providerOptions.routewise') }
}
