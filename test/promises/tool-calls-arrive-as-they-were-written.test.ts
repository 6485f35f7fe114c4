import { createHash } from 'node:crypto'
import type { AIMessageChunk } from '@langchain/core/messages'
import { receiptOf, RoutedChatModel } from '@routewise/langchain'
import { type RecordedToolCall, startSimulator } from '@routewise/simulator'
import { expect, test } from 'vitest'
import { jsonSchema, streamText, generateText, tool, type ToolSet } from 'ai'
import { createRouted } from '@routewise/ai-sdk'
import { aiSdkWires } from './ai-sdk-wires.ts'
import { wires } from './wires.ts'

const tools = ['write_file', 'run'].map(name => ({ name, description: name, schema: { type: 'object', properties: {} } }))
const call = (input: unknown, name = 'write_file'): RecordedToolCall => ({ name, input })

/** What models write in practice, and what is easily lost on the way. */
const answers: readonly (readonly RecordedToolCall[])[] = [
  [call({})],
  [call({ path: 'src/a.ts', text: 'const a = "\\n\t\u00a0 quote: \\" "\n'.repeat(40) })],
  [call({ city: 'Zürich', emoji: '👍🏽👩‍👩‍👧', half: 'a\u0000b', right: 'שלום' })],
  [call({ numbers: [0, -1.5, 1e21, 9_007_199_254_740_991, 1e-7], empty: [[], {}, null, '', false] })],
  [call({ z: 1, a: { z: [{ y: 1, x: { w: 'deep' } }] }, Z: 2 })],
  [call({ html: '<script>&amp;</script>', json: '{"not":"parsed"}', url: 'https://a.example/?q=%20' })],
  [call({ command: 'ls -la' }, 'run'), call({ path: 'b', text: 'two' }), call({ command: 'rm b' }, 'run')],
]
const prompt = (answer: number) => `Do ${answer}`
const recordings = answers.map((toolCalls, answer) => ({ prompt: prompt(answer), answer: { toolCalls } }))

const digest = (calls: readonly { name: string; json: string }[]): string =>
  createHash('sha256').update(JSON.stringify(calls)).digest('hex')
const written = (answer: number): string => digest(answers[answer]!.map(({ name, input }) => ({ name, json: JSON.stringify(input) })))

async function streamed(stream: AsyncIterable<AIMessageChunk>): Promise<string> {
  let whole: AIMessageChunk | undefined
  for await (const chunk of stream) whole = whole === undefined ? chunk : whole.concat(chunk)
  return digest(whole!.tool_call_chunks!.map(({ name, args }) => ({ name: name!, json: args! })))
}

for (const wire of wires) {
  test(`${wire.name}: the arguments of tool calls are, byte for byte, what the provider sent, streamed and whole`, async () => {
    await using sim = await startSimulator({ providers: [wire.provider], timeScale: 1_000, recordings })
    const model = new RoutedChatModel({ models: [wire.open(sim.origin(wire.provider))] }).bindTools(tools)
    for (const answer of answers.keys()) {
      expect(await streamed(await model.stream(prompt(answer))), `streamed ${answer}`).toBe(written(answer))
      const { tool_calls: calls = [] } = await model.invoke(prompt(answer))
      expect(digest(calls.map(({ name, args }) => ({ name, json: JSON.stringify(args) }))), `whole ${answer}`).toBe(written(answer))
    }
  })
}

const toolSet: ToolSet = Object.fromEntries(
  tools.map(({ name, description }) => [
    name,
    tool({ description, inputSchema: jsonSchema<Record<string, unknown>>({ type: 'object', properties: {} }) }),
  ]),
)

for (const wire of aiSdkWires) {
  test(`AI SDK, ${wire.name}: the input of tool calls is, byte for byte, what the provider sent, streamed and whole`, async () => {
    await using sim = await startSimulator({ providers: [wire.provider], timeScale: 1_000, recordings })
    const model = createRouted({ models: [wire.open(sim.origin(wire.provider))] })('auto')
    for (const answer of answers.keys()) {
      const asking = { model, prompt: prompt(answer), tools: toolSet }
      const streamed = new Map<string, { name: string; json: string }>()
      const result = streamText(asking)
      for await (const part of result.stream) {
        if (part.type === 'tool-input-start') streamed.set(part.id, { name: part.toolName, json: '' })
        if (part.type === 'tool-input-delta') streamed.get(part.id)!.json += part.delta
      }
      const asked = (calls: readonly { toolName: string; input: unknown }[]) =>
        digest(calls.map(({ toolName, input }) => ({ name: toolName, json: JSON.stringify(input) })))
      expect(digest([...streamed.values()]), `streamed ${answer}`).toBe(written(answer))
      expect(asked(await result.toolCalls), `parsed ${answer}`).toBe(written(answer))
      expect(asked((await generateText(asking)).toolCalls), `whole ${answer}`).toBe(written(answer))
    }
  })
}

test('of two attempts that both call tools, the arguments of one arrive', async () => {
  const [first, second] = [wires[0]!, wires[2]!]
  await using sim = await startSimulator({
    providers: [first.provider, second.provider],
    timeScale: 200,
    recordings: [
      {
        prompt: 'Do',
        models: { 'gpt-6-luna': { toolCalls: [call({ by: 'luna' })] }, 'claude-haiku-4-5': { toolCalls: [call({ by: 'haiku' })] } },
      },
    ],
  })
  sim.fault({ when: { provider: first.provider }, effect: { type: 'hang', at: 'first-token' } })
  const model = new RoutedChatModel({
    models: { luna: first.open(sim.origin(first.provider)), haiku: second.open(sim.origin(second.provider)) },
    policy: candidates => candidates,
    hedge: { delayMs: 5, budget: 1 },
  }).bindTools(tools)
  expect(await streamed(await model.stream('Do'))).toBe(digest([{ name: 'write_file', json: '{"by":"haiku"}' }]))
  const whole = await model.invoke('Do')
  expect(whole.tool_calls).toMatchObject([{ args: { by: 'haiku' } }])
  expect(receiptOf(whole)!.target).toBe('haiku')
})
