import { JsonError, scanJson, UNBOUNDED, type Member } from './scan.ts'

/**
 * The JSON text of an object with some of its own members set, or deleted where the change is `undefined`. Every other byte, be it a
 * number's last digit or a space, stays as it was written.
 * @throws JsonError where the text is no object.
 */
export function editMembers(text: string, changes: Readonly<Record<string, unknown>>): string {
  const members = scanJson(text, UNBOUNDED)
  const missing = new Map<string, string>()
  for (const key in changes) {
    const value = changes[key]
    if (value !== undefined) missing.set(key, JSON.stringify(value))
  }
  let edited = ''
  let kept: Member | undefined
  for (const [at, member] of members.entries()) {
    const { key, start, valueStart, end } = member
    const isChanged = Object.hasOwn(changes, key)
    if (isChanged && changes[key] === undefined) continue
    if (kept !== undefined) edited += text.slice(members[at - 1]!.end, start)
    edited += isChanged ? text.slice(start, valueStart) + JSON.stringify(changes[key]) : text.slice(start, end)
    missing.delete(key)
    kept = member
  }
  for (const [key, value] of missing) {
    edited += `${edited === '' ? '' : ','}${JSON.stringify(key)}:${value}`
  }
  const { before, after } = edges(text, members)
  return before + edited + after
}

/** What stands around the members: all of an empty object but its end, too. */
function edges(text: string, members: readonly Member[]): { before: string; after: string } {
  const first = members[0]
  if (first !== undefined) return { before: text.slice(0, first.start), after: text.slice(members.at(-1)!.end) }
  const end = text.lastIndexOf('}')
  if (end < 0) throw new JsonError('It is no JSON object.')
  return { before: text.slice(0, end), after: text.slice(end) }
}
