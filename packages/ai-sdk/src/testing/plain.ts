/**
 * Any value as plain data that two calls can be compared by: errors by what they say, functions and signals as such, and nothing of what
 * the router adds.
 */
export function plain(value: unknown, within: readonly object[] = []): unknown {
  if (typeof value === 'function') return '<function>'
  if (typeof value === 'string') return value.replace(/^aitxt-\w{24}$/, '<id>')
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof AbortSignal) return '<signal>'
  if (value instanceof Date || value instanceof RegExp || ArrayBuffer.isView(value)) return value
  if (within.includes(value)) return '<circle>'
  const inside = [...within, value]
  if (Array.isArray(value)) return value.map(item => plain(item, inside))
  if (value instanceof Map) return [...value].map(entry => plain(entry, inside))
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => [key, comparable(key, field)])
  const fields = Object.fromEntries(entries.filter(([, field]) => field !== undefined).map(([key, field]) => [key, plain(field, inside)]))
  if (!(value instanceof Error)) return fields
  return { ...fields, error: value.constructor.name, name: value.name, message: value.message, cause: plain(value.cause, inside) }
}

function comparable(key: string, field: unknown): unknown {
  if (key === 'providerMetadata') return withoutReceipt(field)
  // The SDK measures its tools by its own clock.
  return key === 'toolExecutionMs' && typeof field === 'object' ? Object.keys(field ?? {}) : key === 'toolExecutionMs' ? '<ms>' : field
}

function withoutReceipt(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null) return metadata
  const { routewise: _, ...others } = metadata as Record<string, unknown>
  return Object.keys(others).length === 0 ? undefined : others
}
