import type { Receipt } from '@routewise/core'
import type { CallTrace, WireTarget } from '../call.ts'

export type Headers = Record<string, string>

/** Dollars in plain decimals, to the nano-dollar: no header reads `1.2e-7`. */
export function usdText(nanoUsd: number): string {
  const digits = String(nanoUsd).padStart(10, '0')
  const whole = digits.slice(0, -9)
  const rest = digits.slice(-9).replace(/0{1,9}$/, '')
  return rest === '' ? whole : `${whole}.${rest}`
}

/** Microseconds are all that a clock tells. */
export const msText = (ms: number): string => String(Math.round(ms * 1_000) / 1_000)

/** Names are users' own: what no header can carry is percent-encoded. */
export const headerText = (name: string): string => (/^[\x20-\x7e]*$/.test(name) ? name : encodeURIComponent(name))

/** What is known of an answer once it is there. */
export function addFacts(headers: Headers, { costNanoUsd, attempts, usage, decisionMs }: Receipt, target: WireTarget | undefined): void {
  addTarget(headers, target)
  headers['x-routewise-cost-usd'] = usdText(costNanoUsd)
  headers['x-routewise-attempts'] = String(attempts.length)
  headers['x-routewise-cached-tokens'] = String(usage.cacheReadTokens)
  headers['x-routewise-decision-ms'] = msText(decisionMs)
}

/** What is known of a stream when it begins; its cost comes at its end. */
export function addEarlyFacts(headers: Headers, { attempts, decisionMs }: CallTrace, target: WireTarget | undefined): void {
  addTarget(headers, target)
  headers['x-routewise-attempts'] = String(attempts)
  if (decisionMs !== undefined) headers['x-routewise-decision-ms'] = msText(decisionMs)
}

function addTarget(headers: Headers, target: WireTarget | undefined): void {
  if (target === undefined) return
  headers['x-routewise-model'] = headerText(target.model)
  headers['x-routewise-target'] = headerText(target.id)
}

/** The last comment of a stream: what no header could say at its beginning. */
export function closingComment({ id, target, costUsd, attempts, usage }: Receipt, model: string | undefined): string {
  const facts = { model, target, costUsd, attempts: attempts.length, cachedTokens: usage.cacheReadTokens, receipt: id }
  return `: routewise ${JSON.stringify(facts)}\n\n`
}
