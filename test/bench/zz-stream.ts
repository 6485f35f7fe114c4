import { AIMessageChunk, HumanMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
const N = 2000
async function* events() {
  for (let i = 0; i < N; i++)
    yield {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'gpt-6-luna',
      choices: [{ index: 0, finish_reason: null, delta: { role: 'assistant', content: 'word ' } }],
    }
  yield {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'gpt-6-luna',
    choices: [{ index: 0, finish_reason: 'stop', delta: {} }],
  }
  yield { id: 'chatcmpl-1', model: 'gpt-6-luna', choices: [], usage: { prompt_tokens: 5, completion_tokens: N, total_tokens: 5 + N } }
}
const open = (model: string) => {
  const m = new ChatOpenAI({ model, apiKey: 'bench' })
  ;(m as any).completions.completionWithRetry = async () => events()
  return m
}
const bare = open('gpt-6-luna'),
  routed = new RoutedChatModel({ models: [open('gpt-6-luna')], policy: cheapest() })
for (let r = 0; r < 4; r++)
  for (const [name, m] of [
    ['bare', bare],
    ['routed', routed],
  ] as const) {
    const t = performance.now()
    let n = 0
    for (let i = 0; i < 20; i++) for await (const _ of m._streamResponseChunks([new HumanMessage('x')], {} as any)) n++
    console.log(name, (((performance.now() - t) / n) * 1000).toFixed(2), 'us/chunk', n)
  }
