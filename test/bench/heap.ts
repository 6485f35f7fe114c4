// Whether anything stays behind: heap after a garbage collection, over many routed calls.
import { HumanMessage } from '@langchain/core/messages'
import { FakeListChatModel } from '@langchain/core/utils/testing'
import { findModel } from '@routewise/catalog'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
import { atMost, type BenchOptions, consume, type Figure } from './figures.ts'

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run with --expose-gc')
  const models = ['gpt-6-luna', 'gpt-6-sol', 'claude-haiku-4-5'].map(id => {
    const card = findModel(id)
    if (card === undefined) throw new Error(`the catalogue has no ${id}`)
    return { model: new FakeListChatModel({ responses: ['ok'] }), id, card }
  })
  const routed = new RoutedChatModel({ models, policy: cheapest() })
  let made = 0
  const calls = async (count: number) => {
    for (let at = 0; at < count; at += 1) {
      made += 1
      // Every prompt is another one, so that tables fill up and evict.
      const controller = new AbortController()
      const answer = await routed.invoke([new HumanMessage(`Where is order ${made}? `.repeat(20))], { signal: controller.signal })
      consume(answer.content)
    }
  }
  const heapAfterGc = () => {
    gc()
    gc()
    return process.memoryUsage().heapUsed
  }

  // The bounded tables must be full before what is left can be called growth.
  await calls(quick ? 1_000 : 120_000)
  const before = heapAfterGc()
  const counted = quick ? 2_000 : 100_000
  await calls(counted)
  const after = heapAfterGc()
  log(`heap ${(before / 1e6).toFixed(1)} MB, after ${counted} calls ${(after / 1e6).toFixed(1)} MB`)
  return { bytes_per_call: atMost((after - before) / counted, 20, 'B') }
}
