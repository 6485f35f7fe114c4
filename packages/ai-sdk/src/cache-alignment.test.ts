import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, isStepCount, tool, type ModelMessage } from 'ai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { createRouted, receiptOf, type Receipt, type RoutedOptions } from './index.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

// What a prompt looks like when it leaves the packages, what the providers' caches make of it, and what they charge.

let world: Simulated
beforeAll(async () => {
  world = await simulated({
    timeScale: 1_000,
    recordings: {
      match: ({ turn, tools: offered }) =>
        offered.length > 0 && turn === 'user'
          ? { answer: { toolCalls: [{ name: 'look', input: { city: 'Oslo' } }] } }
          : { answer: { text: 'It is sunny there.' } },
    },
  })
})
afterAll(() => world.sim.close())
beforeEach(() => world.sim.bill.clear())

const city = z.object({ city: z.string() })
const look = tool({ description: 'Looks out of the window.', inputSchema: city, execute: () => 'sunny' })
const call = tool({ description: 'Calls somebody.', inputSchema: city, execute: () => 'nobody is there' })
/** Another each time, so that no test finds what another has left. */
const longSystem = () => `${crypto.randomUUID()} ${Array.from({ length: 1_500 }, (_, at) => `Rule ${at}: be kind.`).join(' ')}`

type Models = NonNullable<RoutedOptions['models']>

/** Of the latest conversation. */
let routed: ReturnType<typeof createRouted>

/** A conversation of three questions, each with a tool. */
async function converse(models: Models, options: Partial<RoutedOptions> = {}, system = longSystem()): Promise<Receipt[]> {
  routed = createRouted({ models, ...options })
  const messages: ModelMessage[] = []
  const receipts: Receipt[] = []
  for (const question of ['How is Oslo?', 'And now?', 'And tomorrow?']) {
    messages.push({ role: 'user', content: question })
    const result = await generateText({
      model: routed('auto'),
      system,
      messages,
      tools: { look, call },
      stopWhen: isStepCount(3),
      maxRetries: 0,
    })
    messages.push(...result.responseMessages)
    receipts.push(...result.steps.map(step => receiptOf(step)!))
  }
  await world.sim.settled()
  return receipts
}
const sum = (receipts: readonly Receipt[], of: (receipt: Receipt) => number) => receipts.reduce((total, receipt) => total + of(receipt), 0)
const cached = (receipts: readonly Receipt[]) => sum(receipts, ({ usage }) => usage.cacheReadTokens)
const bodies = () => world.sim.requests.map(({ http }) => http.body as Record<string, unknown>)
const latest = () => JSON.stringify(bodies().at(-1))

describe('Claude', () => {
  test('reads what it has read before from its cache, though the caller has marked nothing, and the bill is less than half', async () => {
    const without = await converse({ claude: world.anthropic() }, { promptCache: false })
    expect(cached(without)).toBe(0)
    expect(latest()).not.toContain('cache_control')
    const dear = world.sim.bill.totalNanoUsd
    world.sim.bill.clear()
    const receipts = await converse({ claude: world.anthropic() })
    expect(receipts).toHaveLength(6)
    for (const { usage } of receipts.slice(1)) expect(usage.cacheReadTokens).toBeGreaterThan(0.9 * usage.inputTokens)
    expect(world.sim.bill.totalNanoUsd).toBeLessThan(0.5 * dear)
    expect(sum(receipts, ({ costNanoUsd }) => costNanoUsd)).toBe(world.sim.bill.totalNanoUsd)
    // The receipt says what was expected of it.
    const expected = sum(receipts, ({ attempts }) => attempts[0]!.expectedCacheReadTokens)
    expect(Math.abs(expected - cached(receipts))).toBeLessThan(0.05 * cached(receipts))
    expect(routed.promptCaches()).toMatchObject([{ target: 'claude', observed: 6 }])
  })

  test('gets no markers beside those of the caller, wherever he has set them', async () => {
    const cacheControl = { type: 'ephemeral' }
    const marked = { anthropic: { cacheControl } }
    const system = longSystem()
    const question = { role: 'user' as const, content: 'How is Oslo?' }
    const places = [
      { system: { role: 'system' as const, content: system, providerOptions: marked }, messages: [question] },
      { system, messages: [{ ...question, providerOptions: marked }] },
      { system, messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'How?', providerOptions: marked }] }] },
      { system, messages: [question], tools: { look: { ...look, providerOptions: marked }, call } },
      { system, messages: [question], providerOptions: marked },
    ]
    for (const place of places) {
      await generateText({ model: createRouted({ models: [world.anthropic()] })(), tools: { look, call }, maxRetries: 0, ...place })
      expect(latest().match(/cache_control/g)).toHaveLength(1)
    }
    const entry = { model: world.anthropic(), providerOptions: marked }
    await generateText({ model: createRouted({ models: [entry] })(), system, tools: { look, call }, messages: [question], maxRetries: 0 })
    expect(latest().match(/cache_control/g)).toHaveLength(1)
  })

  test('gets at most four, at the end of the last message, and none where markers are turned off', async () => {
    await converse({ claude: world.anthropic() })
    const { messages } = bodies().at(-1) as { messages: { content: { cache_control?: object }[] }[] }
    expect(latest().match(/cache_control/g)!.length).toBeLessThanOrEqual(4)
    expect(messages.at(-1)!.content.at(-1)!.cache_control).toMatchObject({ type: 'ephemeral' })
    await converse({ claude: world.anthropic() }, { promptCache: { breakpoints: false } })
    expect(latest()).not.toContain('cache_control')
  })
})

describe('a routing key', () => {
  const keyed = () => ({
    chat: world.openai(),
    responses: world.responses(),
    older: world.openai('gpt-5.1'),
    mistral: world.mistral(),
    xai: world.xai(),
  })

  test.each(Object.keys({ chat: 0, responses: 0, older: 0, mistral: 0, xai: 0 }) as (keyof ReturnType<typeof keyed>)[])(
    'is set for %s, the same in every turn, and its cache is read',
    async name => {
      const receipts = await converse({ [name]: keyed()[name] })
      const keys = bodies()
        .slice(-6)
        .map(body => body['prompt_cache_key'])
      expect(keys[0]).toMatch(/./)
      expect(new Set(keys).size).toBe(1)
      expect(cached(receipts)).toBeGreaterThan(0)
    },
  )

  test('of the caller’s stays, in a call and in an entry, and so does a prompt without one', async () => {
    const providerOptions = { openai: { promptCacheKey: 'mine' } }
    const options = { system: longSystem(), prompt: 'Hello?', maxRetries: 0 }
    await generateText({ model: createRouted({ models: [world.openai()] })(), ...options, providerOptions })
    expect(bodies().at(-1)!['prompt_cache_key']).toBe('mine')
    await generateText({ model: createRouted({ models: [{ model: world.openai(), providerOptions }] })(), ...options })
    expect(bodies().at(-1)!['prompt_cache_key']).toBe('mine')
    await generateText({ model: createRouted({ models: [world.openai()], promptCache: { keys: false } })(), ...options })
    expect(bodies().at(-1)).not.toHaveProperty('prompt_cache_key')
  })

  test('is not sent to servers that nobody knows', async () => {
    const baseURL = world.sim.url('openai')
    const proxied = createOpenAI({ apiKey: 'x', baseURL, name: 'my-proxy' }).chat('gpt-6-luna')
    const compatible = createOpenAICompatible({ name: 'another', apiKey: 'x', baseURL }).chatModel('gpt-6-luna')
    for (const model of [proxied, compatible]) {
      await generateText({ model: createRouted({ models: [model] })(), system: longSystem(), prompt: 'Hello?', maxRetries: 0 })
      expect(bodies().at(-1)).not.toHaveProperty('prompt_cache_key')
    }
  })
})

describe('tools', () => {
  const names = () => [...latest().matchAll(/"name":"(look|call)"/g)].map(([, name]) => name)
  const ask = (model: ReturnType<ReturnType<typeof createRouted>>, tools: Parameters<typeof generateText>[0]['tools']) =>
    generateText({ model, system: 'Be kind.', prompt: 'Hello?', ...(tools !== undefined && { tools }), maxRetries: 0 })

  test('go out in one order, whatever order they come in', async () => {
    const model = createRouted({ models: [world.openai()] })()
    for (const tools of [
      { look, call },
      { call, look },
    ]) {
      await ask(model, tools)
      expect(names().slice(0, 2)).toEqual(['call', 'look'])
    }
  })

  test('stay in the caller’s where that is asked for', async () => {
    for (const promptCache of [false, { sortTools: false }] as const) {
      await ask(createRouted({ models: [world.openai()], promptCache })(), { look, call })
      expect(names().slice(0, 2)).toEqual(['look', 'call'])
    }
  })
})
