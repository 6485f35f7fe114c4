import { expect, test } from 'vitest'
import { currentContext, withContext } from './context.ts'

test('context reaches through awaits, inner adds to outer, and nothing leaks out', async () => {
  const seen = await withContext({ tenant: 'acme', session: 's1' }, async () => {
    await Promise.resolve()
    return withContext({ task: 'code' }, async () => {
      await Promise.resolve()
      return currentContext()
    })
  })
  expect(seen).toEqual({ tenant: 'acme', session: 's1', task: 'code' })
  expect(currentContext()).toEqual({})
})
