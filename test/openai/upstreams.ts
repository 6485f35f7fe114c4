import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { createEndpoint, createRouter, nodeListener, openaiTarget, type WireRouterOptions, type WireTarget } from '@routewise/http'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { type Simulator, type SimulatorOptions, startSimulator } from '@routewise/simulator'
import { onTestFinished } from 'vitest'
import { type Send, sendTo } from './hear.ts'
import type { Wish } from './requests.ts'
import { listen } from './servers.ts'

/** A model behind the endpoint, on the wire of its own provider. */
export interface Upstream {
  name: string
  provider: string
  model: string
  open(sim: Simulator): WireTarget
  /** What it cannot do: such requests are answered with an error. */
  refuses: readonly Wish[]
  /** What it passes over: it answers as if it had not been asked for that. */
  ignores: readonly Wish[]
}

const apiKey = 'test'

const openaiWire = (
  provider: 'openai' | 'deepseek' | 'mistral' | 'xai' | 'groq',
  model: string,
  { path = '', refuses = [], ignores = [], responses }: Partial<Upstream> & { path?: string; responses?: boolean } = {},
): Upstream => ({
  name: `${provider} ${model}`,
  provider,
  model,
  open: sim =>
    openaiTarget({
      baseURL: `${sim.url(provider)}${path}`,
      apiKey,
      model,
      flavour: provider,
      ...(responses !== undefined && { responses }),
    }),
  refuses,
  ignores,
})

export const upstreams: readonly Upstream[] = [
  openaiWire('openai', 'gpt-4o'),
  openaiWire('openai', 'gpt-6-luna', { refuses: ['logprobs'] }),
  openaiWire('deepseek', 'deepseek-v4-flash', { refuses: ['json_schema', 'logprobs'] }),
  openaiWire('mistral', 'mistral-small-2603', { path: '/v1', ignores: ['logprobs'] }),
  openaiWire('xai', 'grok-4.5'),
  openaiWire('groq', 'openai/gpt-oss-20b', { path: '/openai/v1', ignores: ['logprobs'], responses: false }),
  {
    name: 'anthropic through the AI SDK',
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    open: sim => aiSdkTarget(createAnthropic({ apiKey, baseURL: `${sim.url('anthropic')}/v1` })('claude-haiku-4-5')),
    refuses: [],
    ignores: ['logprobs'],
  },
  {
    name: 'google through the AI SDK',
    provider: 'google',
    model: 'gemini-3.8-flash',
    open: sim => aiSdkTarget(createGoogle({ apiKey, baseURL: `${sim.url('google')}/v1beta` })('gemini-3.8-flash')),
    refuses: [],
    // Google's API has no word for one call at a time.
    ignores: ['logprobs', 'one tool at a time'],
  },
]

export interface Served {
  sim: Simulator
  send: Send
}

interface ServeOptions {
  router?: WireRouterOptions
  simulator?: SimulatorOptions
  /** Over a socket, from a server of its own; default: in process. */
  onServer?: boolean
}

/** An endpoint over models of simulated providers, in fast time. */
export async function serve(
  targets: (sim: Simulator) => Pick<WireRouterOptions, 'targets' | 'embeddings'>,
  { router: options = {}, simulator = {}, onServer = false }: ServeOptions = {},
): Promise<Served> {
  const sim = await startSimulator({ timeScale: 1_000, ...simulator })
  onTestFinished(() => sim.close())
  const router = createRouter({ ...targets(sim), ...options })
  return { sim, send: onServer ? sendTo((await listen(nodeListener(router))).baseURL) : createEndpoint(router) }
}
