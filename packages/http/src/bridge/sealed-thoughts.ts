import { objectsOf, type Json } from '@routewise/core'

/** How thoughts begin that this endpoint has sealed: no provider could read them. */
const SEAL = 'routewise.1.'

/** Signed thoughts of a chat as the one member of a response that clients keep without a look at it. */
export const sealed = (details: readonly Json[]): string => SEAL + Buffer.from(JSON.stringify(details)).toString('base64url')

/** It was sealed here. */
export const isSealed = (content: unknown): content is string => typeof content === 'string' && content.startsWith(SEAL)

/** The thoughts again; none of what was not sealed here, or was cut. */
export function unsealed(content: unknown): readonly Json[] {
  if (!isSealed(content)) return []
  try {
    return objectsOf(JSON.parse(Buffer.from(content.slice(SEAL.length), 'base64url').toString()))
  } catch {
    return []
  }
}
