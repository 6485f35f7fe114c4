/** Input that cannot be used, in words for the person who gave it. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
