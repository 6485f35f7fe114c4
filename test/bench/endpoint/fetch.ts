// The `openai` SDK with a routed fetch beside the same with its own, in one process: who calls without a hop.
import { cheapest } from '@routewise/core'
import { createRouter, openaiTarget, routedFetch } from '@routewise/http'
import OpenAI from 'openai'
import { consume, median } from '../figures.ts'
import { INSTRUCTIONS, PROMPT } from '../faces/upstream-answer.ts'
import { wholeText } from './exchange.ts'

export interface FetchSettings {
  upstream: number
  quick: boolean
}

/** By round: what a call takes and what it costs, of both. */
export interface FetchTimes {
  bare: Round[]
  routed: Round[]
}
export interface Round {
  ms: number
  cpuUs: number
}

const BLOCK = 50

async function measure({ upstream, quick }: FetchSettings): Promise<FetchTimes> {
  const baseURL = `http://127.0.0.1:${upstream}/v1`
  const targets = ['gpt-6-luna', 'gpt-6-sol'].map(model => openaiTarget({ baseURL, apiKey: 'bench', model }))
  const own = { apiKey: 'bench', maxRetries: 0 }
  const clients = {
    bare: new OpenAI({ ...own, baseURL }),
    routed: new OpenAI({ ...own, fetch: routedFetch(createRouter({ targets, policy: cheapest() })) }),
  }
  const models = { bare: 'gpt-6-luna', routed: 'auto' }
  const block = async (name: keyof FetchTimes): Promise<Round> => {
    const ms: number[] = []
    const before = process.cpuUsage()
    for (let at = 0; at < BLOCK; at += 1) {
      const startedMs = performance.now()
      const answer = await clients[name].chat.completions.create({
        model: models[name],
        messages: [
          { role: 'system', content: INSTRUCTIONS },
          { role: 'user', content: PROMPT },
        ],
      })
      ms.push(performance.now() - startedMs)
      const text = answer.choices[0]?.message.content
      if (text !== wholeText) throw new Error(`${name} answered ${JSON.stringify(text)}`)
      consume(text)
    }
    const { user, system } = process.cpuUsage(before)
    return { ms: median(ms), cpuUs: (user + system) / BLOCK }
  }
  const times: FetchTimes = { bare: [], routed: [] }
  const warmUp = quick ? 2 : 60
  const rounds = quick ? 3 : 80
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? (['bare', 'routed'] as const) : (['routed', 'bare'] as const)) {
      const told = await block(name)
      if (round >= 0) times[name].push(told)
    }
  }
  return times
}

process.on('disconnect', () => process.exit())
process.on('message', (settings: FetchSettings) => void measure(settings).then(times => process.send!(times)))
process.send!(0)
