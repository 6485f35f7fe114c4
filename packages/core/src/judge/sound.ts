import type { Judge } from '../types.ts'
import { all } from './all.ts'
import { finished, notRefused, notTruncated } from './finish.ts'
import { notEmpty } from './not-empty.ts'
import { validOutput } from './valid-json.ts'
import { validToolCalls } from './valid-tool-calls.ts'

/** What any answer should be, and can be told at no cost: whole, not refused, not empty, and valid where the call asks for tools or JSON. A good default. */
export const sound = (): Judge => ({
  // The ending first: it explains an empty answer, or half a JSON.
  ...all(finished(), notRefused(), notTruncated(), notEmpty(), validToolCalls(), validOutput()),
  name: 'sound',
})
