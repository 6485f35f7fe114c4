import type { ServerResponse } from 'node:http'
import type { Receipt } from '@routewise/core'
import { headerText, msText, usdText } from '../endpoint/facts.ts'

/** Tells what the calls of a request came to so far; nothing where there were none, or where the handler has told it itself. */
export function addScopeHeaders(res: ServerResponse, receipts: readonly Receipt[]): void {
  if (receipts.length === 0 || res.hasHeader('x-routewise-cost-usd')) return
  const sum = (amount: (receipt: Receipt) => number) => receipts.reduce((total, receipt) => total + amount(receipt), 0)
  const decisionMs = msText(sum(receipt => receipt.decisionMs))
  const model = receipts.findLast(receipt => receipt.model !== undefined)?.model
  if (model !== undefined) res.setHeader('x-routewise-model', headerText(model))
  res.setHeader('x-routewise-cost-usd', usdText(sum(receipt => receipt.costNanoUsd)))
  res.setHeader(
    'x-routewise-attempts',
    sum(receipt => receipt.attempts.length),
  )
  res.setHeader(
    'x-routewise-cached-tokens',
    sum(receipt => receipt.usage.cacheReadTokens),
  )
  res.setHeader('x-routewise-decision-ms', decisionMs)
  res.appendHeader('server-timing', `routewise;dur=${decisionMs}, llm;dur=${msText(sum(receipt => receipt.totalMs))}`)
}
