import type { AttemptReceipt, Receipt } from './types.ts'

/** A receipt that survives serialisation: failures keep their words and lose the error objects, which may hold headers. */
export function plainReceipt(receipt: Receipt): Receipt {
  if (receipt.attempts.every(({ end }) => !('failure' in end))) return receipt
  return { ...receipt, attempts: receipt.attempts.map(plainAttempt) }
}

function plainAttempt(attempt: AttemptReceipt): AttemptReceipt {
  const { end } = attempt
  if (!('failure' in end)) return attempt
  return { ...attempt, end: { ...end, failure: { ...end.failure, cause: undefined } } }
}
