/** A JSON object of which nothing is known yet. */
export type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object that a value is; an empty one when it is none. */
export const jsonOf = (value: unknown): Json => (isJson(value) ? value : {})

/** The objects of a list; none when it is no list. */
export const objectsOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : [])
