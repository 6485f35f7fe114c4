// What a routed call costs over a bare one, through each framework, on loopback.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Face } from './faces/play.ts'
import type { BenchOptions, Figure } from './figures.ts'

type Figures = Readonly<Record<string, Figure>>

export async function run({ quick }: BenchOptions): Promise<Figures> {
  const upstream = start('upstream')
  try {
    const [port] = (await once(upstream, 'message')) as [number]
    const baseURL = `http://127.0.0.1:${port}/v1`
    return { ...(await measure('langchain', baseURL, quick)), ...(await measure('ai-sdk', baseURL, quick)) }
  } finally {
    upstream.disconnect()
  }
}

async function measure(face: Face, baseURL: string, quick: boolean): Promise<Figures> {
  const player = start('play')
  player.send({ face, baseURL, quick })
  const figures = once(player, 'message') as Promise<[Figures]>
  const died = once(player, 'exit').then(([code]) => {
    throw new Error(`The process that measures ${face} ended with ${String(code)} and no figures.`)
  })
  const [told] = await Promise.race([figures, died])
  died.catch(() => undefined)
  return told
}

const start = (module: string): ChildProcess =>
  fork(new URL(`faces/${module}.ts`, import.meta.url), { execArgv: ['--conditions=@routewise/source'] })
