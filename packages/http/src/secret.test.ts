import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from './secret.ts'

const KEY = 'sk-canary-0123456789'

test('a key shows itself to nobody but who asks for it', () => {
  const secret = new Secret(KEY)
  const holder = { secret, list: [secret] }
  const shown = [
    String(secret),
    secret.toString(),
    JSON.stringify(holder),
    inspect(holder, { depth: 10, showHidden: true, getters: true }),
    Object.entries(secret).join(),
    new Error(`No answer for ${secret.toString()}`).stack,
    JSON.stringify(structuredClone(secret)),
  ]
  for (const text of shown) expect(text).not.toContain(KEY)
  expect(secret.reveal()).toBe(KEY)
})
