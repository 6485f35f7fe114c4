export interface BenchOptions {
  /** Few rounds, only to see that the bench runs. */
  quick: boolean
  data: string | undefined
  /** Progress, on stderr. */
  log(line: string): void
}

export interface Figure {
  value: number
  unit: string
  /** What it is held to, as text: `<= 50`. */
  target: string
  ok: boolean
  /** Lower and upper quartile of what `value` is the median of. */
  spread?: readonly [number, number]
}

export interface BenchModule {
  run(options: BenchOptions): Promise<Readonly<Record<string, Figure>>>
}

/** A figure that should not exceed `limit`. */
export const atMost = (value: number, limit: number, unit: string, spread?: readonly [number, number]): Figure => ({
  value,
  unit,
  target: `<= ${limit}`,
  ok: value <= limit,
  ...(spread === undefined ? {} : { spread }),
})

/** A figure that should reach `limit`. */
export const atLeast = (value: number, limit: number, unit: string, spread?: readonly [number, number]): Figure => ({
  ...atMost(value, limit, unit, spread),
  target: `>= ${limit}`,
  ok: value >= limit,
})

/** A figure that is only shown. */
export const measured = (value: number, unit: string, spread?: readonly [number, number]): Figure => ({
  ...atMost(value, Number.POSITIVE_INFINITY, unit, spread),
  target: 'none',
})

/** The value below which the share `q` of the sample lies. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
export const quartiles = (values: readonly number[]): readonly [number, number] => [quantile(values, 0.25), quantile(values, 0.75)]

/** Keeps a result alive, so that nothing measured can be optimised away. */
export function consume(value: unknown): void {
  sink = value
  if (sink === consume) throw new Error('unreachable')
}
let sink: unknown
