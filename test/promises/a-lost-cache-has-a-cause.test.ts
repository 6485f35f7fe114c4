import { ChatAnthropic } from '@langchain/anthropic'
import { type BaseMessage, HumanMessage, SystemMessage } from '@langchain/core/messages'
import { type CacheCollapse, type Clock, systemClock } from '@routewise/core'
import {
  createRouter,
  defineModel,
  findModel,
  openaiTarget,
  type OpenAITargetOptions,
  routedFetch,
  withContext,
  type WireRouterOptions,
} from '@routewise/http'
import { RoutedChatModel } from '@routewise/langchain'
import { startSimulator } from '@routewise/simulator'
import { expect, onTestFinished, test } from 'vitest'

const system = 'The rules of the house are long and never change. '.repeat(200)
const document = 'What the tenant of the third floor has written about the stairs. '.repeat(150)
const tool = (name: string) => ({ type: 'function', function: { name, parameters: { type: 'object', properties: {} } } })
const [look, ring] = [tool('look'), tool('ring')]

const instant = { baseMs: 0, msPerInputToken: 0, sigma: 0, stragglerShare: 0, outputTokensPerSecond: 1e6 }

interface Message {
  role: string
  content: string
}

interface World {
  provider?: string
  target?: Partial<OpenAITargetOptions>
  routing?: Partial<WireRouterOptions>
}

/** One provider on loopback that answers at once, a router over it, and a conversation; time can be moved on for both. */
async function startConversation({ provider = 'openai', target = {}, routing = {} }: World = {}) {
  let shiftMs = 0
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + shiftMs, wall: () => systemClock.wall() + shiftMs }
  const sim = await startSimulator({ clock, latency: { default: instant } })
  onTestFinished(() => sim.close())
  const router = createRouter({
    targets: [openaiTarget({ id: 'one', model: 'gpt-5-mini', baseURL: sim.url(provider), apiKey: 'test', ...target })],
    clock,
    retry: false,
    hedge: false,
    ...routing,
  })
  const collapses: CacheCollapse[] = []
  router.on('cacheCollapse', collapse => collapses.push(collapse))
  const fetchRouted = routedFetch(router)
  const history: Message[] = [
    { role: 'system', content: system },
    { role: 'user', content: document },
  ]
  return {
    sim,
    router,
    collapses,
    history,
    wait: (ms: number) => (shiftMs += ms),
    /** Asks with the history as it is now, and adds the answer and a question to it. Gives what the bill says of it. */
    async ask(body: Readonly<Record<string, unknown>> = {}, session?: string) {
      const messages = history.map(message => ({ ...message }))
      const response = await withContext(session === undefined ? {} : { session }, () =>
        fetchRouted('https://api.openai.com/v1/chat/completions', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'auto', messages, ...body }),
        }),
      )
      const { choices } = (await response.json()) as { choices: { message: { content: string | null } }[] }
      await sim.settled()
      history.push(
        { role: 'assistant', content: choices[0]!.message.content ?? 'Yes.' },
        { role: 'user', content: `And ${history.length}?` },
      )
      return sim.bill.rows.at(-1)!
    },
  }
}

type Row = Awaited<ReturnType<Awaited<ReturnType<typeof startConversation>>['ask']>>

/** Dollars that `tokens` more of input have cost at the rates of gpt-5-mini: $0.25 a million, $0.025 where read. */
const overReading = (tokens: number) => Math.round(tokens * (250 - 25)) / 1e9
/** What the next call could have read after this one: whole steps, and never the last token. */
const readableAfter = ({ usage }: Row) => Math.floor((usage.inputTokens - 1) / 128) * 128

test('a steady conversation raises no event', async () => {
  const { ask, collapses, wait } = await startConversation()
  for (let turn = 0; turn < 8; turn += 1) {
    const { usage } = await ask({ tools: [look] })
    expect(usage.cacheReadTokens).toBeGreaterThanOrEqual(turn === 0 ? 0 : 2_000)
    wait(20_000)
  }
  expect(collapses).toEqual([])
})

test('tools changed: named, once, with what it costs to the nano-dollar', async () => {
  const { ask, collapses, sim } = await startConversation()
  await ask({ tools: [look] })
  const before = await ask({ tools: [look] })
  const lost = await ask({ tools: [ring, look] })
  await ask({ tools: [ring, look] })
  const expectedTokens = readableAfter(before)
  const { cacheReadTokens } = lost.usage
  expect(cacheReadTokens).toBe(0)
  const costUsd = overReading(expectedTokens - cacheReadTokens)
  expect(collapses).toMatchObject([
    { target: 'one', model: 'gpt-5-mini', cause: 'tools-changed', block: 0, expectedTokens, cachedTokens: 0, costUsd },
  ])
  expect(sim.bill.rows).toHaveLength(4)
})

test('system changed', async () => {
  const { ask, collapses, history } = await startConversation()
  await ask()
  history[0]!.content = `Today is Tuesday. ${system}`
  await ask()
  expect(collapses).toMatchObject([{ cause: 'system-changed', block: 0 }])
})

test('first message changed', async () => {
  const { ask, collapses, history } = await startConversation()
  history.splice(0, 1)
  await ask()
  await ask()
  history[0]!.content = `It is 10:05. ${document}`
  await ask()
  expect(collapses).toMatchObject([{ cause: 'first-message-changed', block: 0 }])
})

test('history changed: the block is named', async () => {
  const { ask, collapses, history } = await startConversation()
  history[0]!.content = 'Be brief.'
  history[1]!.content = 'Hello'
  await ask()
  history[3]!.content = document
  const before = await ask()
  history[3]!.content = `(edited) ${document}`
  await ask()
  expect(collapses).toMatchObject([{ cause: 'history-changed', block: 3, expectedTokens: readableAfter(before) }])
})

test('a history that was cut short on purpose is no collapse, a window that slides is one', async () => {
  const long = (at: number) => ({ role: at % 2 === 0 ? 'user' : 'assistant', content: `${at} ${document.slice(0, 2_000)}` })
  const asked = async (drop: number) => {
    const { ask, collapses, history } = await startConversation()
    history.splice(0, 2, { role: 'system', content: 'Be brief.' }, ...Array.from({ length: 15 }, (_, at) => long(at)))
    await ask({}, 'mine')
    await ask({}, 'mine')
    history.splice(1, drop)
    await ask({}, 'mine')
    return collapses.map(({ cause, session }) => ({ cause, session }))
  }
  expect(await asked(10)).toEqual([])
  expect(await asked(2)).toEqual([{ cause: 'history-changed', session: 'mine' }])
})

test('expired: it was left alone for longer than entries live', async () => {
  const { ask, collapses, wait } = await startConversation()
  const before = await ask()
  wait(24 * 3_600_000)
  await ask()
  expect(collapses).toMatchObject([{ cause: 'expired', costUsd: overReading(readableAfter(before)) }])
  await ask()
  expect(collapses).toHaveLength(1)
})

test('evicted: the provider has let it go before its time', async () => {
  const { cache } = findModel('gpt-5-mini')!
  const optimistic = defineModel({
    id: 'gpt-5-mini',
    like: 'gpt-5-mini',
    cache: { ...cache, ttls: [{ id: '48h', seconds: 172_800, sliding: true }], guaranteed: true },
  })
  const { ask, collapses, wait } = await startConversation({ target: { card: optimistic } })
  await ask()
  const before = await ask()
  wait(24 * 3_600_000)
  await ask()
  expect(collapses).toMatchObject([{ cause: 'evicted', costUsd: overReading(readableAfter(before)) }])
})

test('key missing, and key changed', async () => {
  const { ask, collapses } = await startConversation({ routing: { promptCache: { keys: false } } })
  await ask({ prompt_cache_key: 'one' })
  await ask({ prompt_cache_key: 'one' })
  await ask()
  expect(collapses.map(({ cause }) => cause)).toEqual(['key-missing'])
  await ask()
  await ask({ prompt_cache_key: 'two' })
  expect(collapses.map(({ cause }) => cause)).toEqual(['key-missing', 'key-changed'])
})

test('key overloaded: more than fifteen a minute', async () => {
  const { ask, collapses } = await startConversation()
  for (let turn = 0; turn < 15; turn += 1) await ask({ prompt_cache_key: 'one' })
  expect(collapses).toEqual([])
  await ask({ prompt_cache_key: 'one' })
  expect(collapses.map(({ cause }) => cause)).toEqual(['key-overloaded'])
})

test('what each cache has done can be asked for', async () => {
  const { ask, router } = await startConversation()
  for (let turn = 0; turn < 10; turn += 1) await ask()
  expect(router.promptCaches()).toMatchObject([{ target: 'one', observed: 10, minTokens: 1_024 }])
  expect(router.promptCaches()[0]!.predictionError).toBeLessThan(0.05)
  expect(router.promptCaches()[0]!.hitRatio).toBeGreaterThan(0.9)
})

test('Claude: what was written again at a premium is charged as such', async () => {
  const sim = await startSimulator({ latency: { default: instant } })
  onTestFinished(() => sim.close())
  const model = new RoutedChatModel({
    models: { claude: new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'test', anthropicApiUrl: sim.url('anthropic') }) },
    hedge: false,
  })
  const collapses: CacheCollapse[] = []
  model.router.on('cacheCollapse', collapse => collapses.push(collapse))
  const marker = { cache_control: { type: 'ephemeral' } }
  const rules = (day: string) => new SystemMessage({ content: [{ type: 'text', text: `${day}. ${system.repeat(3)}`, ...marker }] })
  const asks = (text: string) => new HumanMessage({ content: [{ type: 'text', text, ...marker }] })
  const history: BaseMessage[] = [rules('Monday'), asks(document)]
  for (const question of ['And?', 'And now?']) history.push(await model.invoke(history), asks(question))
  await sim.settled()
  const before = sim.bill.rows.at(-1)!
  history[0] = rules('Tuesday')
  await model.invoke(history)
  await sim.settled()
  const expectedTokens = before.usage.cacheReadTokens + before.usage.cacheWriteTokens
  expect(before.usage.cacheReadTokens).toBeGreaterThan(4_096)
  // Written at $1.25 a million in place of read at $0.10.
  const costUsd = (expectedTokens * 1_150) / 1e9
  expect(collapses).toMatchObject([{ target: 'claude', cause: 'system-changed', expectedTokens, cachedTokens: 0, costUsd }])
})

test('a minimum and a lifetime that are documented wrongly are found out', async () => {
  const { cache } = findModel('gpt-5-mini')!
  const wrong = { ...cache, minTokens: 256, ttls: [{ id: '1m', seconds: 60, sliding: true }] }
  const card = defineModel({ id: 'gpt-5-mini', like: 'gpt-5-mini', cache: wrong })
  const { ask, history, router, wait } = await startConversation({ target: { card } })
  for (let conversation = 0; conversation < 8; conversation += 1) {
    history.splice(0, Infinity, { role: 'user', content: `${conversation} ${document.slice(0, 2_000)}` })
    await ask()
    await ask()
    history.splice(0, Infinity, { role: 'user', content: `${conversation} ${document}` })
    for (let turn = 0; turn < 3; turn += 1) {
      await ask()
      wait(120_000)
    }
  }
  const [facts] = router.promptCaches()
  expect(facts!.minTokens).toBeGreaterThan(384)
  expect(facts!.minTokens).toBeLessThanOrEqual(1_024)
  expect(facts!.halfLifeMs).toBeGreaterThan(120_000)
})
