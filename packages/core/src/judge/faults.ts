import { clip } from './verdict.ts'

/** What Standard Schema says is wrong at one place; zod's unions also say what is wrong with each of their members. */
export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** Enough for a model to act on; a prompt is paid for by its length. */
const MAX_FAULTS = 5
const MAX_FAULT_CHARS = 120

/** Says where and what is wrong: `items[0].name: expected string, received number`. */
export function describeIssues(issues: readonly SchemaIssue[]): string {
  const told = issues.slice(0, MAX_FAULTS).map(issue => clip(describeIssue(issue), MAX_FAULT_CHARS))
  return [...told, ...(issues.length > MAX_FAULTS ? [`and ${issues.length - MAX_FAULTS} more`] : [])].join('; ')
}

function describeIssue(issue: SchemaIssue): string {
  const at = (issue.path ?? []).map(segment => String(typeof segment === 'object' ? segment.key : segment))
  const where = at.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : index === 0 ? key : `.${key}`)).join('')
  const what = membersOf(issue) ?? issue.message.replace('Invalid input: ', '')
  return where === '' ? what : `${where}: ${what}`
}

/** zod's own message for a union that nothing fits is "Invalid input", which nobody can act on. */
function membersOf(issue: SchemaIssue): string | undefined {
  if (!('errors' in issue) || !Array.isArray(issue.errors)) return undefined
  const members = (issue.errors as SchemaIssue[][]).flatMap(([first]) => (first === undefined ? [] : [describeIssue(first)]))
  return members.length > 0 ? members.join(', or ') : undefined
}
