import { HumanMessage, SystemMessage, AIMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
const PROMPT = 'My parcel has not arrived, the order number is 48213. What can I do? '.repeat(15)
const body = () => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-6-luna',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'ok' } }],
  usage: { prompt_tokens: 250, completion_tokens: 1, total_tokens: 251 },
})
const open = (model: string) => {
  const m = new ChatOpenAI({ model, apiKey: 'bench', maxRetries: 0 })
  ;(m as any).completions.completionWithRetry = async () => body()
  return m
}
const bare = open('gpt-6-luna')
const routed = new RoutedChatModel({ models: [open('gpt-6-luna'), open('gpt-6-sol')], policy: cheapest() })
const withFallbacks = open('gpt-6-luna').withFallbacks([open('gpt-6-sol')])
const messages = () => [new SystemMessage('You are a support agent.'), new HumanMessage(PROMPT)]
const N = 20000
for (const [name, m] of [
  ['bare', bare],
  ['fallbacks', withFallbacks],
  ['routed', routed],
  ['bare', bare],
  ['fallbacks', withFallbacks],
  ['routed', routed],
  ['raw', { invoke: async (ms: any) => (bare as any)._generate(ms, {}) }],
  [
    'router.run',
    {
      invoke: async (ms: any) => {
        const g = (routed as any).router.run({ kind: 'generate', messages: ms, tools: undefined, structured: undefined, options: {} })
        while (!(await g.next()).done);
      },
    },
  ],
  [
    'decide',
    {
      invoke: async (ms: any) =>
        routed.router.decide({ kind: 'generate', messages: ms, tools: undefined, structured: undefined, options: {} } as any),
    },
  ],
  [
    'open',
    {
      invoke: async (ms: any) => {
        const g: any = routed.router.targets[0]!.open(
          { kind: 'generate', messages: ms, tools: undefined, structured: undefined, options: {} } as any,
          { signal: new AbortController().signal },
        )
        for await (const _ of g);
      },
    },
  ],
] as const) {
  for (let i = 0; i < 5000; i++) await (m as any).invoke(messages())
  const t = performance.now()
  for (let i = 0; i < N; i++) await (m as any).invoke(messages())
  console.log(name, (((performance.now() - t) / N) * 1000).toFixed(1), 'us')
}
