import { LRUCache } from 'lru-cache'

/** Options of {@link createCalibration}. */
export interface CalibrationOptions {
  /** Weight of a new observation once there are enough. Default 0.05. */
  weight?: number
  /** Bounds of a ratio; one beyond them counts as the bound. Defaults 0.5 and 2.5. */
  minRatio?: number
  maxRatio?: number
  /** Smaller prompts teach nothing: framing that providers add outweighs their text. Default 64. */
  minTokens?: number
  /** Models kept, least recently used ones go first. Default 1,000. */
  maxModels?: number
}

/** An observation counts as part of the average until this many have come; the estimate itself counts as one. */
interface Ratio {
  value: number
  count: number
}

/** Corrects estimated input tokens per model by what the provider has reported: a moving average of reported ÷ estimated. */
export function createCalibration({
  weight = 0.05,
  minRatio = 0.5,
  maxRatio = 2.5,
  minTokens = 64,
  maxModels = 1_000,
}: CalibrationOptions = {}) {
  const ratios = new LRUCache<string, Ratio>({ max: maxModels })

  return {
    /** The estimate times the ratio learned for this model; the estimate itself before anything was learned. */
    correct(model: string, tokens: number): number {
      return tokens * (ratios.get(model)?.value ?? 1)
    },

    /** Learns from one answered call. `media`: the prompt held images, documents or audio, whose formulas are not what is calibrated here. */
    observe(model: string, estimatedTokens: number, reportedTokens: number, { media = false }: { media?: boolean } = {}): void {
      if (media || !(estimatedTokens >= minTokens) || !(reportedTokens > 0)) return
      const observed = Math.min(maxRatio, Math.max(minRatio, reportedTokens / estimatedTokens))
      let ratio = ratios.get(model)
      if (ratio === undefined) ratios.set(model, (ratio = { value: 1, count: 1 }))
      ratio.count += 1
      ratio.value += (observed - ratio.value) * Math.max(weight, 1 / ratio.count)
    },
  }
}

export type Calibration = ReturnType<typeof createCalibration>
