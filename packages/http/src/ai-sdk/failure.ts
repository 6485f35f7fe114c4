import { readFailure } from '@routewise/ai-sdk/target'
import type { Failure } from '@routewise/core'
import { ProviderError } from '../openai/provider-error.ts'
import { scrub } from '../openai/scrub.ts'
import { UntranslatableError } from './untranslatable.ts'

/** Longest code of a provider's. */
const MAX_CODE_CHARACTERS = 200

/**
 * Classifies what asking a model of the AI SDK's threw. The SDK's errors hold requests and answers as they were, keys that a provider
 * echoes among them: they stay here, and what strangers' requests can reach is the provider's words without keys.
 */
export function failureOf(error: unknown, secrets: readonly string[]): Failure {
  // The request's own fault, which is the caller's to mend, and another target's to take.
  if (error instanceof UntranslatableError)
    return { kind: 'bad_request', message: error.message, status: 400, code: 'unsupported_value', cause: error }
  const { message: said, code: told, ...failure } = readFailure(error)
  const message = scrub(said, secrets)
  const code = told === undefined ? {} : { code: scrub(told, secrets).slice(0, MAX_CODE_CHARACTERS) }
  const status = failure.status === undefined ? {} : { status: failure.status }
  return { ...failure, ...code, message, cause: new ProviderError(message, { ...status, ...code }) }
}
