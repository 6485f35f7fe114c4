import { RouterError } from '../errors.ts'
import type { Policy, Task } from '../types.ts'

/**
 * Another policy for each task; `default` serves the tasks not named.
 * @throws RouterError `invalid_option` when a task's policy is not a function or `default` is missing.
 */
export function byTask(policies: { default: Policy } & Partial<Record<Task, Policy>>): Policy {
  const table = new Map(Object.entries(policies))
  for (const [task, policy] of table) {
    if (typeof policy !== 'function') throw new RouterError('invalid_option', `byTask: \`${task}\` is ${typeof policy}: expected a policy`)
  }
  const fallback = table.get('default')
  if (fallback === undefined) throw new RouterError('invalid_option', 'byTask: `default` is missing: give the policy for all other tasks')
  return (candidates, call) => (table.get(call.task) ?? fallback)(candidates, call)
}
