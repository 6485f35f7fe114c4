import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const packages = resolve(import.meta.dirname, '../packages')

/** Stages of the core, lowest first; a file may import from its own row and from those above it. */
const CORE_ROWS = [
  ['types', 'clock', 'lru', 'errors', 'money', 'context', 'store', 'options', 'failure', 'targets', 'receipt', 'wires'],
  ['describe', 'history', 'state', 'judge'],
  ['conversations', 'cache-table', 'lint'],
  ['prompt-cache'],
  ['estimate'],
  ['candidates', 'policy'],
  ['decide', 'events'],
  ['dispatch'],
  ['account'],
  ['router'],
  ['index', 'testing'],
]

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  catalog: ['core'],
  simulator: ['core', 'catalog'],
  langchain: ['core', 'catalog'],
  'ai-sdk': ['core', 'catalog'],
  http: ['core', 'catalog', 'ai-sdk'],
  express: ['core', 'http'],
  koa: ['core', 'http'],
  cli: ['core', 'catalog', 'langchain', 'ai-sdk', 'http', 'express', 'koa', 'simulator'],
}

const sources = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    // What only tests use may use anything.
    .filter(file => dir.endsWith('core/src') || !file.startsWith('testing/'))
    .map(file => join(dir, file))
const importsOf = (file: string) => [...readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(match => match[1]!)

test('imports in the core run one way, from the router down to the types', () => {
  const src = join(packages, 'core/src')
  const rowOf = (file: string) => {
    const stage = relative(src, file).split('/')[0]!.replace('.ts', '')
    const row = CORE_ROWS.findIndex(names => names.includes(stage))
    expect(row, `${stage} has no place in the order of stages`).toBeGreaterThanOrEqual(0)
    return row
  }
  const wrong = sources(src).flatMap(file =>
    importsOf(file)
      .filter(name => name.startsWith('.'))
      .map(name => resolve(dirname(file), name))
      .filter(imported => rowOf(imported) > rowOf(file))
      .map(imported => `${relative(src, file)} imports ${relative(src, imported)}`),
  )
  expect(wrong).toEqual([])
})

test.each(Object.entries(MAY_IMPORT))('%s imports only the packages below it', (name, allowed) => {
  const wrong = sources(join(packages, name, 'src')).flatMap(file =>
    importsOf(file)
      .filter(imported => imported.startsWith('@routewise/') && !allowed.includes(imported.split('/')[1]!))
      .map(imported => `${relative(packages, file)} imports ${imported}`),
  )
  expect(wrong).toEqual([])
})

test('http needs the AI SDK only where its models are targets', () => {
  const src = join(packages, 'http/src')
  const wrong = sources(src)
    .map(file => relative(src, file))
    .filter(file => !file.startsWith('ai-sdk'))
    .filter(file =>
      importsOf(join(src, file)).some(name => name.startsWith('@routewise/ai-sdk') || name.startsWith('@ai-sdk/') || name === 'ai'),
    )
  expect(wrong).toEqual([])
})

test('the core reads time, chance and the network nowhere but in clock.ts', () => {
  const src = join(packages, 'core/src')
  const banned = /\b(?:Date\.now|performance\.now|Math\.random|setTimeout|setInterval|randomUUID|fetch)\(/
  const wrong = sources(src).filter(file => !file.endsWith('/clock.ts') && banned.test(readFileSync(file, 'utf8')))
  expect(wrong.map(file => relative(src, file))).toEqual([])
})

test('the core depends on zod and lru-cache, and on nothing else', () => {
  const manifest = JSON.parse(readFileSync(join(packages, 'core/package.json'), 'utf8')) as { dependencies: object }
  expect(Object.keys(manifest.dependencies).sort()).toEqual(['lru-cache', 'zod'])
})
