import type { Clock } from '../clock.ts'
import type { Answer, Dialect, Features, Judge, JudgeContext, Question, Verdict } from '../types.ts'
import type { Attempt } from './attempt.ts'

/** Reason given to a judge that is still at work when its call is over. */
const CALL_OVER = new DOMException('The call is over.', 'AbortError')

interface JudgingOptions<Call, Chunk> {
  judge: Judge
  dialect: Dialect<Call, Chunk>
  features: Features
  clock: Clock
  /** After which there is no verdict. */
  judgeMs: number
  /** Asks a target outside of the race; see `ask`. */
  sample(of: Attempt<Call, Chunk>, signal: AbortSignal): Promise<Answer>
  ask(question: Question<unknown, unknown>, signal: AbortSignal): Promise<Answer>
}

/** The judge of one call, with what it may look at. A judge that throws gives no verdict: it must not cost anybody an answer. */
export function createJudging<Call, Chunk>({ judge, dialect, features, clock, judgeMs, sample, ask }: JudgingOptions<Call, Chunk>) {
  const controller = new AbortController()
  const contexts = new Map<Attempt<Call, Chunk>, JudgeContext>()
  let stopTimer = () => {}

  const contextOf = (attempt: Attempt<Call, Chunk>): JudgeContext => {
    let context = contexts.get(attempt)
    if (context === undefined) {
      const { candidate, call } = attempt
      context = {
        call,
        features,
        candidate,
        expected: dialect.expects?.(call) ?? {},
        signal: controller.signal,
        sample: () => heard(sample(attempt, controller.signal)),
        ask: question => heard(ask(question, controller.signal)),
      }
      contexts.set(attempt, context)
    }
    return context
  }

  const inTime = (verdict: Promise<Verdict | undefined>): Promise<Verdict | undefined> =>
    new Promise(resolve => {
      stopTimer = clock.after(judgeMs, () => resolve(undefined))
      verdict.then(
        given => {
          stopTimer()
          resolve(given)
        },
        () => {
          stopTimer()
          resolve(undefined)
        },
      )
    })

  return {
    watch:
      judge.watch === undefined
        ? undefined
        : (attempt: Attempt<Call, Chunk>): Verdict | undefined => {
            try {
              return judge.watch?.(attempt.meter, contextOf(attempt))
            } catch {
              return undefined
            }
          },
    /** Looks at a whole answer; never rejects, and never takes longer than it may. */
    judge(attempt: Attempt<Call, Chunk>): Verdict | undefined | Promise<Verdict | undefined> {
      try {
        const verdict = judge.judge(attempt.meter, contextOf(attempt))
        return verdict instanceof Promise ? inTime(verdict) : verdict
      } catch {
        return undefined
      }
    },
    /** Ends what the judge may still be doing. */
    dispose(): void {
      stopTimer()
      controller.abort(CALL_OVER)
    },
  }
}

export type Judging<Call, Chunk> = ReturnType<typeof createJudging<Call, Chunk>>

/** A judge that has seen enough may leave what it asked for: the failure of that is nobody's, and must not end the process. */
function heard<Value>(asked: Promise<Value>): Promise<Value> {
  asked.catch(() => undefined)
  return asked
}
