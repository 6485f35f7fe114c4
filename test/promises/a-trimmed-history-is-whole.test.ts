import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogle } from '@ai-sdk/google'
import { ChatAnthropic } from '@langchain/anthropic'
import { AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { trimHistory } from '@routewise/core'
import { startSimulator } from '@routewise/simulator'
import { generateText, type ModelMessage, type ToolSet } from 'ai'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'

// The SDK warns of calls that Gemini has not signed itself.
globalThis.AI_SDK_LOG_WARNINGS = false

const text = (name: string): string => Array.from({ length: 40 }, (_, at) => `${name} says ${at} more.`).join(' ')
const TURNS = Array.from({ length: 12 }, (_, turn) => turn)
/** A tool's result that comes after its call has been cut off is refused by each of these providers. */
const options = [1_500, 4_000].flatMap(maxTokens => [
  { maxTokens, keepFirstUser: false },
  { maxTokens, keepFirstUser: true },
])

const langchain: BaseMessage[] = [
  new SystemMessage('Be exact.'),
  ...TURNS.flatMap(turn => [
    new HumanMessage(text(`Question ${turn}`)),
    new AIMessage({
      content: '',
      tool_calls: [
        { id: `toolu_${turn}a`, name: 'look', args: { at: turn } },
        { id: `toolu_${turn}b`, name: 'look', args: { at: -turn } },
      ],
    }),
    new ToolMessage({ tool_call_id: `toolu_${turn}a`, content: text(`Result ${turn}`) }),
    new ToolMessage({ tool_call_id: `toolu_${turn}b`, content: text(`Other result ${turn}`) }),
    new AIMessage(text(`Answer ${turn}`)),
  ]),
]

const sdk: ModelMessage[] = TURNS.flatMap((turn): ModelMessage[] => [
  { role: 'user', content: text(`Question ${turn}`) },
  { role: 'assistant', content: [{ type: 'tool-call', toolCallId: `toolu_${turn}`, toolName: 'look', input: { at: turn } }] },
  {
    role: 'tool',
    content: [
      { type: 'tool-result', toolCallId: `toolu_${turn}`, toolName: 'look', output: { type: 'text', value: text(`Result ${turn}`) } },
    ],
  },
  { role: 'assistant', content: [{ type: 'text', text: text(`Answer ${turn}`) }] },
])

/** All prompts of a conversation: what a user asks, and what is asked again with a tool's results. */
const ends = <Message>(messages: readonly Message[], asks: (message: Message, next: Message | undefined) => boolean): number[] =>
  messages.flatMap((message, at) => (asks(message, messages[at + 1]) ? [at + 1] : []))

test.each(options)(
  'LangChain: providers that check every pair take a history of $maxTokens tokens, first question kept: $keepFirstUser',
  async limits => {
    const sim = await startSimulator({ providers: ['anthropic', 'openai'], timeScale: 1_000 })
    onTestFinished(() => sim.close())
    const models = [
      new ChatAnthropic({ model: 'claude-opus-5-5', apiKey: 'test', anthropicApiUrl: sim.url('anthropic'), maxRetries: 0 }),
      new ChatOpenAI({ model: 'gpt-6-luna', apiKey: 'test', configuration: { baseURL: sim.url('openai') }, maxRetries: 0 }),
    ]
    const prompts = ends(langchain, ({ type }, next) => type === 'human' || (type === 'tool' && next?.type === 'ai'))
    for (const end of prompts.slice(-6)) {
      const messages = trimHistory(langchain.slice(0, end), limits)
      expect(messages.length).toBeLessThan(end)
      for (const model of models) expect((await model.invoke(messages)).text).not.toBe('')
    }
  },
)

test.each(options)(
  'AI SDK: providers that check every pair take a history of $maxTokens tokens, first question kept: $keepFirstUser',
  async limits => {
    const sim = await startSimulator({ providers: ['anthropic', 'google'], timeScale: 1_000 })
    onTestFinished(() => sim.close())
    const models = [
      createAnthropic({ apiKey: 'test', baseURL: `${sim.url('anthropic')}/v1` })('claude-opus-5-5'),
      createGoogle({ apiKey: 'test', baseURL: `${sim.url('google')}/v1beta` })('gemini-3.8-flash'),
    ]
    const tools: ToolSet = { look: { inputSchema: z.object({ at: z.number() }) } }
    for (const end of ends(sdk, ({ role }) => role === 'user' || role === 'tool').slice(-6)) {
      const messages = trimHistory(sdk.slice(0, end), limits)
      expect(messages.length).toBeLessThan(end)
      for (const model of models) {
        const { finishReason } = await generateText({ model, messages, tools, maxRetries: 0, toolChoice: 'auto' })
        expect(['stop', 'tool-calls']).toContain(finishReason)
      }
    }
  },
)
