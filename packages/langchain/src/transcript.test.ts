import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { concat } from '@langchain/core/utils/stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { RoutedChatModel } from './index.ts'
import { simulated, type Simulated } from './testing/simulated.ts'
import type { Reader } from './reader.ts'
import { createTranscript } from './transcript.ts'

const MISTRAL_ID = '^[a-zA-Z0-9]{9}$'
const senses = { vision: true, pdf: true, audio: true }
const transcriptFor = (reader: Omit<Reader, 'senses'>) => {
  const transcript = createTranscript({ ...reader, senses }, new Map())
  return (messages: readonly BaseMessage[]) => transcript(messages).messages
}
const forMistral = transcriptFor({ family: 'mistral', form: 'mistral', model: 'mistral-small-2603', toolIdPattern: MISTRAL_ID })
const forOpenAI = transcriptFor({ family: 'openai', form: 'chat', model: 'gpt-6-luna', toolIdPattern: '^.{1,40}$' })
const forAnthropic = transcriptFor({ family: 'anthropic', form: 'anthropic', model: 'claude-opus-5-5', toolIdPattern: undefined })
const forGoogle = transcriptFor({ family: 'google', form: 'google', model: 'gemini-3.8-flash', toolIdPattern: undefined })

const question = new HumanMessage('Weather?')
const claudeTurn = () =>
  new AIMessage({
    content: [
      { type: 'thinking', thinking: 'Hm.', signature: 'signed' },
      { type: 'text', text: 'I will look.' },
      { type: 'tool_use', id: 'toolu_01A09q90qw90lq917835lq9', name: 'weather', input: { city: 'Oslo' } },
    ],
    tool_calls: [{ type: 'tool_call', id: 'toolu_01A09q90qw90lq917835lq9', name: 'weather', args: { city: 'Oslo' } }],
    response_metadata: { model_provider: 'anthropic', model: 'claude-opus-5-5' },
  })
const result = () => new ToolMessage({ content: 'sunny', tool_call_id: 'toolu_01A09q90qw90lq917835lq9' })

describe('a conversation that goes on with another provider', () => {
  test('loses thinking, signatures and blocks that repeat a tool call, and keeps text and tool calls', () => {
    const [turn] = forOpenAI([claudeTurn(), result()])
    expect(turn).toMatchObject({
      content: 'I will look.',
      tool_calls: [{ id: 'toolu_01A09q90qw90lq917835lq9', name: 'weather', args: { city: 'Oslo' } }],
    })
  })

  test('has tool-call ids that Mistral takes, the same for the call and its result, every time', () => {
    const [, turn, answered] = forMistral([question, claudeTurn(), result()])
    const id = (turn as AIMessage).tool_calls![0]!.id!
    expect(id).toMatch(new RegExp(MISTRAL_ID))
    expect((answered as ToolMessage).tool_call_id).toBe(id)
    const [, again] = forMistral([question, claudeTurn()])
    expect((again as AIMessage).tool_calls![0]!.id).toBe(id)
  })

  test('has at most one system message, in front, for Gemini', () => {
    const prepared = forGoogle([new SystemMessage('One.'), new SystemMessage('Two.'), new HumanMessage('Hi'), new SystemMessage('Three.')])
    expect(prepared.map(({ type, text }) => [type, text])).toEqual([
      ['system', 'One.\n\nTwo.'],
      ['human', 'Hi'],
      ['human', 'Three.'],
    ])
  })
})

describe('a conversation that stays where it was', () => {
  test('is the same list of the same messages', () => {
    const messages = [new SystemMessage('Be kind.'), new HumanMessage('Weather?'), claudeTurn(), result()]
    expect(forAnthropic(messages)).toBe(messages)
  })

  test('loses only the thinking when another model of the provider goes on', () => {
    const forHaiku = transcriptFor({ family: 'anthropic', form: 'anthropic', model: 'claude-haiku-4-5', toolIdPattern: undefined })
    expect(forHaiku([question, claudeTurn()])[1]).toMatchObject({ content: 'I will look.', tool_calls: [{ name: 'weather' }] })
  })
})

describe('thoughts that Anthropic does not show', () => {
  let world: Simulated
  beforeAll(async () => {
    world = await simulated({ providers: ['anthropic'] })
  })
  afterAll(() => world.sim.close())

  const weather = { name: 'weather', description: 'The weather of a city.', schema: z.object({ city: z.string() }) }
  type Ask = (model: RoutedChatModel) => Promise<AIMessage | AIMessageChunk>
  const streamed: Ask = async model => {
    let whole: AIMessageChunk | undefined
    for await (const chunk of await model.stream('Weather?')) whole = whole === undefined ? chunk : concat(whole, chunk)
    return whole!
  }
  const ways: Record<string, Ask> = {
    'invoke()': model => model.invoke('Weather?'),
    'stream()': streamed,
    'streamEvents()': async model => model.streamEvents('Weather?'),
  }

  const cases = Object.entries(ways).flatMap(([way, ask]) =>
    (['v0', 'v1'] as const).flatMap(output => [[] as const, [weather] as const].map(tools => ({ way, ask, output, tools }))),
  )
  test.each(cases)('go back to it as they came by $way, output $output, tools $tools.length', async ({ ask, output, tools }) => {
    const routed = new RoutedChatModel({ models: [world.anthropic()], outputVersion: output })
    const model = tools.length > 0 ? routed.bindTools([...tools]) : routed
    const turn = await ask(model)
    const before = JSON.stringify(turn)
    const next = tools.length > 0 ? new ToolMessage({ content: 'sunny', tool_call_id: turn.tool_calls![0]!.id! }) : new HumanMessage('And?')
    await model.invoke([new HumanMessage('Weather?'), turn, next])
    const { messages } = world.sim.requests.at(-1)!.http.body as { messages: { content: object[] }[] }
    expect(messages[1]!.content[0]).toMatchObject({ type: 'thinking', thinking: '', signature: expect.any(String) as string })
    expect(JSON.stringify(turn)).toBe(before)
  })
})

test('a turn appended to a conversation leaves what was prepared before as it was', () => {
  const first = [new HumanMessage('Weather?'), claudeTurn(), result()]
  const before = forMistral(first)
  const after = forMistral([...first, new AIMessage('Sunny.'), new HumanMessage('And now?')])
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after[1]).toBe(before[1])
})
