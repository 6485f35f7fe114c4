import type { Verdict } from '../types.ts'

/** Scores and thresholds that are apart by no more than rounding are equal. */
const ROUNDING = 1e-9

/** A rejection whose reason says whose it is. */
export const reject = (judge: string, why: string, more: Pick<Verdict, 'score' | 'repair'> = {}): Verdict => ({
  accepted: false,
  reason: `${judge}: ${why}`,
  ...more,
})

export const scoreOf = ({ accepted, score }: Verdict): number => score ?? (accepted ? 1 : 0)

export const reaches = (score: number, accept: number): boolean => score >= accept - ROUNDING

/** At most `maxChars` characters; what is longer ends in an ellipsis. */
export const clip = (text: string, maxChars: number): string => (text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`)

/** @throws RangeError for a score out of range: one from 0 to 100 would accept everything. */
export function verdictOf(name: string, score: number, accept: number): Verdict {
  if (!(score >= 0 && score <= 1)) throw new RangeError(`${clip(name, 60)} scored ${score}: a score is a number from 0 to 1.`)
  if (reaches(score, accept)) return { accepted: true, score }
  return reject(name, `${score.toFixed(2)}, under ${accept}`, { score })
}
