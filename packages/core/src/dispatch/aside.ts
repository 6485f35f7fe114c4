import type { Answer, AttemptEnd } from '../types.ts'
import type { AttemptFacts, AttemptOptions } from './attempt.ts'
import { HOLD_WHOLE } from './release.ts'
import { startAttempt } from './start-attempt.ts'

interface AsideOptions<Call, Chunk> extends Omit<AttemptOptions<Call, Chunk>, 'hold' | 'onNews'> {
  signal: AbortSignal
  /** Why the call is over, once it is. */
  cancelled(): Error | undefined
  onEnd(attempt: AttemptFacts, end: AttemptEnd): void
}

/** Runs an attempt to its end outside of the race, for a judge. Rejects when it fails or the signal aborts. */
export function askAside<Call, Chunk>({ signal, cancelled, onEnd, ...options }: AsideOptions<Call, Chunk>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted || cancelled() !== undefined) {
      reject(cancelled() ?? (signal.reason as Error))
      return
    }
    const onAbort = () => {
      attempt.abort(signal.reason)
      onEnd(attempt, { type: 'aborted' })
      reject(signal.reason as Error)
    }
    const attempt = startAttempt<Call, Chunk>({
      ...options,
      hold: HOLD_WHOLE,
      onNews(news, ended) {
        if (news.type !== 'whole' && news.type !== 'failed') return
        signal.removeEventListener('abort', onAbort)
        if (news.type === 'whole') {
          onEnd(ended, { type: 'answered', finish: ended.meter.finish })
          resolve(ended.meter)
        } else {
          onEnd(ended, { type: 'failed', failure: news.failure })
          reject(new Error(news.failure.message, { cause: news.failure.cause }))
        }
      },
    })
    if (attempt.endedAt === undefined) signal.addEventListener('abort', onAbort, { once: true })
  })
}
