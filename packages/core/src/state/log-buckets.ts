/** Maps values to buckets of equal relative width, as DDSketch does (Masson, Rim, Lee: VLDB 2019, §2.1). */
export interface LogBuckets {
  /** How many buckets there are. */
  size: number
  /** A bucket's value over that of the one before. */
  ratio: number
  /** Bucket of a value; one out of range falls into the first or the last. */
  indexOf(value: number): number
  /** The value that is at most `accuracy` away from all values of the bucket, relative to them. */
  valueOf(index: number): number
  /** The value at a place inside a bucket: `index` is its lower edge, `index + 1` its upper one. */
  valueAt(place: number): number
}

/** Buckets from `min` to `max`; a value read back is at most `accuracy` (a share) off. */
export function createLogBuckets({ accuracy, min, max }: { accuracy: number; min: number; max: number }): LogBuckets {
  const gamma = (1 + accuracy) / (1 - accuracy)
  const perLog = 1 / Math.log(gamma)
  const first = Math.ceil(Math.log(min) * perLog)
  const size = Math.ceil(Math.log(max) * perLog) - first + 1
  const middle = 2 / (1 + gamma)
  // Not `gamma ** exponent`: that differs in its last bit between versions of V8, and with it all that is learned.
  const power = (exponent: number) => Math.exp(exponent / perLog)
  return {
    size,
    ratio: gamma,
    indexOf(value) {
      // `value > min` also sends NaN to the first bucket.
      return value > min ? Math.min(size - 1, Math.ceil(Math.log(value) * perLog) - first) : 0
    },
    valueOf: index => middle * power(index + first),
    valueAt: place => power(place + first - 1),
  }
}
