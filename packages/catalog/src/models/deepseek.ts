import type { CacheRule, Capabilities, PricePeriod, PriceWindow } from '@routewise/core'
import type { ModelFacts, ProviderFacts } from '../facts.ts'
import type { Tier } from '../priors.ts'

const capabilities: Capabilities = {
  tools: true,
  forcedTool: true,
  parallelTools: true,
  // JSON mode only.
  jsonSchema: false,
  vision: false,
  pdf: false,
  audio: false,
  streaming: true,
  reasoning: true,
  sampling: true,
  logprobs: 'without-reasoning',
}

/**
 * A request hits only what fully matches a stored unit: the end of an input, the end of an answer, or a common prefix
 * that was seen twice (which hits at the third sighting only, and is not modelled). Kept "hours to days": two hours here.
 */
const cache: CacheRule = {
  kind: 'prefix-units',
  minTokens: 0,
  ttls: [{ id: '2h', seconds: 7_200, sliding: true }],
  readableAfter: 'response-end',
  scope: 'account',
  guaranteed: false,
}

/** Peak and off-peak prices since this day. */
const PEAK_FROM = '2026-08-17'
/** Since this day there is no peak on Saturdays and Sundays in Beijing. */
const WEEKENDS_FROM = '2026-08-23'
const beijingWeekdays = { weekdays: [1, 2, 3, 4, 5], timeZone: 'Asia/Shanghai' }

/** The published prices cannot date a window nor name a weekday, so their peak covers the past and the weekends as well. */
function peakOnWeekdays(published: readonly PricePeriod[]): readonly PricePeriod[] {
  return published.flatMap(period => {
    const { windows } = period
    if (windows === undefined) return [period]
    const onWeekdays = windows.map((window): PriceWindow => ({ ...window, ...beijingWeekdays }))
    return [
      { ...period, from: PEAK_FROM, to: WEEKENDS_FROM },
      { ...period, from: WEEKENDS_FROM, windows: onWeekdays },
    ]
  })
}

const model = (id: string, tier: Tier): ModelFacts => ({
  id,
  tier,
  contextTokens: 1_000_000,
  maxOutputTokens: 384_000,
  capabilities,
  cache,
  correct: peakOnWeekdays,
})

export const deepseek: ProviderFacts = {
  id: 'deepseek',
  wire: 'openai-chat',
  cancelStopsBilling: true,
  source: 'https://api-docs.deepseek.com/quick_start/pricing',
  verifiedAt: '2026-11-21',
  models: [model('deepseek-v4-pro', 'strong'), model('deepseek-v4-flash', 'mid')],
}
