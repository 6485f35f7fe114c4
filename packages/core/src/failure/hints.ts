import type { Clock } from '../clock.ts'
import type { ResponseHeaders } from '../types.ts'
import { headerOf } from './header.ts'

const MS_PER: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** "Please retry in 46.2s", "try again in 7m12.5s", `"retryDelay": "46s"`, "try again in 20 seconds". */
const wordedDelay = /(?:(?:retry|again) (?:in|after)|retryDelay"?\s?:)\s?"?((?:\d{1,9}(?:\.\d{1,9})?\s?(?:ms|[smhd])[a-z]{0,10}\s?){1,5})/i
const delayPart = /(\d{1,9}(?:\.\d{1,9})?)\s?(ms|[smhd])/gi

/** How long the provider asks to stay away, in milliseconds: `retry-after-ms`, `retry-after` (seconds or a date), or its words. */
export function findRetryAfterMs(headers: ResponseHeaders | undefined, message: string, clock: Pick<Clock, 'wall'>): number | undefined {
  const milliseconds = Number.parseFloat(headerOf(headers, 'retry-after-ms') ?? '')
  if (milliseconds >= 0) return milliseconds
  const after = headerOf(headers, 'retry-after')
  if (after !== undefined) {
    const seconds = Number(after)
    if (seconds >= 0) return seconds * 1_000
    const date = Date.parse(after)
    // The provider's clock, where it says what time it has, so that ours may be wrong.
    if (!Number.isNaN(date)) return Math.max(0, date - (Date.parse(headerOf(headers, 'date') ?? '') || clock.wall()))
  }
  const worded = wordedDelay.exec(message)?.[1]
  if (worded === undefined) return undefined
  let total = 0
  for (const [, amount, unit] of worded.matchAll(delayPart)) total += Number(amount) * MS_PER[unit!.toLowerCase()]!
  return total
}

/** Where a context-overflow message names the window; commas may group its digits. */
const limits: readonly RegExp[] = [
  /maximum (?:context|prompt) length (?:is|of) ([\d,]{1,15})/i, // OpenAI, DeepSeek, xAI, vLLM, OpenRouter
  /[\d,]{1,15} (?:tokens )?> ([\d,]{1,15})/, // Anthropic, both of its messages
  /maximum number of tokens allowed \(([\d,]{1,15})\)/i, // Gemini
  /model with ([\d,]{1,15}) maximum context length/i, // Mistral
  /exceed model maximum \(([\d,]{1,15})\)/i, // Bedrock
  /model'?s context length \(?([\d,]{1,15})/i, // Together
  /model token limit:? ([\d,]{1,15})/i, // Kimi
  /while limit is ([\d,]{1,15})/i, // Cerebras
  /available context size \(([\d,]{1,15})/i, // llama.cpp
]

/** The window that a context-overflow message names, in tokens. */
export function findLimitTokens(message: string): number | undefined {
  for (const pattern of limits) {
    const found = Number(pattern.exec(message)?.[1]?.replaceAll(',', ''))
    if (found > 0) return found
  }
  return undefined
}
