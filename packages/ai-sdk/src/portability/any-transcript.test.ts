import { createOpenAI } from '@ai-sdk/openai'
import type { LanguageModelV4, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import { generateText, isStepCount, tool, type ModelMessage } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { createRouted } from '../index.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

// Whatever providers have answered before, in whatever order, and whatever was lost on the way: every model takes the conversation.

let world: Simulated
let turns: readonly LanguageModelV4Prompt[]

const look = tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => ({ city, sky: 'clear' }) })
const tools = { look }

const models = () => ({
  anthropic: world.anthropic(),
  older: world.anthropic('claude-opus-4-5'),
  google: world.google(),
  openai: world.responses(),
  elsewhere: {
    model: createOpenAI({ apiKey: 'elsewhere', baseURL: world.sim.url('openai') }).responses('gpt-6-sol'),
    account: 'elsewhere',
  },
  chat: world.openai(),
  mistral: world.mistral(),
  deepseek: world.deepseek(),
  xai: world.xai(),
  groq: world.groq(),
  moonshot: world.moonshot(),
})
type Name = keyof ReturnType<typeof models>
const names = (): Name[] => Object.keys(models()) as Name[]

beforeAll(async () => {
  world = await simulated({
    timeScale: 1_000,
    recordings: {
      match: ({ turn, tools: offered }) =>
        offered.length > 0 && turn === 'user'
          ? { answer: { reasoning: 'I had better look.', toolCalls: [{ name: 'look', input: { city: 'Oslo' } }] } }
          : { answer: { reasoning: 'Hm.', text: 'It is clear.' } },
    },
  })
  const routed = createRouted({ models: models() })
  const answering: LanguageModelV4[] = names().flatMap(name => {
    const model = models()[name]
    // With its marks, from the router, and without any, from the package itself.
    return [routed(name), 'model' in model ? model.model : model]
  })
  turns = [...(await Promise.all(answering.map(turnOf))), searched('srvtoolu_1', 'anthropic'), searched('ws_1', 'openai')]
})
afterAll(() => world.sim.close())

/** What a model has answered to one question, with its tool, as the next model is given it. */
async function turnOf(model: LanguageModelV4): Promise<LanguageModelV4Prompt> {
  const messages: ModelMessage[] = [{ role: 'user', content: 'How is Oslo?' }]
  const settings = { model, messages, tools, reasoning: 'high' as const, stopWhen: isStepCount(3), maxRetries: 0 }
  const { responseMessages } = await generateText(settings)
  let prompt: LanguageModelV4Prompt = []
  const listening = new MockLanguageModelV4({
    doGenerate: async options => {
      prompt = options.prompt
      throw new Error('heard')
    },
  })
  await generateText({ model: listening, messages: [...messages, ...responseMessages], maxRetries: 0 }).catch(() => undefined)
  expect(prompt.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant'])
  return prompt
}

const user = (text: string): LanguageModelV4Message => ({ role: 'user', content: [{ type: 'text', text }] })

/** As Anthropic's package gives it. */
const found = { type: 'web_search_result', url: 'https://news.test', title: 'News', pageAge: null, encryptedContent: 'xyz' }

/** A turn in which the provider's own tool was used. */
const searched = (toolCallId: string, provider: string): LanguageModelV4Prompt => [
  user('What is new?'),
  {
    role: 'assistant',
    content: [
      {
        type: 'tool-call',
        toolCallId,
        toolName: 'web_search',
        input: { query: 'news' },
        providerExecuted: true,
        providerOptions: { [provider]: { itemId: toolCallId } },
      },
      { type: 'tool-result', toolCallId, toolName: 'web_search', output: { type: 'json', value: [found] } },
      { type: 'text', text: 'Nothing.' },
    ],
  },
]

/** Something that happens to a turn between its answer and the next call. */
const damage = fc.constantFrom<(turn: LanguageModelV4Prompt) => LanguageModelV4Prompt>(
  turn => turn,
  turn => turn,
  // Aborted before the tool had run, or before the answer.
  turn => turn.slice(0, 2),
  turn => turn.slice(0, 3),
  // What was asked and called was cut from the history.
  turn => turn.slice(1),
  turn => turn.slice(2),
  turn => [...turn, { role: 'system', content: 'Be brief.' }],
  // Its metadata were lost in a database.
  turn =>
    turn.map(
      message =>
        JSON.parse(
          JSON.stringify(message, (key, value: unknown) => (key === 'providerOptions' ? undefined : value)),
        ) as LanguageModelV4Message,
    ),
  turn => [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'See.' },
        { type: 'file', mediaType: 'text/csv', data: { type: 'data', data: btoa('a,b') } },
      ],
    },
    ...turn.slice(1),
  ],
)

test('any transcript is taken by every model', async () => {
  const routed = createRouted({ models: models() })
  const offered = [
    {
      type: 'function' as const,
      name: 'look',
      inputSchema: { type: 'object' as const, properties: { city: { type: 'string' as const } } },
    },
  ]
  const call = fc.record({
    chosen: fc.array(fc.tuple(fc.nat(), damage), { minLength: 1, maxLength: 4 }),
    // A turn that another model has begun and could not end.
    begun: fc.option(fc.nat(), { nil: undefined }),
    reasoning: fc.constantFrom('provider-default' as const, 'high' as const),
  })
  const property = fc.asyncProperty(call, async ({ chosen, begun, reasoning }) => {
    const history = chosen.flatMap(([at, harm]) => harm(turns[at % turns.length]!))
    // The last two have no tool of ours.
    const last = begun === undefined ? [user('And now?')] : turns[begun % (turns.length - 2)]!.slice(0, 3)
    const prompt: LanguageModelV4Prompt = [{ role: 'system', content: 'Be kind.' }, ...history, ...last]
    for (const name of names()) {
      const given = JSON.stringify(prompt)
      const { content } = await routed(name).doGenerate({ prompt, tools: offered, reasoning })
      expect(content).not.toEqual([])
      // What the caller gave is as it was.
      expect(JSON.stringify(prompt)).toBe(given)
    }
  })
  await fc.assert(property, { numRuns: 25 })
})
