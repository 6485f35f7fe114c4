/** The next size of an array that is full: half as much again, for doubling would leave half of a large table empty. */
export const grown = (length: number): number => length + Math.max(length >> 1, 16)

/** A larger array with the values of a smaller one at its beginning. */
export function copied<Values extends Float64Array | Int32Array | Uint16Array | Uint8Array>(from: Values, to: Values): Values {
  to.set(from)
  return to
}
