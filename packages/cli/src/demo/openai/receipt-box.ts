import type { Receipt } from '@routewise/core'

/**
 * Receipts on their way from a router to the app's calls, by session: a conversation makes one call at a time, so that the latest receipt
 * of its session is that of the call that has just ended.
 */
export function createReceiptBox() {
  const bySession = new Map<string, Receipt>()
  const byError = new WeakMap<WeakKey, Receipt>()
  const take = (session: string): Receipt | undefined => {
    const receipt = bySession.get(session)
    bySession.delete(session)
    return receipt
  }
  return {
    put(receipt: Receipt): void {
      if (receipt.session !== undefined) bySession.set(receipt.session, receipt)
    },
    take,
    /** Runs a call of the session; if it fails, its receipt is found by its error. */
    async watch<Result>(session: string, call: () => Promise<Result>): Promise<Result> {
      try {
        return await call()
      } catch (error) {
        const receipt = take(session)
        if (receipt !== undefined && error instanceof Error) byError.set(error, receipt)
        throw error
      }
    },
    of: (error: unknown): Receipt | undefined => (error instanceof Error ? byError.get(error) : undefined),
  }
}

export type ReceiptBox = ReturnType<typeof createReceiptBox>
