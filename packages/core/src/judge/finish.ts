import type { FinishReason, Judge } from '../types.ts'
import { reject } from './verdict.ts'

function byFinish(name: string, faults: Partial<Record<FinishReason, string>>): Judge {
  return {
    name,
    judge({ finish }) {
      if (finish === undefined) return undefined
      const fault = faults[finish]
      return fault === undefined ? { accepted: true } : reject(name, fault)
    },
  }
}

/** Accepts an answer that did not end in an error of the provider. No verdict where no finish reason was given. */
export const finished = (): Judge => byFinish('finished', { error: 'ended in an error' })

/** Accepts an answer that was not cut off by its output limit or by the window. No verdict where no finish reason was given. */
export const notTruncated = (): Judge => byFinish('notTruncated', { length: 'cut off by its limit' })

/** Accepts an answer that the provider itself does not mark as refused or filtered; wording is not looked at. No verdict where no finish reason was given. */
export const notRefused = (): Judge =>
  byFinish('notRefused', { refusal: 'refused by the model', 'content-filter': 'stopped by a content filter' })
