/** Options of {@link createCalibration}. */
export interface CalibrationOptions {
  /** Weight of a new observation once there are enough. Default 0.05. */
  weight?: number
  /** Bounds of a ratio; one beyond them counts as the bound. Defaults 0.5 and 2.5. */
  minRatio?: number
  maxRatio?: number
  /** Smaller prompts teach nothing: framing that providers add outweighs their text. Default 64. */
  minTokens?: number
}

/** Corrects one model's estimated input tokens by what its provider has reported: a moving average of reported ÷ estimated. */
export function createCalibration({ weight = 0.05, minRatio = 0.5, maxRatio = 2.5, minTokens = 64 }: CalibrationOptions = {}) {
  let ratio = 1
  // An observation counts as part of the average until this many have come; the estimate itself counts as one.
  let count = 1

  return {
    /** The estimate times the ratio learned; the estimate itself before anything was learned. */
    correct: (tokens: number): number => tokens * ratio,

    /** Learns from one answered call. `media`: the prompt held images, documents or audio, whose formulas are not what is calibrated here. */
    observe(estimatedTokens: number, reportedTokens: number, { media = false }: { media?: boolean } = {}): void {
      if (media || !(estimatedTokens >= minTokens) || !(reportedTokens > 0)) return
      const observed = Math.min(maxRatio, Math.max(minRatio, reportedTokens / estimatedTokens))
      count += 1
      ratio += (observed - ratio) * Math.max(weight, 1 / count)
    },
  }
}
