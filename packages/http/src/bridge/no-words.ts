import { isJson, RouterError, type Failure } from '@routewise/core'

const MAX_SHOWN = 100

/** The error for what chats have no words for; the model is asked in theirs. */
export const noWords = (field: string, what: unknown): RouterError =>
  new RouterError(
    'unsupported',
    `\`${field}\` is ${shown(what)}, which chat completions cannot express. Ask a model that answers the Responses API itself, or leave it out.`,
  )

const shown = (what: unknown): string => (isJson(what) ? 'an object' : String(what).slice(0, MAX_SHOWN))

/** Such an error is the caller's to mend, and another target's to take; `undefined`: the error is none of these. */
export function failureOfBridge(error: unknown): Failure | undefined {
  if (!RouterError.isInstance(error) || error.code !== 'unsupported') return undefined
  return { kind: 'bad_request', message: error.message, status: 400, code: 'unsupported_value', cause: error }
}
