// What a routed call costs over a bare one, through each framework, on loopback.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { aiSdk } from './faces/ai-sdk.ts'
import { langchain } from './faces/langchain.ts'
import type { BenchOptions, Figure } from './figures.ts'

export async function run(options: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const upstream = fork(new URL('faces/upstream.ts', import.meta.url), { execArgv: ['--conditions=@routewise/source'] })
  try {
    const [port] = (await once(upstream, 'message')) as [number]
    const baseURL = `http://127.0.0.1:${port}/v1`
    return { ...(await langchain(baseURL, options)), ...(await aiSdk(baseURL, options)) }
  } finally {
    upstream.disconnect()
  }
}
