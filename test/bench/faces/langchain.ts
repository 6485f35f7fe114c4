import { HumanMessage, SystemMessage } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { cheapest, RoutedChatModel } from '@routewise/langchain'
import { atMost, type BenchOptions, consume, type Figure, median, quartiles } from '../figures.ts'
import { playRounds, ratios } from './rounds.ts'
import { INSTRUCTIONS, PROMPT } from './upstream-answer.ts'

/** `RoutedChatModel.invoke` beside that of the model it routes to, and of LangChain's own fallbacks. */
export async function langchain(baseURL: string, options: BenchOptions): Promise<Record<string, Figure>> {
  const open = (model: string) => new ChatOpenAI({ model, apiKey: 'bench', maxRetries: 0, configuration: { baseURL } })
  const models = {
    bare: open('gpt-6-luna'),
    withFallbacks: open('gpt-6-luna').withFallbacks([open('gpt-6-sol')]),
    routed: new RoutedChatModel({ models: [open('gpt-6-luna'), open('gpt-6-sol')], policy: cheapest() }),
  }
  const time = (model: (typeof models)[keyof typeof models]) => async () => {
    const input = [new SystemMessage(INSTRUCTIONS), new HumanMessage(PROMPT)]
    const start = performance.now()
    const answer = await model.invoke(input)
    const ms = performance.now() - start
    consume(answer.content)
    return ms
  }
  const contenders = { bare: time(models.bare), withFallbacks: time(models.withFallbacks), routed: time(models.routed) }
  const times = await playRounds(contenders, options)
  const toBare = ratios(times.routed, times.bare)
  const toFallbacks = ratios(times.routed, times.withFallbacks)
  return {
    langchain_ratio: atMost(median(toBare), 1.05, '×', quartiles(toBare)),
    langchain_vs_with_fallbacks: atMost(median(toFallbacks), 1, '×', quartiles(toFallbacks)),
  }
}
