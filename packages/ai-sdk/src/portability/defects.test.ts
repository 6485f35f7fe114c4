import { createOpenAI } from '@ai-sdk/openai'
import type { LanguageModelV4, LanguageModelV4Message } from '@ai-sdk/provider'
import { generateText, type ModelMessage } from 'ai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRouted } from '../index.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'
import { talkingModel } from '../testing/talking-model.ts'

// What the packages make of another provider's history by themselves, and what the router makes of it, as providers see it.

let world: Simulated
beforeAll(async () => {
  world = await simulated({ timeScale: 1_000 })
})
afterAll(() => world.sim.close())

/** The same model behind a router of several. */
const routed = (model: LanguageModelV4): LanguageModelV4 =>
  createRouted({ models: { model, other: { model: talkingModel('other', 'Hello.'), card: { input: 1, output: 2 } } } })('model')

const say = (model: LanguageModelV4, messages: ModelMessage[]) =>
  generateText({ model, messages, maxRetries: 0, allowSystemInMessages: true })

/** Body of the latest request, as it came over the socket. */
const sent = (): string => JSON.stringify(world.sim.requests.at(-1)!.http.body)

const user = (text: string): ModelMessage => ({ role: 'user', content: text })
const thinking = (namespace: string, options: Record<string, string>) => ({
  type: 'reasoning' as const,
  text: 'Let me see.',
  providerOptions: { [namespace]: options },
})
const called = (toolCallId: string, ...thoughts: ReturnType<typeof thinking>[]): ModelMessage[] => [
  user('How is it in Oslo?'),
  { role: 'assistant', content: [...thoughts, { type: 'tool-call', toolCallId, toolName: 'look', input: { city: 'Oslo' } }] },
  { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName: 'look', output: { type: 'text', value: 'sunny' } }] },
]

describe('Mistral', () => {
  test('refuses the ids of others’ tool calls, and gets nine letters and digits', async () => {
    for (const id of ['toolu_01A09q90qw90lq917835lq9', 'call_00_4f2a', 'call_ZZZZZZZZZZZZZZZZZZZZZZZZ']) {
      await expect(say(world.mistral(), called(id))).rejects.toThrow('must be a-z, A-Z, 0-9, with a length of 9')
      expect((await say(routed(world.mistral()), called(id))).text).not.toBe('')
      const [call, result] = [...sent().matchAll(/"(?:id|tool_call_id)":"([A-Za-z0-9]{9})"/g)].map(([, found]) => found)
      expect(call).toBe(result)
    }
    // Its own stay.
    await say(routed(world.mistral()), called('a1B2c3D4e'))
    expect(sent()).toContain('"tool_call_id":"a1B2c3D4e"')
  })

  test('is told the thoughts of others as its own, and does without', async () => {
    const history = called('a1B2c3D4e', thinking('anthropic', { signature: 'xyz' }))
    await say(world.mistral(), history)
    expect(sent()).toContain('"type":"thinking"')
    await say(routed(world.mistral()), history)
    expect(sent()).not.toContain('thinking')
  })

  test('cannot be given what Claude says of itself: its package throws', async () => {
    const { response } = await say(routed(world.anthropic()), [user('Hello')])
    const history = [user('Hello'), ...response.messages, user('And now?')]
    const withNote: ModelMessage[] = history.map(message =>
      message.role === 'assistant'
        ? {
            role: 'assistant',
            content: [
              { type: 'custom', kind: 'anthropic.message_start' },
              { type: 'text', text: 'Hi.' },
            ],
          }
        : message,
    )
    await expect(say(world.mistral(), withNote)).rejects.toThrow('Unsupported content type')
    expect((await say(routed(world.mistral()), withNote)).text).not.toBe('')
  })
})

describe('OpenAI', () => {
  const withKey = (apiKey: string, name?: string) =>
    createOpenAI({ apiKey, baseURL: world.sim.url('openai'), ...(name !== undefined && { name }) }).responses('gpt-6-luna')

  test('knows its items by the account that made them: another gets the words', async () => {
    const models = { one: { model: withKey('one'), account: 'one' }, two: { model: withKey('two'), account: 'two' } }
    const both = createRouted({ models })
    const first = await say(both('one'), [user('Hello')])
    const history = [user('Hello'), ...first.response.messages, user('And now?')]
    await expect(say(withKey('two'), history)).rejects.toThrow(/not found|could not be verified/)
    expect((await say(both('two'), history)).text).not.toBe('')
    expect(sent()).not.toContain('item_reference')
    expect(sent()).toContain(JSON.stringify(first.text))
    // At home the items are referred to, as they would be without a router.
    await say(both('one'), history)
    expect(sent()).toContain('item_reference')
  })

  test('has its items nowhere else: neither at Azure nor where they do not say whose they are', async () => {
    const first = await say(withKey('one'), [user('Hello')])
    const history = [user('Hello'), ...first.response.messages, user('And now?')]
    const models = {
      azure: { model: withKey('az', 'azure'), card: { input: 1, output: 2 } },
      two: { model: withKey('two'), account: 'two' },
    }
    const both = createRouted({ models })
    for (const name of ['azure', 'two'] as const) {
      expect((await say(both(name), history)).text).not.toBe('')
      expect(sent()).not.toContain('item_reference')
    }
  })

  test('has not kept an answer that was cut off', async () => {
    const madeBy = { provider: 'openai', model: 'gpt-6-luna', key: 'any', unfinished: true }
    const mark = (itemId: string) => ({ openai: { itemId }, routewise: { madeBy } })
    const half: ModelMessage = {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Let me see.', providerOptions: { openai: { itemId: 'rs_half' } } },
        { type: 'text', text: 'It is', providerOptions: mark('msg_half') },
      ],
    }
    const history = [user('Hello'), half, user('Go on.')]
    await expect(say(withKey('one'), history)).rejects.toThrow('not found')
    expect((await say(routed(withKey('one')), history)).text).not.toBe('')
    expect(sent()).not.toMatch(/_half/)
  })

  test('is not told of tools that others run as if the caller had called them', async () => {
    const search: ModelMessage = {
      role: 'assistant',
      content: [
        { type: 'tool-call', toolCallId: 'srvtoolu_1', toolName: 'web_search', input: { query: 'weather' }, providerExecuted: true },
        {
          type: 'tool-result',
          toolCallId: 'srvtoolu_1',
          toolName: 'web_search',
          output: { type: 'json', value: [{ url: 'https://weather.test', encryptedContent: 'abc' }] },
        },
        { type: 'text', text: 'It is sunny.' },
      ],
    }
    const history = [user('Hello'), search, user('And now?')]
    await expect(say(world.openai(), history)).rejects.toThrow('tool_call')
    await expect(say(world.responses(), history)).rejects.toThrow('not found')
    for (const model of [world.openai(), world.responses(), world.google(), world.mistral(), world.deepseek(), world.groq()]) {
      expect((await say(routed(model), history)).text).not.toBe('')
      expect(sent()).toContain('https://weather.test')
      expect(sent()).not.toContain('abc')
    }
  })
})

describe('Gemini', () => {
  test('is told the thoughts of others as its own, and does without', async () => {
    const history: ModelMessage[] = [
      user('Hello'),
      { role: 'assistant', content: [thinking('anthropic', { signature: 'xyz' }), { type: 'text', text: 'Hi.' }] },
      user('And now?'),
    ]
    await say(world.google(), history)
    expect(sent()).toContain('"thought":true')
    await say(routed(world.google()), history)
    expect(sent()).not.toContain('thought')
  })

  test('takes calls of others’ tools with the sign that the package puts for a signature', async () => {
    expect((await say(routed(world.google()), called('toolu_1', thinking('anthropic', { signature: 'xyz' })))).text).not.toBe('')
    expect(sent()).toContain('skip_thought_signature_validator')
  })

  test('takes no history that was cut to begin with a call, and is told that it was', async () => {
    const history = [...called('call_1').slice(1), user('And now?')]
    await expect(say(world.google(), history)).rejects.toThrow('immediately after a user turn')
    expect((await say(routed(world.google()), history)).text).not.toBe('')
    expect(sent()).toContain('Earlier messages are left out.')
  })

  test('is told by the user what the system says midway', async () => {
    const history: ModelMessage[] = [
      { role: 'system', content: 'Be kind.' },
      user('Hello'),
      { role: 'assistant', content: 'Hi.' },
      { role: 'system', content: 'Be brief.' },
      user('And now?'),
    ]
    await expect(say(world.google(), history)).rejects.toThrow('system messages')
    await expect(say(world.anthropic(), history)).rejects.toThrow('system')
    for (const model of [world.google(), world.anthropic()]) expect((await say(routed(model), history)).text).not.toBe('')
  })
})

test('Claude, thinking by a budget, ends a turn that another model has begun, without thinking', async () => {
  const older = () => world.anthropic('claude-opus-4-5')
  const settings = { messages: called('call_1'), maxRetries: 0 }
  for (const asked of [
    { reasoning: 'high' },
    { providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2_000 } } } },
  ] as const) {
    await expect(generateText({ model: older(), ...settings, ...asked })).rejects.toThrow('must start with a thinking block')
    expect((await generateText({ model: routed(older()), ...settings, ...asked })).text).not.toBe('')
    await generateText({ model: routed(older()), prompt: 'Hello', ...asked })
    expect(sent()).toContain('"thinking":{"type":"enabled"')
  }
})

test('a call that nobody has answered is said to have no result', async () => {
  const prompt: LanguageModelV4Message[] = [
    { role: 'user', content: [{ type: 'text', text: 'How is it?' }] },
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'call_1', toolName: 'look', input: { city: 'Oslo' } }] },
    { role: 'user', content: [{ type: 'text', text: 'Never mind. Hello?' }] },
  ]
  for (const model of [world.openai(), world.responses(), world.anthropic(), world.google(), world.mistral(), world.deepseek()]) {
    await expect(model.doGenerate({ prompt })).rejects.toThrow(/./)
    const { content } = await routed(model).doGenerate({ prompt })
    expect(content.length).toBeGreaterThan(0)
    expect(sent()).toContain('No result provided')
  }
})
