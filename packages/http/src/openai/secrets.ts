import type { Server } from './server.ts'

/** What must not be seen of the requests to one server. */
export interface Secrets {
  /** Header that carries the key; `undefined`: there is none. */
  keyHeader(): readonly [name: string, value: string] | undefined | Promise<readonly [name: string, value: string] | undefined>
  /** All that were sent lately, to be hidden in what comes back. */
  known(): readonly string[]
}

/** Keys of a function that are remembered, the latest ones: one that has just been changed may still be told of. */
const MAX_KEYS = 8
/** Headers whose values are nobody's business. */
const TELLING = /key|token|secret|auth|cookie|password/i

export function createSecrets({ key, headers, traits: { keyHeader: name } }: Server): Secrets {
  const fixed = Object.entries(headers).flatMap(([name, value]) => (TELLING.test(name) ? [value.reveal()] : []))
  const asHeader = (value: string) => [name, name === 'authorization' ? `Bearer ${value}` : value] as const
  if (key === undefined) return { keyHeader: () => undefined, known: () => fixed }
  if (typeof key !== 'function') {
    const header = asHeader(key.reveal())
    const known = [key.reveal(), ...fixed]
    return { keyHeader: () => header, known: () => known }
  }
  const found: string[] = []
  const note = (value: string) => {
    if (typeof value !== 'string' || value === '') throw new TypeError('The function given as `apiKey` has found no key.')
    if (!found.includes(value)) found.unshift(value)
    found.length = Math.min(found.length, MAX_KEYS)
    return asHeader(value)
  }
  return {
    keyHeader() {
      const value = key()
      return typeof value === 'string' ? note(value) : value.then(note)
    },
    known: () => [...found, ...fixed],
  }
}
