// What a routed call costs over a bare one, through each framework, on loopback.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { HumanMessage, SystemMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
import { atMost, type BenchOptions, consume, type Figure, median, quantile, quartiles } from './figures.ts'

const PROMPT = 'My parcel has not arrived, the order number is 48213. What can I do? '.repeat(15)

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const upstream = fork(new URL('upstream.ts', import.meta.url), { execArgv: ['--conditions=@routewise/source'] })
  try {
    const [port] = (await once(upstream, 'message')) as [number]
    return await langchain(`http://127.0.0.1:${port}/v1`, quick, log)
  } finally {
    upstream.disconnect()
  }
}

async function langchain(baseURL: string, quick: boolean, log: BenchOptions['log']): Promise<Record<string, Figure>> {
  const open = (model: string) => new ChatOpenAI({ model, apiKey: 'bench', maxRetries: 0, configuration: { baseURL } })
  const bare = open('gpt-6-luna')
  const withFallbacks = open('gpt-6-luna').withFallbacks([open('gpt-6-sol')])
  const routed = new RoutedChatModel({ models: [open('gpt-6-luna'), open('gpt-6-sol')], policy: cheapest() })
  const messages = () => [new SystemMessage('You are a support agent.'), new HumanMessage(PROMPT)]
  const contenders = { bare, withFallbacks, routed }

  // Each round calls all three, in an order that changes, so that drift of the machine falls on all alike.
  const names = Object.keys(contenders) as (keyof typeof contenders)[]
  const times: Record<keyof typeof contenders, number[]> = { bare: [], withFallbacks: [], routed: [] }
  const warmUp = quick ? 20 : 500
  const rounds = quick ? 50 : 4_000
  for (let round = -warmUp; round < rounds; round += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const name = names[(at + Math.abs(round)) % names.length]!
      const input = messages()
      const start = performance.now()
      const answer = await contenders[name].invoke(input)
      const ms = performance.now() - start
      consume(answer.content)
      if (round >= 0) times[name].push(ms)
    }
    if (round % 1_000 === 0) log(`round ${round} of ${rounds}`)
  }
  for (const name of names)
    log(`${name.padEnd(14)} median ${median(times[name]).toFixed(3)} ms, p99 ${quantile(times[name], 0.99).toFixed(3)} ms`)
  const ratios = (other: readonly number[]) => times.routed.map((ms, at) => ms / other[at]!)
  const toBare = ratios(times.bare)
  const toFallbacks = ratios(times.withFallbacks)
  return {
    langchain_ratio: atMost(median(toBare), 1.05, '×', quartiles(toBare)),
    langchain_vs_with_fallbacks: atMost(median(toFallbacks), 1, '×', quartiles(toFallbacks)),
  }
}
