import { expect, test } from 'vitest'
import { resolveScope } from './scope.ts'

interface Request {
  user: string
}
const request: Request = { user: 'ada' }

test('values and functions of the request are found at once, and what is absent stays absent', () => {
  const scope = resolveScope<Request>({ tenant: ({ user }) => user, session: undefined, task: 'code', maxUsd: 0.5 }, request)
  expect(scope).toEqual({ tenant: 'ada', task: 'code', maxUsd: 0.5, deadlineMs: undefined })
  expect(Object.keys(scope)).not.toContain('session')
})

test('functions that have to wait are waited for together', async () => {
  const started: string[] = []
  const options = {
    tenant: async ({ user }: Request) => {
      started.push('tenant')
      return Promise.resolve(user)
    },
    session: async () => {
      started.push('session')
      return Promise.resolve(undefined)
    },
    deadlineMs: 1_000,
  }
  const scope = resolveScope(options, request)
  expect(started).toEqual(['tenant', 'session'])
  expect(await scope).toEqual({ tenant: 'ada', deadlineMs: 1_000, maxUsd: undefined })
})

test.each([
  ['a number', 42, 'no text but 42'],
  ['a list of header values', ['a', 'b'], "no text but [ 'a', 'b' ]"],
  ['an empty text', '', 'an empty text'],
])('%s is no tenant', (_what, value, named) => {
  expect(() => resolveScope({ tenant: () => value as string }, request)).toThrow(`Option \`tenant\` came to ${named}`)
})

test('what a function throws is thrown on', async () => {
  const fault = new Error('no user')
  const fail = () => {
    throw fault
  }
  expect(() => resolveScope({ tenant: fail }, request)).toThrow(fault)
  await expect(resolveScope({ tenant: async () => Promise.resolve().then(fail) }, request)).rejects.toBe(fault)
})
