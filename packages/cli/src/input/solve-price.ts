/** USD per million tokens. */
export interface Price {
  input: number
  output: number
}

/** Rows whose cost a price may miss by more than `TOLERANCE`, as a share of all cost. */
const MOST_UNEXPLAINED = 0.02
const FEWEST_ROWS = 2
/** Published prices have at most this many significant digits; recorded costs are rounded more coarsely than that. */
const DIGITS = 3
/** How far a rounded price may be from the solved one and still be taken for it. */
const ROUNDING = 0.004

/** Finds the price behind recorded costs. Keeps sums only, so that any number of rows may be added. */
export function createPriceSolver() {
  let rows = 0
  let inputInput = 0
  let inputOutput = 0
  let outputOutput = 0
  let inputCost = 0
  let outputCost = 0
  let costCost = 0
  return {
    add(inputTokens: number, outputTokens: number, costUsd: number): void {
      rows += 1
      inputInput += inputTokens * inputTokens
      inputOutput += inputTokens * outputTokens
      outputOutput += outputTokens * outputTokens
      inputCost += inputTokens * costUsd
      outputCost += outputTokens * costUsd
      costCost += costUsd * costUsd
    },
    /** The price, by least squares; `undefined` where the rows do not tell: too few, all alike, or not a price per token. */
    solve(): Price | undefined {
      if (rows < FEWEST_ROWS || costCost === 0) return undefined
      const determinant = inputInput * outputOutput - inputOutput * inputOutput
      if (determinant <= 1e-9 * inputInput * outputOutput) return undefined
      const input = (inputCost * outputOutput - outputCost * inputOutput) / determinant
      const output = (outputCost * inputInput - inputCost * inputOutput) / determinant
      const squares = (a: number, b: number) =>
        costCost - 2 * (a * inputCost + b * outputCost) + a * a * inputInput + 2 * a * b * inputOutput + b * b * outputOutput
      const unexplained = Math.sqrt(Math.max(0, squares(input, output)) / costCost)
      if (input < 0 || output < 0 || unexplained > MOST_UNEXPLAINED) return undefined
      return { input: published(input * 1e6), output: published(output * 1e6) }
    },
  }
}

export type PriceSolver = ReturnType<typeof createPriceSolver>

function published(usdPerMillion: number): number {
  const rounded = Number(usdPerMillion.toPrecision(DIGITS))
  return Math.abs(rounded - usdPerMillion) <= ROUNDING * usdPerMillion ? rounded : usdPerMillion
}
