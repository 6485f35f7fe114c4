// What the router gets out of prompt caches: on recorded conversations, against bounds that nobody can beat.
import type { BenchOptions, Figure } from './figures.ts'

const parts: readonly (() => Promise<{ run(options: BenchOptions): Promise<Readonly<Record<string, Figure>>> }>)[] = [
  () => import('./cache/table.ts'),
  () => import('./cache/prediction.ts'),
  () => import('./cache/agents.ts'),
  () => import('./cache/mooncake.ts'),
  () => import('./cache/switch.ts'),
]

export async function run(options: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const figures: Record<string, Figure> = {}
  for (const load of parts) Object.assign(figures, await (await load()).run(options))
  return figures
}
