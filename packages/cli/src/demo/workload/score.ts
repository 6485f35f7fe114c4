import type { Answer, Check, ToolCall } from './types.ts'

/** Scores an answer, 0 to 1, by what it says alone. */
export function scoreAnswer(check: Check, answer: Answer): number {
  switch (check.type) {
    case 'contains-all': {
      const text = plain(answer.text)
      return share(check.terms, term => [term].flat().some(wording => text.includes(plain(wording))))
    }
    case 'not-contains': {
      const text = plain(answer.text)
      return check.terms.some(term => text.includes(plain(term))) ? 0 : 1
    }
    case 'matches-all':
      return share(check.patterns, pattern => new RegExp(pattern, 'i').test(answer.text))
    case 'number':
      return numbersIn(answer.text).some(number => Math.abs(number - check.value) <= check.tolerance) ? 1 : 0
    case 'label': {
      const words = new Set(answer.text.toLowerCase().match(/[\w-]+/g))
      const named = check.labels.filter(label => words.has(label))
      return named.length === 1 && named[0] === check.value ? 1 : 0
    }
    case 'json-equals':
      return jsonShare(check.value, answer.text)
    case 'tool-calls':
      return callShare(check.calls, answer.toolCalls)
    case 'words': {
      const words = answer.text.trim().split(/\s+/).length
      return words >= check.min && words <= check.max ? 1 : 0
    }
    case 'all':
      break
  }
  return Math.min(...check.checks.map(part => scoreAnswer(part, answer)))
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.filter(item => holds(item)).length / items.length
}

// NFKC also turns no-break spaces and full-width digits, which some models prefer, into the plain ones.
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\s+/g, ' ')
}

function numbersIn(text: string): number[] {
  return Array.from(text.matchAll(/-?\d+(?:,\d{3})*(?:\.\d+)?/g), ([number]) => Number(number.replaceAll(',', '')))
}

function jsonShare(expected: unknown, text: string): number {
  const given = parseJson(text)
  if (given === undefined) return 0
  const want = leaves(expected)
  const have = leaves(given)
  const paths = new Set([...want.keys(), ...have.keys()])
  return share([...paths], path => want.has(path) && have.has(path) && want.get(path) === have.get(path))
}

// Models wrap JSON in a fence or a sentence however clearly they are told not to.
function parseJson(text: string): unknown {
  const start = text.search(/[[{]/)
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'))
  try {
    return JSON.parse(text.slice(Math.max(start, 0), end + 1)) as unknown
  } catch {
    return undefined
  }
}

function leaves(value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  if (entries.length === 0)
    found.set(path, typeof value === 'string' ? value.trim() : typeof value === 'object' ? JSON.stringify(value) : value)
  for (const [key, part] of entries) leaves(part, `${path}/${key}`, found)
  return found
}

function callShare(expected: readonly ToolCall[], given: readonly ToolCall[]): number {
  const open = given.map(fingerprint)
  const made = expected.filter(call => {
    const index = open.indexOf(fingerprint(call))
    if (index === -1) return false
    open.splice(index, 1)
    return true
  })
  return made.length / Math.max(expected.length, given.length)
}

function fingerprint(call: ToolCall): string {
  return JSON.stringify([call.name, ...[...leaves(call.arguments)].toSorted(([a], [b]) => (a < b ? -1 : 1))])
}
