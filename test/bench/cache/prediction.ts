// How well it is foreseen what a provider's prompt cache holds: the real router and targets over sockets, against the simulator's caches.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import type { Clock } from '@routewise/core'
import { aiSdkTarget } from '@routewise/http/ai-sdk'
import { createRouter, openaiTarget, type OpenAITargetOptions, type WireTarget } from '@routewise/http'
import { type Simulator, startSimulator } from '@routewise/simulator'
import { atMost, type BenchOptions, type Figure, measured } from '../figures.ts'

const apiKey = 'bench'
/** Calls to each target before its predictions count. */
const LEARNING_CALLS = 20
const CONVERSATIONS = 8
/** Milliseconds of the providers' time in one real millisecond. */
const SCALE = 100

const WIRES: readonly (readonly [provider: string, path: string, model: string, flavour: OpenAITargetOptions['flavour']])[] = [
  ['openai', '/v1', 'gpt-4.1', 'openai'],
  ['openai', '/v1', 'gpt-5.5', 'openai'],
  ['openai', '/v1', 'gpt-6-luna', 'openai'],
  ['deepseek', '', 'deepseek-v4-flash', 'deepseek'],
  ['xai', '/v1', 'grok-4.6', 'xai'],
  ['groq', '/openai/v1', 'openai/gpt-oss-120b', 'groq'],
  ['mistral', '/v1', 'mistral-medium-3-5', 'mistral'],
  ['alibaba', '/compatible-mode/v1', 'qwen3.7-plus', undefined],
  ['moonshotai', '/v1', 'kimi-k3', undefined],
]

function targetsAt(sim: Simulator): readonly WireTarget[] {
  const anthropic = createAnthropic({ apiKey, baseURL: `${sim.origin('anthropic')}/v1` })
  const google = createGoogle({ apiKey, baseURL: `${sim.origin('google')}/v1beta` })
  return [
    ...WIRES.map(([provider, path, model, flavour]) =>
      openaiTarget({
        id: model,
        apiKey,
        model,
        baseURL: `${sim.origin(provider)}${path}`,
        card: { provider },
        ...(flavour !== undefined && { flavour }),
      }),
    ),
    aiSdkTarget(anthropic('claude-haiku-4-5'), { id: 'claude-haiku-4-5' }),
    aiSdkTarget(anthropic('claude-sonnet-5'), { id: 'claude-sonnet-5' }),
    aiSdkTarget(google('gemini-3.8-flash'), { id: 'gemini-3.8-flash' }),
    aiSdkTarget(google('gemini-2.5-flash'), { id: 'gemini-2.5-flash' }),
  ]
}

/** The machine's clock, so many times as fast, and put forward at will. */
function createFastClock(): Clock & { skip(ms: number): void } {
  const startedAt = performance.now()
  const wallAtStart = Date.parse('2026-11-21T12:00:00Z')
  let skipped = 0
  const now = () => (performance.now() - startedAt) * SCALE + skipped
  return {
    now,
    wall: () => wallAtStart + now(),
    after(ms, fire) {
      const timer = setTimeout(fire, Math.min(ms / SCALE, 2 ** 31 - 1))
      return () => clearTimeout(timer)
    },
    skip(ms) {
      skipped += ms
    },
  }
}

type Message = { role: 'system' | 'user' | 'assistant'; content: string }

/** Draws that are the same in every run. */
function createDraws(seed: number) {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return { next, upTo: (count: number) => Math.floor(next() * count) }
}
type Draws = ReturnType<typeof createDraws>

const WORDS =
  'the order of a connected thermostat was delivered late and customers would like to know whether refunds are due under clause 4.2 `getUser(id)` returns null when { "total": 129.90 } est déjà payé, naïve Grüße — 你好 status=500 src/index.ts:42'.split(
    ' ',
  )
const prose = (draws: Draws, words: number): string =>
  Array.from({ length: words }, () => (draws.next() < 0.1 ? String(draws.upTo(100_000)) : WORDS[draws.upTo(WORDS.length)]!)).join(' ')

const tool = (name: string) => ({
  type: 'function',
  function: {
    name,
    description: `Looks up one ${name} by its number and gives all that is known of it.`,
    parameters: { type: 'object', properties: { number: { type: 'string' }, verbose: { type: 'boolean' } }, required: ['number'] },
  },
})
const TOOLS = ['refund', 'customer', 'order', 'parcel'].map(tool)

/** One user's conversation: it goes on, now and then asks the last question anew or in other words, and some day another begins. */
function createConversation(draws: Draws, systems: readonly string[]) {
  let messages: Message[] = []
  let turnsLeft = 0
  let usesTools = false
  return {
    ask() {
      if (turnsLeft <= 0) {
        turnsLeft = 3 + draws.upTo(14)
        usesTools = draws.next() < 0.4
        const system = systems[draws.upTo(systems.length)]!
        messages = system === '' ? [] : [{ role: 'system', content: system }]
      }
      turnsLeft -= 1
      const drawn = draws.next()
      if (drawn < 0.06 && messages.length > 3) messages = messages.slice(0, -2)
      // The same again: the answer did not please.
      else if (drawn < 0.1 && messages.at(-1)?.role === 'assistant') messages = messages.slice(0, -1)
      if (messages.at(-1)?.role !== 'user') messages = [...messages, { role: 'user', content: prose(draws, draws.next() < 0.2 ? 900 : 60) }]
      return { messages, max_tokens: 120, ...(usesTools && { tools: TOOLS, tool_choice: 'none' }) }
    },
    answered(content: string) {
      messages = [...messages, { role: 'assistant', content: content === '' ? 'Done.' : content }]
    },
  }
}

interface Score {
  calls: number
  predictedTokens: number
  reportedTokens: number
  offTokens: number
}

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const clock = createFastClock()
  await using sim = await startSimulator({
    clock,
    latency: { default: { baseMs: 100, msPerInputToken: 0, outputTokensPerSecond: 100_000 } },
    requestRows: 0,
  })
  const targets = targetsAt(sim)
  const timeouts = { firstTokenMs: 3_600_000, stallMs: 3_600_000, totalMs: 3_600_000 }
  const router = createRouter({ targets, clock, timeouts, hedge: false, breaker: false })
  const draws = createDraws(7)
  const systems = ['', prose(draws, 400), prose(draws, 1_500), prose(draws, 5_000)]
  const threads = targets.map(({ id }) => ({
    id,
    conversations: Array.from({ length: CONVERSATIONS }, (_, at) => createConversation(createDraws(100 + at), systems)),
    score: { calls: 0, predictedTokens: 0, reportedTokens: 0, offTokens: 0 } satisfies Score,
  }))

  const ask = async ({ id, conversations, score }: (typeof threads)[number], at: number) => {
    const conversation = conversations[at]!
    const body = { model: 'auto', ...conversation.ask() }
    const steps = router.run({ api: 'chat', body, stream: false, trace: { startedAt: clock.now(), attempts: 0 } }, { allow: [id] })
    let text = ''
    for (;;) {
      const step = await steps.next()
      if (step.done === true) {
        score.calls += 1
        const [attempt] = step.value.attempts
        if (score.calls <= LEARNING_CALLS || attempt === undefined) break
        const { expectedCacheReadTokens, usage } = attempt
        score.predictedTokens += expectedCacheReadTokens
        score.reportedTokens += usage.cacheReadTokens
        score.offTokens += Math.abs(expectedCacheReadTokens - usage.cacheReadTokens)
        break
      }
      text += new TextDecoder().decode(step.value.bytes)
    }
    const answer = JSON.parse(text) as { choices: readonly { message: { content: string | null } }[] }
    conversation.answered(answer.choices[0]?.message.content ?? '')
  }

  const rounds = quick ? 40 : 240
  for (let round = 0; round < rounds; round += 1) {
    const at = draws.upTo(CONVERSATIONS)
    await Promise.all(threads.map(thread => ask(thread, at)))
    const pause = draws.next()
    clock.skip(pause < 0.9 ? 1_000 + draws.upTo(20_000) : pause < 0.97 ? 360_000 : 4_000_000)
  }

  let off = 0
  let reported = 0
  for (const { id, score } of threads) {
    off += score.offTokens
    reported += score.reportedTokens
    const share = (100 * score.offTokens) / Math.max(1, score.reportedTokens)
    log(`${id}: ${score.reportedTokens} tokens cached, ${score.predictedTokens} expected, off by ${share.toFixed(2)} %`)
  }
  return {
    prediction_error: atMost(off / reported, 0.03, ''),
    prediction_cached_tokens: measured(reported, ''),
  }
}
