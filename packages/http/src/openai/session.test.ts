import { jsonOf, objectsOf, type Json } from '@routewise/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aiSdkTarget } from '../ai-sdk/target.ts'
import { newTrace, type WireApi } from '../call.ts'
import { createRouter, type WireRouter } from '../router.ts'
import { simulated, type Simulated } from '../testing/ai-sdk.ts'
import type { Flavour } from './flavour.ts'
import { openaiTarget } from './target.ts'

// One conversation, several providers: each is as strict as its API is, and each answers.

const image = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false }

const wires: Readonly<Partial<Record<Flavour, string>>> = {
  openai: 'gpt-6-luna',
  mistral: 'mistral-medium-3-5',
  deepseek: 'deepseek-v4-pro',
  xai: 'grok-4.6',
  groq: 'openai/gpt-oss-120b',
}
const all = [...Object.keys(wires), 'claude', 'gemini', 'gpt-responses'] as const

let world: Simulated
let router: WireRouter

beforeAll(async () => {
  world = await simulated({
    recordings: {
      match: ({ tools, turn }) => {
        if (tools.length === 0 || turn === 'tool') return { answer: { text: 'It is sunny.', reasoning: 'So it is sunny.' } }
        const calls = ['Oslo', 'Rome'].map(city => ({ name: 'look', input: { city } }))
        return { answer: { text: 'Let me look.', toolCalls: calls, reasoning: 'Where do they live?' } }
      },
    },
  })
  const { sim } = world
  const targets = Object.entries(wires).map(([flavour, model]) =>
    openaiTarget({ id: flavour, baseURL: sim.url(flavour), apiKey: 'test', model, flavour: flavour as Flavour, account: flavour }),
  )
  const foreign = { claude: world.anthropic(), gemini: world.google(), 'gpt-responses': world.responses() }
  const translated = Object.entries(foreign).map(([id, model]) => aiSdkTarget(model, { id }))
  router = createRouter({ targets: [...targets, ...translated], hedge: false, retry: false })
})

afterAll(() => world.sim.close())

/** A whole answer of one target. */
async function answerOf(target: string, api: WireApi, body: Json): Promise<Json> {
  const steps = router.run({ api, body, text: JSON.stringify(body), stream: false, trace: newTrace(0) }, { allow: [target] })
  const step = await steps.next()
  if (step.done === true) throw new Error('Nobody has answered.')
  const answer = JSON.parse(new TextDecoder().decode(step.value.bytes)) as Json
  await steps.next()
  return answer
}

const question = (at: number) => ({
  role: 'user',
  content: [
    { type: 'text', text: `Question ${at}: what is the weather in the cities of this picture?` },
    { type: 'image_url', image_url: { url: image } },
  ],
})

/** A turn of the user's, with the tool's results and the answer, appended to the messages. */
async function chatTurn(target: string, messages: Json[], at: number, more: Json = {}): Promise<void> {
  const ask = async () => {
    const tools = [{ type: 'function', function: { name: 'look', description: 'Looks up the weather', parameters } }]
    const { choices } = await answerOf(target, 'chat', { model: 'auto', messages: [...messages], tools, ...more })
    const message = jsonOf(objectsOf(choices)[0]?.['message'])
    messages.push(message)
    return message
  }
  messages.push(withoutImage(target) ? { role: 'user', content: `Question ${at}` } : question(at))
  const calls = objectsOf((await ask())['tool_calls'])
  expect(calls).toHaveLength(2)
  for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: 'sunny' })
  expect(JSON.stringify((await ask())['content'])).toContain('It is sunny.')
}

const withoutImage = (target: string) => target === 'deepseek' || target === 'groq'

test('a chat goes from one provider to the next, with tools, thoughts and images, and each takes what the others have said', async () => {
  const messages: Json[] = [{ role: 'system', content: 'You are a weather service.' }]
  const round = ['openai', 'claude', 'mistral', 'gemini', 'xai', 'gpt-responses', 'claude', 'openai', 'gemini', 'mistral']
  for (const [at, target] of round.entries()) await chatTurn(target, messages, at, { reasoning_effort: 'high' })
  expect(messages.length).toBe(1 + round.length * 5)
})

test('a chat without images goes by those that see none, too', async () => {
  const messages: Json[] = []
  for (const [at, target] of ['deepseek', 'groq', 'deepseek'].entries()) await chatTurn(target, messages, at)
  expect(messages.length).toBe(15)
})

test('the same goes by /responses, where signed thoughts come back to their own maker', async () => {
  const input: Json[] = []
  const tools = [{ type: 'function', name: 'look', description: 'Looks up the weather', parameters, strict: false }]
  const ask = async (target: string) => {
    const { output } = await answerOf(target, 'responses', {
      model: 'auto',
      input: [...input],
      tools,
      store: false,
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'high' },
    })
    input.push(...objectsOf(output))
    return objectsOf(output)
  }
  for (const target of ['openai', 'claude', 'mistral', 'gemini', 'gpt-responses', 'claude', 'openai', 'gemini']) {
    input.push({
      role: 'user',
      content: [
        { type: 'input_text', text: `What now, ${target}?` },
        { type: 'input_image', image_url: image },
      ],
    })
    const calls = (await ask(target)).filter(({ type }) => type === 'function_call')
    expect([target, calls.length]).toEqual([target, 2])
    for (const { call_id: id } of calls) input.push({ type: 'function_call_output', call_id: id, output: 'sunny' })
    expect(JSON.stringify(await ask(target))).toContain('It is sunny.')
  }
  // Claude's own thoughts, signed, in the turn that they led to.
  const asked = world.sim.requests.filter(({ provider }) => provider === 'anthropic').at(-1)
  expect(JSON.stringify(asked?.http.body)).toContain('"signature"')
})

const calls = fc.uniqueArray(fc.constantFrom('call_1', 'toolu_01A09xyz', 'AbCdEfGh1', 'c'.repeat(60), 'call 2'), {
  minLength: 1,
  maxLength: 3,
})
const turn = fc.oneof(
  fc.constantFrom<Json[]>(
    [{ role: 'user', content: 'Hi' }],
    [{ role: 'assistant', content: 'Hello' }],
    [{ role: 'assistant', content: null, refusal: 'No.', annotations: [], audio: null }],
    [{ role: 'assistant', content: '' }],
    [
      {
        role: 'assistant',
        content: 'So',
        reasoning_content: 'Hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'Hm', signature: 'x', format: 'unknown' }],
      },
    ],
    [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] },
          { type: 'text', text: 'So' },
        ],
      },
    ],
    [{ role: 'developer', content: 'Be kind.' }],
    [{ role: 'system', content: 'Be brief.' }],
  ),
  fc
    .tuple(calls, fc.subarray(['call_1', 'toolu_01A09xyz', 'AbCdEfGh1', 'c'.repeat(60), 'call 2', 'lost']))
    .map(([ids, answered]): Json[] => [
      {
        role: 'assistant',
        content: null,
        reasoning_content: 'Hm',
        tool_calls: ids.map(id => ({ id, type: 'function', function: { name: 'look', arguments: '{"city":"Oslo"}' } })),
      },
      ...answered.map(id => ({ role: 'tool', tool_call_id: id, content: 'sunny' })),
    ]),
)

test('any transcript is taken by every provider that is not said to be unfit for it', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { maxLength: 6 }), fc.constantFrom(...all), async (turns, target) => {
      const messages = [{ role: 'user', content: 'Good day' }, ...turns.flat(), { role: 'user', content: 'And now?' }]
      const answer = await answerOf(target, 'chat', { model: 'auto', messages })
      expect(objectsOf(answer['choices'])).toHaveLength(1)
    }),
    { numRuns: 150 },
  )
})
