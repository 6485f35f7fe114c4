/** Dollars with as many digits as make sense for their size. */
export function usd(value: number): string {
  if (value === 0) return '$0'
  const size = Math.abs(value)
  if (size >= 100) return `${value < 0 ? '−' : ''}$${integer(size)}`
  return `${value < 0 ? '−' : ''}$${size.toFixed(size >= 1 ? 2 : size >= 0.01 ? 4 : 6)}`
}

/** Dollars for a table: four digits after the point below ten dollars. */
export const usdInTable = (value: number): string => (value >= 100 ? usd(value) : `$${value.toFixed(value >= 10 ? 2 : 4)}`)

/** Seconds of an amount in milliseconds. */
export const seconds = (ms: number | null | undefined): string =>
  ms === null || ms === undefined ? '–' : (ms / 1000).toFixed(ms >= 99_950 ? 0 : 1)

/** A time for people: milliseconds below a second. */
export const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`)

export const percent = (share: number | null): string => (share === null ? '–' : `${Math.round(share * 100)} %`)

export const score = (value: number | null): string => (value === null ? '–' : value.toFixed(3))

export const integer = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 })
