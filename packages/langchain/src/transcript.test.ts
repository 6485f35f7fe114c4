import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { describe, expect, test } from 'vitest'
import { createTranscript } from './transcript.ts'

const MISTRAL_ID = '^[a-zA-Z0-9]{9}$'
const forMistral = createTranscript({ family: 'mistral', model: 'mistral-small-2603', toolIdPattern: MISTRAL_ID })
const forOpenAI = createTranscript({ family: 'openai', model: 'gpt-6-luna', toolIdPattern: '^.{1,40}$' })
const forAnthropic = createTranscript({ family: 'anthropic', model: 'claude-opus-5-5', toolIdPattern: undefined })
const forGoogle = createTranscript({ family: 'google', model: 'gemini-3.8-flash', toolIdPattern: undefined })

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
    const [turn] = forOpenAI([claudeTurn()])
    expect(turn).toMatchObject({
      content: 'I will look.',
      tool_calls: [{ id: 'toolu_01A09q90qw90lq917835lq9', name: 'weather', args: { city: 'Oslo' } }],
    })
  })

  test('has tool-call ids that Mistral takes, the same for the call and its result, every time', () => {
    const [turn, answered] = forMistral([claudeTurn(), result()])
    const id = (turn as AIMessage).tool_calls![0]!.id!
    expect(id).toMatch(new RegExp(MISTRAL_ID))
    expect((answered as ToolMessage).tool_call_id).toBe(id)
    const [again] = forMistral([claudeTurn()])
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
    const forHaiku = createTranscript({ family: 'anthropic', model: 'claude-haiku-4-5', toolIdPattern: undefined })
    expect(forHaiku([claudeTurn()])[0]).toMatchObject({ content: 'I will look.', tool_calls: [{ name: 'weather' }] })
  })
})

test('a turn appended to a conversation leaves what was prepared before as it was', () => {
  const first = [new HumanMessage('Weather?'), claudeTurn()]
  const before = forMistral(first)
  const after = forMistral([...first, result()])
  expect(after[1]).toBe(before[1])
})
