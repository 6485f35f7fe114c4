import { integer, usd } from '../text/figures.ts'
import type { Style } from '../text/style.ts'
import type { Spent } from './spending.ts'

interface Instructions {
  url: string
  /** Ids of language models. */
  models: readonly string[]
  /** Names that clients may give after `auto:`. */
  policies: readonly string[]
  /** Ids of embedding models. */
  embeddings: readonly string[]
  /** Clients must send a key. */
  needsKey: boolean
  /** File that configures it; absent: simulated providers answer. */
  configPath: string | undefined
}

interface Farewell {
  requests: number
  spent: Spent
  simulated: boolean
}

const SIMULATED = `These are simulated providers, which make up their answers and cost nothing. For real ones npm install
@routewise/http and write a routewise.config.ts:

  import { defineConfig, openaiTarget } from '@routewise/http'

  export default defineConfig({
    targets: [
      openaiTarget({ baseURL: 'https://api.openai.com/v1', apiKey: process.env.OPENAI_API_KEY, model: 'gpt-6-luna' }),
    ],
  })
`

/** What a person wants to know of a server that is there now. */
export function instructions({ url, models, policies, embeddings, needsKey, configPath }: Instructions, style: Style): string {
  const headers = `${needsKey ? `-H "authorization: Bearer $KEY" ` : ''}-H 'content-type: application/json'`
  const curl =
    models.length > 0
      ? [
          `  curl -N ${url}/chat/completions ${headers} \\`,
          `    -d '{"model":"auto","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
        ]
      : [`  curl ${url}/embeddings ${headers} \\`, `    -d '{"model":"${embeddings[0] ?? ''}","input":"Hello"}'`]
  const lines = [
    `Routewise answers OpenAI's API at ${style.bold(url)}`,
    '',
    ...(models.length > 0 ? [`  models      auto, ${models.join(', ')}`] : []),
    ...(models.length > 0 ? [`  policies    ${policies.map(name => `auto:${name}`).join(', ')}`] : []),
    ...(embeddings.length > 0 ? [`  embeddings  ${embeddings.join(', ')}`] : []),
    '',
    'Try:',
    ...curl,
    `  new OpenAI({ apiKey: ${needsKey ? 'process.env.KEY' : "'any'"}, baseURL: '${url}' })`,
    '',
    configPath === undefined ? SIMULATED : `Configured by ${configPath}`,
    'Ctrl-C finishes the answers on their way and tells what was spent.',
    '',
  ]
  return `${lines.join('\n')}\n`
}

/** What a person wants to know of a server that has stopped. */
export function farewell({ requests, spent: { costUsd, models }, simulated }: Farewell): string {
  const list = models.map(({ model, costUsd: cost, attempts }) => `${model} ${usd(cost)} (${integer(attempts)})`).join(', ')
  return `\nStopped. Requests: ${integer(requests)}, ${simulated ? 'on the simulated bill' : 'spent'}: ${usd(costUsd)}${list === '' ? '' : `: ${list}`}.\n`
}
