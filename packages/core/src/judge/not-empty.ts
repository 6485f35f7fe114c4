import type { Judge } from '../types.ts'
import { reject } from './verdict.ts'

/** Accepts an answer with a tool call, or with text beyond white space. */
export const notEmpty = (): Judge => ({
  name: 'notEmpty',
  judge: ({ text, toolCalls }) =>
    toolCalls.length > 0 || text.trim() !== '' ? { accepted: true } : reject('notEmpty', 'neither text nor a tool call'),
})
