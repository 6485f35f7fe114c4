import type { Receipt } from '@routewise/core'
import { isRefusal } from '../faults.ts'
import { billOf } from '../ledger.ts'
import type { Pair, Report } from './call.ts'

/** What a receipt says of an attempt is what its provider charges for it; an estimate is never below what was delivered. */
export function checkMoney({ entry, attempt }: Pair, report: Report): void {
  const { name, rates, honest, reported, tokens } = entry
  const { usageSource, usage, costNanoUsd, end } = attempt
  const charged = billOf(rates, entry.charged())
  if (usageSource === 'provider') {
    const due = honest ? charged : billOf(rates, { ...usage, ...reported })
    if (costNanoUsd !== due) report('money', `${name} costs ${costNanoUsd}, its provider charges ${due}`)
    return
  }
  if (usageSource === 'none') {
    if (costNanoUsd !== 0) report('money', `${name} costs ${costNanoUsd} although nothing was billed`)
    // Before the headers came nobody can know that work was done.
    if (entry.chunks > 0 || (entry.headersAt !== undefined && !isRefusal(entry.fault) && charged !== undefined && charged > 0)) {
      report('money', `${name} (${entry.fault}, ${end.type}) was charged ${charged}, the receipt says nothing was billed`)
    }
    return
  }
  if (costNanoUsd !== billOf(rates, usage)) report('money', `${name} costs ${costNanoUsd}, its tokens ${billOf(rates, usage)}`)
  if (usage.outputTokens < tokens) report('money', `${name}: ${usage.outputTokens} output tokens estimated, ${tokens} were delivered`)
  if (usage.inputTokens < (reported?.inputTokens ?? 0)) report('money', `${name}: fewer input tokens estimated than were reported`)
}

/** A receipt is the sum of its attempts and, where nothing was estimated, of what the providers charge. */
export function checkSum(receipt: Receipt, pairs: readonly Pair[], report: Report): void {
  const { attempts, costNanoUsd, costUsd, estimated } = receipt
  const sum = attempts.reduce((total, attempt) => total + (attempt.costNanoUsd ?? 0), 0)
  if (costNanoUsd !== sum) report('money', `the receipt says ${costNanoUsd}, its attempts ${sum}`)
  if (Math.round(costUsd * 1e9) !== costNanoUsd) report('money', `${costUsd} dollars are not ${costNanoUsd} nano-dollars`)
  const partly = attempts.some(({ usageSource, costNanoUsd: cost }) => usageSource === 'estimated' || cost === undefined)
  if (estimated !== partly) report('money', `estimated is ${estimated}`)
  if (estimated || pairs.some(({ entry, attempt }) => !entry.honest || attempt.usageSource === 'none')) return
  const charged = pairs.reduce((total, { entry }) => total + (billOf(entry.rates, entry.charged()) ?? 0), 0)
  if (charged !== costNanoUsd) report('money', `exact, ${costNanoUsd}; charged, ${charged}`)
}
