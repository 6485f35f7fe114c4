import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../testing/fixtures.ts'
import { loadConfig } from './load-config.ts'

test('TypeScript comes before JavaScript, and an empty directory has none', async () => {
  await using directory = await temporaryDirectory()
  const script = await directory.write('routewise.config.mjs', 'export default { server: { port: 1 } }')
  expect(await loadConfig({ directory: dirname(script) })).toMatchObject({ path: script, config: { server: { port: 1 } } })
  const typed = await directory.write('routewise.config.ts', 'const port: number = 2\nexport default { server: { port } }')
  expect(await loadConfig({ directory: dirname(script) })).toMatchObject({ path: typed, config: { server: { port: 2 } } })
  expect(await loadConfig({ directory: import.meta.dirname })).toBeUndefined()
})

test('a configuration may be promised', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('later.mjs', 'export default Promise.resolve({ server: { port: 3 } })')
  expect(await loadConfig({ path })).toMatchObject({ config: { server: { port: 3 } } })
})

test('a Node that cannot run TypeScript says which one can', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('routewise.config.ts', 'export default {}')
  const loading = loadConfig({ path, runsTypeScript: false })
  await expect(loading).rejects.toThrow(/does not run TypeScript\. Take Node 22\.18 or newer, or write the file as routewise\.config\.mjs/)
})
