import type { Clock } from './clock.ts'
import type { Decision } from './decide.ts'
import { type AttemptFacts, StreamFailure } from './dispatch/attempt.ts'
import { estimateTokens } from './describe/tokens.ts'
import { CHARS_PER_TOKEN, type Meter } from './dispatch/meter.ts'
import { RouterError, type TargetFailure } from './errors.ts'
import { costOf } from './money/cost.ts'
import { toUsd } from './money/units.ts'
import type { Alternative, AttemptEnd, AttemptReceipt, CallContext, Candidate, Failure, Receipt, Usage } from './types.ts'

/** Of a provider's message, what is repeated in ours. */
const QUOTED_CHARS = 200

const NO_USAGE: Usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

interface AccountOptions {
  id: string
  clock: Clock
  startedAt: number
  context: CallContext
  decision: Decision
  /** Told of every attempt once it is on record. */
  onSettled(attempt: AttemptFacts, record: AttemptReceipt): void
  onClosed(receipt: Receipt): void
}

/** One call's book: every attempt with its money, whatever its end, and the receipt that sums them. */
export function openAccount(options: AccountOptions) {
  const { id, clock, startedAt, context, decision, onSettled, onClosed } = options
  const wallMs = clock.wall()
  const decisionMs = clock.now() - startedAt
  const attempts: AttemptReceipt[] = []
  const failures: TargetFailure[] = []
  let firstTokenMs: number | undefined
  let receipt: Receipt | undefined

  const summarise = (): Receipt => {
    const answer = attempts.find(({ end, reason }) => end.type === 'answered' && reason !== 'sample' && reason !== 'judge')
    const costNanoUsd = attempts.reduce((sum, attempt) => sum + (attempt.costNanoUsd ?? 0), 0)
    const expectedCostUsd = decision.plan[0]?.expectedCostUsd
    const sum: Receipt = {
      id,
      at: new Date(wallMs).toISOString(),
      task: decision.features.task,
      considered: decision.considered,
      attempts: attempts.length > 1 ? attempts.toSorted((a, b) => a.startedMs - b.startedMs) : attempts,
      usage: answer?.usage ?? NO_USAGE,
      costNanoUsd,
      costUsd: toUsd(costNanoUsd),
      estimated: attempts.some(({ usageSource, costNanoUsd: cost }) => usageSource === 'estimated' || cost === undefined),
      totalMs: clock.now() - startedAt,
      decisionMs,
    }
    if (answer !== undefined) {
      sum.target = answer.target
      sum.model = answer.model
    }
    const alternative = answer === undefined ? undefined : alternativeTo(answer, attempts, decision.plan, wallMs)
    if (alternative !== undefined) sum.alternative = alternative
    if (context.tenant !== undefined) sum.tenant = context.tenant
    if (context.session !== undefined) sum.session = context.session
    if (expectedCostUsd !== undefined && Number.isFinite(expectedCostUsd)) sum.expectedCostUsd = expectedCostUsd
    if (firstTokenMs !== undefined) sum.firstTokenMs = firstTokenMs
    return sum
  }

  const account = {
    /** Puts an attempt that has ended on record. */
    settle(attempt: AttemptFacts, end: AttemptEnd): void {
      const record = recordOf(attempt, end, startedAt, clock)
      attempts.push(record)
      if (end.type === 'failed' || end.type === 'interrupted') failures.push({ ...end.failure, target: attempt.target.id })
      onSettled(attempt, record)
    },

    /** The caller is about to get the first token. */
    released(): void {
      firstTokenMs = clock.now() - startedAt
    },

    /** Closes the book; a second call gives the same receipt. */
    close(): Receipt {
      if (receipt !== undefined) return receipt
      receipt = summarise()
      onClosed(receipt)
      return receipt
    },

    /** The error for a call none of whose attempts gave an answer. */
    allFailed(): RouterError {
      const list = failures.map(({ target, kind, message }) => `${target}: ${kind} (${message.slice(0, QUOTED_CHARS)})`).join('; ')
      return new RouterError('all_attempts_failed', `Every attempt failed. ${list}`, {
        failures,
        cause: failures.at(-1)?.cause,
        receipt: account.close(),
      })
    },

    /** Settles the answering attempt by the way it broke off, and gives the error for the caller; `delivered` is the text that has reached it. */
    broken(error: unknown, attempt: AttemptFacts | undefined, cancelledBy: RouterError | undefined, delivered: string): unknown {
      const partialText = delivered === '' ? {} : { partialText: delivered }
      if (error instanceof StreamFailure) {
        const { failure, target } = error
        if (attempt !== undefined) account.settle(attempt, { type: 'interrupted', failure })
        const message = `${target} broke off after part of its answer was delivered: ${failure.kind} (${failure.message.slice(0, QUOTED_CHARS)}). Ask again.`
        return new RouterError('stream_interrupted', message, { failures, receipt: account.close(), cause: failure.cause, ...partialText })
      }
      if (attempt !== undefined) account.settle(attempt, { type: 'aborted' })
      const closed = account.close()
      if (cancelledBy === undefined) return error
      return new RouterError(cancelledBy.code, cancelledBy.message, { cause: cancelledBy.cause, failures, receipt: closed, ...partialText })
    },
  }
  return account
}

/** The best of those that were not asked, had it given the same answer. */
function alternativeTo(
  { target, usage }: AttemptReceipt,
  attempts: readonly AttemptReceipt[],
  plan: readonly Candidate[],
  wallMs: number,
): Alternative | undefined {
  const answered = plan.find(({ id }) => id === target)
  const other = plan.find(({ id }) => !attempts.some(attempt => attempt.target === id))
  if (answered === undefined || other === undefined) return undefined
  const outputTokens = Math.round((usage.outputTokens * other.card.tokenFactor) / answered.card.tokenFactor)
  const cost = costOf(other.card, { ...expectedInput(other), outputTokens, reasoningTokens: 0 }, wallMs)
  if (cost === undefined) return undefined
  return { target: other.id, model: other.model, costUsd: toUsd(cost), cacheReadTokens: other.cacheReadTokens }
}

/** The prompt as it was expected to be charged. */
function expectedInput({ inputTokens, cacheReadTokens, cacheWriteTokens, cache }: Candidate) {
  const input = { inputTokens, cacheReadTokens, cacheWriteTokens }
  return cache?.writeTtl === undefined ? input : { ...input, cacheWriteTokensByTtl: { [cache.writeTtl]: cacheWriteTokens } }
}

function recordOf(attempt: AttemptFacts, end: AttemptEnd, callStartedAt: number, clock: Clock): AttemptReceipt {
  const { target, candidate, meter, reason, startedAt, endedAt, verdict } = attempt
  const { usage, source } = usageOf(attempt, end)
  const record: AttemptReceipt = {
    target: target.id,
    model: meter.model ?? target.card.id,
    reason,
    end,
    startedMs: startedAt - callStartedAt,
    totalMs: (endedAt ?? clock.now()) - startedAt,
    usage,
    usageSource: source,
    expectedCostNanoUsd: candidate.expectedCostNanoUsd,
    expectedCacheReadTokens: candidate.cacheReadTokens,
    costNanoUsd: source === 'none' ? 0 : costOf(target.card, usage, clock.wall()),
  }
  if (meter.firstTokenMs !== undefined) record.firstTokenMs = meter.firstTokenMs
  if (verdict !== undefined) record.verdict = verdict
  return record
}

/** The provider's own figures where they came; else an estimate; nothing for a request that was refused. */
function usageOf(
  { meter, candidate, streaming, wasCut }: AttemptFacts,
  end: AttemptEnd,
): { usage: Usage; source: AttemptReceipt['usageSource'] } {
  const { inputTokens, outputTokens } = meter.usage
  if (inputTokens !== undefined && outputTokens !== undefined) {
    // Only a finished answer's figures are final: the early ones of a stream count no output, or the first token of it.
    const isFinal = !meter.hasContentSinceUsage && (meter.finish !== undefined || end.type === 'answered')
    if (isFinal) return { usage: { ...NO_USAGE, ...meter.usage }, source: 'provider' }
  }
  if (end.type === 'failed' && wasRefused(meter, end.failure)) return { usage: NO_USAGE, source: 'none' }
  // Cutting the line does not stop everybody, and nobody from charging an answer that is not streamed.
  const runsOn = wasCut && !(streaming && candidate.card.cancelStopsBilling)
  const usage: Usage = {
    ...expectedInput(candidate),
    reasoningTokens: 0,
    ...meter.usage,
    outputTokens: Math.max(generatedTokens(meter, candidate), meter.usage.outputTokens ?? 0, runsOn ? candidate.outputTokens : 0),
  }
  return { usage, source: 'estimated' }
}

/** Our own count of what was generated: text by the estimator, the rest, such as reasoning, by its length. */
function generatedTokens({ text, contentChars }: Meter, { card }: Candidate): number {
  const unseen = Math.max(0, contentChars - text.length) / CHARS_PER_TOKEN
  return Math.round((estimateTokens(text) + unseen) * card.tokenFactor)
}

/** An error in place of a response costs nothing. One that breaks off a response does, and of silence nobody knows. */
function wasRefused({ chunks, headersCame }: Meter, { kind, status }: Failure): boolean {
  return chunks === 0 && kind !== 'timeout' && (!headersCame || status !== undefined)
}
