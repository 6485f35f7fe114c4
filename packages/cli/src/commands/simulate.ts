import { type Fault, startSimulator } from '@routewise/simulator'
import { Command } from 'commander'
import { untilAborted } from '../text/until-aborted.ts'
import { usd } from '../text/figures.ts'
import type { Io } from '../text/output.ts'
import { parseFault } from './fault-option.ts'
import { integerOption, listOption, numberOption } from './option-values.ts'

interface Options {
  port?: number
  providers?: string[]
  models?: string[]
  seed: number
  timeScale: number
  fault: Fault[]
  json?: boolean
}

const FAULTS = `
Faults (--fault, may be given again): <what>[,<option>=<value>…]
  what      503, 429 or another status; hang; slow; cut; silent-end
  options   provider, model, from and to (seconds of provider time), share (0 to 1), factor (of slow), retry-after (seconds)
  examples  --fault 503,provider=anthropic,from=10,to=40    --fault hang,share=0.05    --fault slow,factor=4

Any API key works. Ctrl-C prints the bill and stops.`

/** Ports of the providers, in their order, where a first one is given. */
const PROVIDERS = ['openai', 'anthropic', 'google', 'deepseek', 'mistral', 'xai', 'groq', 'moonshotai', 'alibaba']

/** \`routewise simulate\`: model providers on loopback, until Ctrl-C. */
export function simulateCommand(io: Io): Command {
  return new Command('simulate')
    .description('Start simulated model providers on loopback, with true wires, prompt caches and prices, until Ctrl-C.')
    .option('--port <n>', 'port of the first provider; the others follow (default: any free ones)', integerOption({ min: 1, max: 65_000 }))
    .option('--providers <a,b,…>', `providers to start (default: ${PROVIDERS.join(',')})`, listOption)
    .option('--models <a,b,…>', 'the only models to serve (default: all that the catalog knows)', listOption)
    .option('--seed <n>', 'decides every draw', integerOption({ min: 0 }), 1)
    .option('--time-scale <x>', 'provider milliseconds per real millisecond', numberOption({ above: 0, max: 1000 }), 1)
    .option('--fault <fault>', 'script a fault; may be given again', (value: string, before: Fault[]) => [...before, parseFault(value)], [])
    .option('--json', 'print the base URLs as one JSON object')
    .addHelpText('after', FAULTS)
    .action((options: Options) => simulate(options, io))
}

async function simulate({ port, providers, models, seed, timeScale, fault, json = false }: Options, io: Io): Promise<void> {
  const started = providers ?? PROVIDERS
  await using simulator = await startSimulator({
    ...(providers === undefined ? {} : { providers }),
    ...(models === undefined ? {} : { models }),
    ...(port === undefined ? {} : { ports: Object.fromEntries(started.map((id, at) => [id, port + at])) }),
    seed,
    timeScale,
    faults: fault,
  })
  const urls = Object.fromEntries(simulator.providers.map(id => [id, simulator.url(id)]))
  io.stdout.write(json ? `${JSON.stringify({ urls })}\n` : instructions(urls))
  await untilAborted(io.signal)
  const { requests, totalUsd } = simulator.bill
  io.stderr.write(`\nStopped. Requests: ${requests}, on the simulated bill: ${usd(totalUsd)}.\n`)
}

function instructions(urls: Readonly<Record<string, string>>): string {
  const lines = [
    'Simulated providers are running. Base URLs, as each SDK takes them:',
    '',
    ...Object.entries(urls).map(([id, url]) => `  ${id.padEnd(12)}${url}`),
    '',
  ]
  const { openai, anthropic, google } = urls
  if (openai !== undefined) {
    lines.push(
      'Try:',
      `  curl ${openai}/chat/completions -H 'authorization: Bearer any' -H 'content-type: application/json' \\`,
      `    -d '{"model":"gpt-6-luna","messages":[{"role":"user","content":"Hello"}]}'`,
      `  new OpenAI({ apiKey: 'any', baseURL: '${openai}' })`,
      `  new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'any', configuration: { baseURL: '${openai}' } })`,
    )
  }
  if (anthropic !== undefined)
    lines.push(
      `  new Anthropic({ apiKey: 'any', baseURL: '${anthropic}' })`,
      `  new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'any', anthropicApiUrl: '${anthropic}' })`,
    )
  if (google !== undefined) lines.push(`  new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: '${google}' } })`)
  return `${[...lines, '', 'Ctrl-C stops them and tells the bill.'].join('\n')}\n`
}
