import { expect, test } from 'vitest'
import { cli } from '../testing/fixtures.ts'

test('tells all of one model: rates, tiers, cache, source and date', async () => {
  const { code, stdout } = await cli(['prices', 'gpt-6-sol'])
  expect(code).toBe(0)
  expect(stdout).toContain('input $2, cache read $0.2, cache write $2.5, output $10')
  expect(stdout).toMatch(/over 272,000 input tokens, for the whole request: input \$4/)
  expect(stdout).toMatch(/source {3}https:.*, checked 20\d\d-/)
})

test('a model that is only like a known one says so', async () => {
  expect((await cli(['prices', 'claude-sonnet-5-5'])).stdout).toContain('inferred: the catalog does not know this id')
  expect(await cli(['prices', 'no-such-thing'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('knows no model "no-such-thing"'),
  })
})

test('lists all, also as one JSON object', async () => {
  const { stdout } = await cli(['prices', '--json'])
  const { models } = JSON.parse(stdout) as { models: { id: string; now: { input: number } | null }[] }
  expect(models.length).toBeGreaterThanOrEqual(40)
  expect(models.find(({ id }) => id === 'gpt-6-luna')?.now?.input).toBe(0.1)
  expect((await cli(['prices'])).stdout.split('\n').every(line => line.length <= 100)).toBe(true)
})
