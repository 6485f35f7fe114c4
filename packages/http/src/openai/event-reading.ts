import type { Reading } from '@routewise/core'

/** What one event of a stream says. */
export interface EventReading {
  /** Without `finish`, which may hang on what was said before. */
  reading: Reading
  /** A plain piece of the answer: of what stands before it only the words are of interest. */
  isDelta: boolean
  /** It is not passed on. */
  isDropped: boolean
  /** How the answer ends, in the provider's word. */
  end?: string
  /** It is there for its usage alone. */
  isUsage?: boolean
  /** Part of a refusal. */
  refuses?: boolean
}

export const SILENT: Reading = { meaningful: false }
/** An event that says nothing of interest. */
export const NOTHING_SAID: EventReading = { reading: SILENT, isDelta: false, isDropped: false }
