import type { RoutingSettings } from '../options.ts'
import { copyOf, isPlain, sameText, type Plain } from './plain-json.ts'
import { canonicalSchema, equalSchemas } from './schema-order.ts'

/** How a face's tools are read. */
export interface ToolNotation<Tool extends object> {
  /** What tools are ordered by; tools without a name keep their order, before all others. */
  nameOf(tool: Tool): string
  /** The caller has set a cache marker on it: what stands before it, and it itself, stay on their side of it. Default: none has. */
  isMarked?(tool: Tool): boolean
  /** The face makes new objects for every call, so that remembering them by identity gains nothing. Default `false`. */
  alwaysNew?: boolean
}

/** A tool as it was given, and the same in canonical order; `undefined`: it is in that order. */
interface Form {
  given: Plain
  canonical: Plain | undefined
  characters: number
}

/** A tool that was seen, with the values that tell whether it was changed since. */
interface Seen<Tool> {
  values: readonly unknown[]
  canonical: Tool
}

/** Orders of one tool that are remembered; more come of schemas that are made anew for each call. */
const MAX_FORMS = 8
/** Characters of all tools that are remembered; then all are forgotten. */
const MAX_CHARACTERS = 4_000_000
/** What a form takes beside its texts. */
const CHARACTERS_PER_FORM = 200
/** Tools with more values in them keep their schemas as they are. */
const MAX_VALUES = 5_000

/** Tools are put in canonical order, so that the same tools are the same prefix: by the option `promptCache`, as it was parsed. */
export const sortsTools = (promptCache: RoutingSettings['promptCache']): boolean => promptCache !== false && promptCache.sortTools

/**
 * Puts tools in order by their names, and the keywords of their JSON Schemas in one order: the same content, whoever wrote it down. The
 * order within `properties` is that in which a model writes its arguments, so the first that was seen for an equal schema holds. A list
 * that is in order already comes back as the same object, and so does a tool; nothing that is given is written to. Bounded.
 */
export function createToolOrder<Tool extends object>({ nameOf, isMarked, alwaysNew = false }: ToolNotation<Tool>) {
  const seen = new WeakMap<Tool, Seen<Tool>>()
  /** By tenant and name: nobody's order is that of another tenant. */
  const known = new Map<string, Map<string, Form[]>>()
  let characters = 0

  function ordered(tool: Tool, tenant: string): Tool {
    const forms = known.get(tenant)?.get(nameOf(tool)) ?? []
    for (const { given, canonical } of forms) {
      if (sameText(given, tool)) return canonical === undefined ? tool : (canonical as Tool)
    }
    return learn(tool, tenant, forms)
  }

  function learn(tool: Tool, tenant: string, forms: readonly Form[]): Tool {
    const copy = copyOf(tool, MAX_VALUES)
    if (copy === undefined) return tool
    const sorted = canonicalSchema(copy.value)
    const earlier = forms.find(({ given, canonical = given }) => equalSchemas(canonical, sorted))
    const first = earlier === undefined ? sorted : (earlier.canonical ?? earlier.given)
    const canonical = sameText(first, copy.value) ? undefined : first
    remember({ given: copy.value, canonical, characters: copy.characters + CHARACTERS_PER_FORM }, tenant, nameOf(tool))
    // It is what the tool was, in another order.
    return canonical === undefined ? tool : (canonical as Tool)
  }

  function remember(form: Form, tenant: string, name: string): void {
    characters += form.characters
    if (characters > MAX_CHARACTERS) {
      known.clear()
      characters = form.characters
    }
    const names = known.get(tenant) ?? new Map<string, Form[]>()
    const forms = names.get(name) ?? []
    known.set(tenant, names.set(name, forms))
    // Another than the first goes, which says what order holds.
    if (forms.length >= MAX_FORMS) for (const { characters: freed } of forms.splice(1, 1)) characters -= freed
    forms.push(form)
  }

  function remembered(tool: Tool, tenant: string): Tool {
    if (alwaysNew) return ordered(tool, tenant)
    const values = valuesOf(tool)
    const before = seen.get(tool)
    if (before !== undefined && sameValues(before.values, values)) return before.canonical
    const canonical = ordered(tool, tenant)
    seen.set(tool, { values, canonical })
    return canonical
  }

  return (tools: readonly Tool[], tenant = ''): readonly Tool[] => {
    let changed: Tool[] | undefined
    for (let at = 0; at < tools.length; at += 1) {
      const tool = tools[at]!
      const canonical = remembered(tool, tenant)
      if (canonical !== tool) (changed ??= [...tools])[at] = canonical
    }
    return byName(changed ?? tools)
  }

  /** Tools that carry a marker stay where they are, and the others on their side of it. */
  function byName(tools: readonly Tool[]): readonly Tool[] {
    let sorted: Tool[] | undefined
    for (let start = 0; start < tools.length;) {
      let end = start
      let isInOrder = true
      while (end < tools.length && isMarked?.(tools[end]!) !== true) {
        if (end > start && nameOf(tools[end - 1]!) > nameOf(tools[end]!)) isInOrder = false
        end += 1
      }
      if (!isInOrder) {
        const part = tools.slice(start, end).sort((a, b) => compare(nameOf(a), nameOf(b)))
        ;(sorted ??= [...tools]).splice(start, part.length, ...part)
      }
      start = end + 1
    }
    return sorted ?? tools
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What tells that a tool was changed in place: its own values, and those of what it nests. */
function valuesOf(tool: object): readonly unknown[] {
  const values: unknown[] = Object.values(tool)
  for (const value of values.slice()) if (isPlain(value)) values.push(...Object.values(value))
  return values
}

const sameValues = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, at) => value === b[at])
