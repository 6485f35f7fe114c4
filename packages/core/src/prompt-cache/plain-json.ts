/** An object that JSON can say, as far as it is plain; what is not is kept by reference. */
export type Plain = Readonly<Record<string, unknown>>

/** Levels of objects; a schema that holds itself has no end. */
const MAX_DEPTH = 64

/** No instance of a class: those have an order of their own. */
export function isPlain(value: unknown): value is Plain {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A copy that nobody else writes to, and how many characters its texts have; `undefined` for what is no plain object or too big. */
export function copyOf(value: object, maxValues: number): { value: Plain; characters: number } | undefined {
  let values = 0
  let characters = 0
  let isTooBig = false

  function copy(given: unknown, depth: number): unknown {
    values += 1
    if (values > maxValues || depth > MAX_DEPTH) isTooBig = true
    if (isTooBig) return undefined
    if (typeof given === 'string') characters += given.length
    if (Array.isArray(given)) return given.map(item => copy(item, depth + 1))
    if (!isPlain(given)) return given
    return Object.fromEntries(
      Object.entries(given).map(([key, item]) => {
        characters += key.length
        return [key, copy(item, depth + 1)]
      }),
    )
  }

  if (!isPlain(value)) return undefined
  const copied = copy(value, 0)
  return isTooBig || !isPlain(copied) ? undefined : { value: copied, characters }
}

/** The same values in the same order: both are one JSON text. `known` has an end, whatever `given` is. */
export function sameText(known: unknown, given: unknown): boolean {
  if (known === given) return true
  if (typeof known !== 'object' || typeof given !== 'object' || known === null || given === null) return false
  if (Array.isArray(known)) {
    if (!Array.isArray(given) || known.length !== given.length) return false
    for (let at = 0; at < known.length; at += 1) if (!sameText(known[at], given[at])) return false
    return true
  }
  if (!isPlain(known) || !isPlain(given)) return false
  const keys = Object.keys(known)
  let at = 0
  for (const key in given) {
    if (key !== keys[at] || !sameText(known[key], given[key])) return false
    at += 1
  }
  return at === keys.length
}
