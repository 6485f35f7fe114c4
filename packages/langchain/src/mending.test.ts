import type { Answer, Receipt } from '@routewise/core'
import { ChatAnthropic } from '@langchain/anthropic'
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { createCall } from './call-options.ts'
import { createDialect } from './dialect.ts'
import { RoutedChatModel, sound } from './index.ts'
import { goOn, mend } from './mending.ts'
import { parseModelOptions, type CandidateModel } from './options.ts'
import { createTarget } from './target.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

const bad = { city: 7 }
const good = { city: 'Oslo' }
/** A model that does better when it is told what was wrong. */
let world: Simulated
beforeAll(async () => {
  world = await simulated({
    recordings: {
      match: ({ prompt, turn, tools, responseSchema }) => {
        const told = turn === 'tool' || /corrected/.test(prompt)
        const input = told ? good : bad
        if (tools.length > 0) return { answer: { text: 'Let me see.', toolCalls: [{ name: tools[0]!.name, input }] } }
        return { answer: { text: responseSchema === undefined ? 'Fine.' : JSON.stringify(input) } }
      },
    },
  })
})
afterAll(() => world.sim.close())

const schema = z.object({ city: z.string() })
const weather = tool(({ city }) => city, { name: 'weather', description: 'The weather.', schema })
const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const
const routed = (model: CandidateModel) => new RoutedChatModel({ models: [model], judge: sound() })
const mended = {
  attempts: [
    { reason: 'first', end: { type: 'rejected' } },
    { reason: 'repair', end: { type: 'answered' } },
  ],
}
const receiptOf = (message: BaseMessage) => message.response_metadata['routewise'] as Receipt

describe.each(vendors)('%s mends', vendor => {
  test('an object that does not fit the schema', async () => {
    const model = routed(world[vendor]()).withStructuredOutput(schema, { includeRaw: true })
    const { raw, parsed } = await model.invoke('Where?')
    expect(parsed).toEqual(good)
    expect(receiptOf(raw)).toMatchObject(mended)
  })

  test('a tool call that does not fit the tool, called and streamed', async () => {
    const model = routed(world[vendor]()).bindTools([weather])
    const answer = await model.invoke('How is the weather?')
    expect(answer.tool_calls).toMatchObject([{ name: 'weather', args: good }])
    expect(receiptOf(answer)).toMatchObject(mended)
    let whole: AIMessage | undefined
    for await (const chunk of await model.stream('How is the weather?'))
      whole = whole === undefined ? chunk : (whole as typeof chunk).concat(chunk)
    expect(whole!.tool_calls).toMatchObject([{ name: 'weather', args: good }])
  })
})

test('a model set to think gets its faulty tool call back in words: it would want the thoughts, too', async () => {
  const thinking = new ChatAnthropic({
    model: 'claude-haiku-4-5',
    apiKey: 'test',
    anthropicApiUrl: world.sim.url('anthropic'),
    maxTokens: 4_096,
    thinking: { type: 'enabled', budget_tokens: 1_024 },
  })
  const answer = await routed(thinking).bindTools([weather]).invoke('How is the weather?')
  expect(answer.tool_calls).toMatchObject([{ name: 'weather', args: good }])
  const { messages } = world.sim.requests.at(-1)!.http.body as { messages: { content: unknown }[] }
  expect(JSON.stringify(messages)).not.toMatch(/tool_use|tool_result/)
  expect(JSON.stringify(messages)).toMatch(/weather\(/)
})

const said = (answer: Partial<Answer>): Answer => ({ text: '', toolCalls: [], logprobs: [], finish: 'stop', usage: {}, ...answer })
const call = (options = {}) => createCall('stream', [new HumanMessage('Hi')], options)
const added = (mending: ReturnType<typeof mend>) => mending.messages.slice(1)

describe('the request to mend', () => {
  test('a text is the text, and a message of the user’s that says what is wrong', () => {
    const [answer, request, ...others] = added(mend(call(), said({ text: 'Forty-two' }), 'It must be a number.'))
    expect([answer?.type, answer?.text, request?.type]).toEqual(['ai', 'Forty-two', 'human'])
    expect(request!.text).toMatch(/^It must be a number\.\n\nGive the corrected answer/)
    expect(others).toEqual([])
  })

  test('tool calls has a result for each, and nothing after that: Mistral would refuse it', () => {
    const toolCalls = [
      { name: 'weather', arguments: '{"city":7}' },
      { name: 'weather', arguments: '' },
    ]
    const [answer, ...results] = added(mend(call({ tools: [weather] }), said({ toolCalls }), 'city: expected string'))
    const ids = (answer as AIMessage).tool_calls!.map(({ id }) => id!)
    expect((answer as AIMessage).tool_calls!.map(({ args }) => args)).toEqual([bad, {}])
    expect(ids.every(id => /^[a-zA-Z0-9]{9}$/.test(id))).toBe(true)
    expect(results.map(result => (result as ToolMessage).tool_call_id)).toEqual(ids)
    expect(results.every(result => result.text.includes('city: expected string'))).toBe(true)
  })

  test.each([
    ['arguments that are no JSON', { tools: [weather] }, '{"city":'],
    ['arguments that are no object', { tools: [weather] }, '[7]'],
    ['a tool where none was offered', {}, '{}'],
  ])('%s is made in words', (_, options, json) => {
    const [answer, request, ...others] = added(mend(call(options), said({ toolCalls: [{ name: 'weather', arguments: json }] }), 'No.'))
    expect([answer?.text, request?.type, others.length]).toEqual([`weather(${json})`, 'human', 0])
    expect((answer as AIMessage).tool_calls).toEqual([])
  })

  test('an empty answer has words in its place, which providers demand', () => {
    expect(added(mend(call(), said({ text: ' ' }), 'It is empty.'))[0]!.text).toBe('(No answer.)')
  })
})

describe('the request to go on', () => {
  test('is the text so far and a message of the user’s, for a call that asks for text', () => {
    const messages = goOn(call(), 'The parcel left the ware')!.messages.slice(1)
    expect(messages.map(({ type }) => type)).toEqual(['ai', 'human'])
    expect(messages[0]!.text).toBe('The parcel left the ware')
  })

  test.each([
    ['tools', call({ tools: [weather] })],
    ['a native schema', call({ response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } } })],
    ['JSON', call({ response_format: { type: 'json_object' } })],
  ])('is not made for a call that asks for %s', (_, asked) => {
    expect(goOn(asked, 'Half an')).toBe(undefined)
  })

  test('is not made where nothing was said', () => {
    expect(goOn(call(), '  ')).toBe(undefined)
  })
})

test('what is added is prepared like the rest of the conversation', () => {
  const target = createTarget(parseModelOptions({ models: [world.mistral()] }).candidates[0]!)
  const dialect = createDialect([target])
  const before = [
    new HumanMessage('Hi'),
    new AIMessage({ content: '', tool_calls: [{ id: 'call_of_another', name: 'weather', args: good }] }),
  ]
  const history = [...before, new ToolMessage({ content: 'sunny', tool_call_id: 'call_of_another' })]
  const asked = createCall('generate', history, { tools: [weather] })
  const again = dialect.repair!(asked, said({ toolCalls: [{ name: 'weather', arguments: '{"city":7}' }] }), 'No.')
  const { messages } = dialect.prepare(again, target)
  expect(messages.map(({ type }) => type)).toEqual(['human', 'ai', 'tool', 'ai', 'tool'])
  expect((messages[1] as AIMessage).tool_calls![0]!.id).toMatch(/^[a-zA-Z0-9]{9}$/)
})
