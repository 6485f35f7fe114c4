import type { Check } from '../types.ts'
import { describeIssues } from './faults.ts'
import type { StandardSchema } from './valid-json.ts'

/**
 * Checks values by a schema of zod or of another library that keeps to Standard Schema, for dialects. What only takes its time to tell,
 * an async refinement, is not looked at. Never throws.
 */
export const standardSchemaCheck =
  ({ '~standard': standard }: StandardSchema): Check =>
  value => {
    try {
      const result = standard.validate(value)
      if (!(result instanceof Promise)) return result.issues?.length ? describeIssues(result.issues) : undefined
      result.catch(() => undefined)
    } catch {
      // A schema that throws tells nothing.
    }
    return undefined
  }
