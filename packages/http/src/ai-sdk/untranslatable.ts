/** A request that models of the AI SDK have no words for: the field, and the remedy. Another target may take it. */
export class UntranslatableError extends Error {
  override readonly name = 'UntranslatableError'
  /** Path of the field, such as `messages[2].content[0]`. */
  readonly field: string

  constructor(field: string, message: string) {
    super(`${field}: ${message}`)
    this.field = field
  }
}

/** The list that a field is; none for one that is absent. @throws UntranslatableError for anything else. */
export function listAt(value: unknown, field: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value
  throw new UntranslatableError(field, 'expected a list')
}

/** The text that a field is. @throws UntranslatableError for anything else. */
export function textAt(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw new UntranslatableError(field, 'expected a text')
}

/** The number that a field is; `undefined` for one that is absent. @throws UntranslatableError for anything else. */
export function numberAt(value: unknown, field: string): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return value
  throw new UntranslatableError(field, 'expected a number')
}

/** A value as an error shows it. */
export const shown = (value: unknown): string => JSON.stringify(value ?? null).slice(0, 100)
