import { fork } from 'node:child_process'
import { once } from 'node:events'
import { HumanMessage, SystemMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
const PROMPT = 'My parcel has not arrived, the order number is 48213. What can I do? '.repeat(15)
const upstream = fork(new URL('upstream.ts', import.meta.url), { execArgv: ['--conditions=@routewise/source'] })
const [port] = (await once(upstream, 'message')) as [number]
const open = (model: string) =>
  new ChatOpenAI({ model, apiKey: 'bench', maxRetries: 0, configuration: { baseURL: `http://127.0.0.1:${port}/v1` } })
const which = process.argv[2]
const model =
  which === 'bare'
    ? open('gpt-6-luna')
    : new RoutedChatModel({
        models: [open('gpt-6-luna'), open('gpt-6-sol')],
        policy: cheapest(),
        ...(process.argv[3] === 'nohedge' ? { hedge: false as const } : {}),
      })
const messages = () => [new SystemMessage('You are a support agent.'), new HumanMessage(PROMPT)]
for (let i = 0; i < 3000; i++) await model.invoke(messages())
const cpu = process.cpuUsage()
const t = performance.now()
for (let i = 0; i < 4000; i++) await model.invoke(messages())
const used = process.cpuUsage(cpu)
console.log(which, 'cpu us/call', (used.user + used.system) / 4000, 'wall', (performance.now() - t) / 4)
upstream.disconnect()
