// pnpm bench <name> [--json] [--quick] [--data DIR]
import { parseArgs } from 'node:util'
import type { BenchModule, Figure } from './figures.ts'

const benches: Readonly<Record<string, () => Promise<BenchModule>>> = {
  cache: () => import('./cache.ts'),
  decision: () => import('./decision.ts'),
  endpoint: () => import('./endpoint.ts'),
  faces: () => import('./faces.ts'),
  heap: () => import('./heap.ts'),
  hedge: () => import('./hedge.ts'),
  metastable: () => import('./metastable.ts'),
  soak: () => import('./soak.ts'),
}

const usage = `pnpm bench <name> [--json] [--quick] [--data DIR]

${Object.keys(benches).join(', ')}

--json    one object { bench, figures } on the last line of stdout, and nothing else there
--quick   few rounds: shows that the bench runs, its figures mean little
--data    folder with recorded data, for the benches that replay it`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, data: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})
const [name] = positionals
const load = name === undefined ? undefined : benches[name]
if (name === undefined || load === undefined || values.help === true) {
  console.error(name === undefined || values.help === true ? usage : `There is no bench "${name}".\n\n${usage}`)
  process.exit(values.help === true ? 0 : 2)
}

const bench = await load()
const figures = await bench.run({ quick: values.quick ?? false, data: values.data, log: line => console.error(line) })
if (values.json === true) console.log(JSON.stringify({ bench: name, figures }))
else for (const [key, figure] of Object.entries(figures)) console.log(line(key, figure))

function line(key: string, { value, unit, target, ok, spread }: Figure): string {
  const around = spread === undefined ? '' : `  (${spread.map(number => number.toFixed(3)).join(' … ')})`
  return `${ok ? '✓' : '✗'} ${key.padEnd(28)} ${value.toFixed(3).padStart(10)} ${unit.padEnd(6)} target ${target}${around}`
}
