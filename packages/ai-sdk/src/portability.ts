import type { ModelCard } from '@routewise/core'
import type { LanguageCall } from './call.ts'

/** The call as this model can take it: no more output tokens than it can give. The same object where nothing has to change. */
export function fitCall(call: LanguageCall, { maxOutputTokens: most }: Pick<ModelCard, 'maxOutputTokens'>): LanguageCall {
  const { maxOutputTokens } = call.options
  if (most === undefined || maxOutputTokens === undefined || maxOutputTokens <= most) return call
  return { ...call, options: { ...call.options, maxOutputTokens: most } }
}
