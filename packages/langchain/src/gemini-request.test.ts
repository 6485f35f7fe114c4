import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { joinFunctionResponses } from './gemini-request.ts'
import { RoutedChatModel } from './index.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated({ providers: ['google'] })
})
afterAll(() => world.sim.close())

const tools = ['weather', 'time'].map(name =>
  tool(() => '', { name, description: `The ${name} in a city.`, schema: z.object({ city: z.string() }) }),
)
const asked = new HumanMessage('Weather and time in Oslo?')
const called = new AIMessage({
  content: '',
  tool_calls: tools.map(({ name }) => ({ type: 'tool_call', id: `call_${name}`, name, args: { city: 'Oslo' } })),
})
const results = tools.map(({ name }) => new ToolMessage({ content: 'fine', name, tool_call_id: `call_${name}` }))

test.each([
  ['invoke', async (model: RoutedChatModel) => (await model.invoke([asked, called, ...results])).text],
  [
    'stream',
    async (model: RoutedChatModel) => {
      let text = ''
      for await (const chunk of await model.stream([asked, called, ...results])) text += chunk.text
      return text
    },
  ],
])('a conversation with parallel tool calls goes on with Gemini, by %s', async (_way, ask) => {
  expect(await ask(new RoutedChatModel({ models: [world.google()] }).bindTools(tools))).not.toBe('')
})

const text = (said: string) => ({ role: 'user', parts: [{ text: said }] })
const calls = { role: 'model', parts: [{ functionCall: { name: 'weather' } }, { functionCall: { name: 'time' } }] }
const response = (name: string) => ({ role: 'user', parts: [{ functionResponse: { name } }] })

test('only results that follow one another are joined, in their order', () => {
  const { contents } = joinFunctionResponses({
    contents: [text('Oslo?'), calls, response('weather'), response('time'), text('Bergen?'), calls, response('weather'), response('time')],
  }) as { contents: unknown[] }
  const both = { role: 'user', parts: [{ functionResponse: { name: 'weather' } }, { functionResponse: { name: 'time' } }] }
  expect(contents).toEqual([text('Oslo?'), calls, both, text('Bergen?'), calls, both])
})

test('a request that Gemini takes as it is stays the same object', () => {
  const request = { contents: [text('Oslo?'), text('Or Bergen?'), calls, response('weather')] }
  expect(joinFunctionResponses(request)).toBe(request)
  expect(joinFunctionResponses('Oslo?')).toBe('Oslo?')
})
