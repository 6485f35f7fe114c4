import { createOpenAI } from '@ai-sdk/openai'
import { cheapest, createRouted } from '@routewise/ai-sdk'
import { generateText, streamText, type LanguageModel } from 'ai'
import { createFallback } from 'ai-fallback'
import { createRetryableModel, error } from 'ai-retry/language-model'
import { atMost, type BenchOptions, consume, type Figure, median, quartiles } from '../figures.ts'
import { playRounds, ratios } from './rounds.ts'
import { INSTRUCTIONS, PROMPT } from './upstream-answer.ts'

/** `generateText` and the first word of `streamText`, routed, beside the model itself and the packages that fall back. */
export async function aiSdk(baseURL: string, options: BenchOptions): Promise<Record<string, Figure>> {
  const { chat } = createOpenAI({ apiKey: 'bench', baseURL })
  const luna = chat('gpt-6-luna')
  const sol = chat('gpt-6-sol')
  const models = {
    bare: luna,
    fallback: createFallback({ models: [luna, sol] }),
    retry: createRetryableModel({ model: luna, retries: [error.isRetryable(true).switch({ model: sol })] }),
    routed: createRouted({ models: { luna, sol }, policy: cheapest() })('auto'),
  }
  const call = (model: LanguageModel) => ({
    model,
    instructions: INSTRUCTIONS,
    prompt: PROMPT,
    maxRetries: 0,
  })
  const whole = (model: LanguageModel) => async () => {
    const start = performance.now()
    const { text } = await generateText(call(model))
    const ms = performance.now() - start
    consume(text)
    return ms
  }
  const firstWord = (model: LanguageModel) => async () => {
    const start = performance.now()
    let ms: number | undefined
    for await (const text of streamText(call(model)).textStream) {
      ms ??= performance.now() - start
      consume(text)
    }
    return ms!
  }
  const times = await playRounds(
    { bare: whole(models.bare), fallback: whole(models.fallback), retry: whole(models.retry), routed: whole(models.routed) },
    options,
  )
  const firsts = await playRounds({ bare: firstWord(models.bare), routed: firstWord(models.routed) }, { ...options, rounds: 1_000 })
  const figure = (others: readonly number[]): Figure => {
    const all = ratios(times.routed, others)
    return atMost(median(all), 1.05, '×', quartiles(all))
  }
  const added = firsts.routed.map((ms, at) => ms - firsts.bare[at]!)
  return {
    ai_sdk_ratio: figure(times.bare),
    ai_sdk_vs_ai_fallback: figure(times.fallback),
    ai_sdk_vs_ai_retry: figure(times.retry),
    ai_sdk_first_token_ms: atMost(median(added), 0.5, 'ms', quartiles(added)),
  }
}
