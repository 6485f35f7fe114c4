// What the benches in virtual time share: calls that are numbers, and targets that do nothing but take their time.
import type { Dialect, Failure, ModelCard, PrefixBlock, Target } from '@routewise/core'
import { scriptedCard } from '@routewise/core/testing'

export interface VirtualCall {
  inputTokens: number
  streaming: boolean
  prefix?: readonly PrefixBlock[]
  task?: string
}

/** The whole of an answer: its first token, its usage and its end. */
export interface VirtualAnswer {
  inputTokens: number
  cacheReadTokens: number
  outputTokens: number
}

/** Begins an attempt and calls `finish` when its first token is there, or `fail`; what it returns is called when the attempt is given up. */
export type Work<Call extends VirtualCall> = (
  call: Call,
  finish: (answer: VirtualAnswer) => void,
  fail: (failure: Failure) => void,
) => () => void

/** A small model: $0.10 and $0.40 per million tokens, $0.025 where cached, and 100 tokens a second. */
export const virtualCard = (id: string, overrides: Partial<ModelCard> = {}): ModelCard =>
  scriptedCard(id, {
    provider: 'virtual',
    contextTokens: 200_000,
    prices: [{ rates: { input: 0.1, cacheRead: 0.025, output: 0.4 } }],
    firstToken: { baseMs: 200, msPerInputToken: 0.25 },
    source: 'the law of the bench',
    ...overrides,
  })

export const virtualTarget = <Call extends VirtualCall>(card: ModelCard, work: Work<Call>): Target<Call, VirtualAnswer> => ({
  id: card.id,
  card,
  open(call, { signal }) {
    let opened = false
    const next = (): Promise<IteratorResult<VirtualAnswer>> => {
      if (opened) return Promise.resolve({ done: true, value: undefined })
      opened = true
      return new Promise((resolve, reject) => {
        const giveUp = work(
          call,
          answer => resolve({ done: false, value: answer }),
          failure => reject(new VirtualFailure(failure)),
        )
        signal.addEventListener(
          'abort',
          () => {
            giveUp()
            reject(signal.reason)
          },
          { once: true },
        )
      })
    }
    return { [Symbol.asyncIterator]: () => ({ next }) }
  },
})

class VirtualFailure extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

export const virtualDialect: Dialect<VirtualCall, VirtualAnswer> = {
  describe: ({ inputTokens, streaming, prefix = [], task = 'chat' }) => ({
    inputTokens,
    maxOutputTokens: undefined,
    needs: { tools: false, forcedTool: false, jsonSchema: false, vision: false, pdf: false, audio: false, streaming, logprobs: false },
    prefix,
    task,
    turn: 'user',
  }),
  prepare: call => call,
  read: answer => ({
    meaningful: true,
    contentChars: answer.outputTokens * 4,
    usage: { ...answer, cacheWriteTokens: 0, reasoningTokens: 0 },
    finish: 'stop',
  }),
  failure: error => (error instanceof VirtualFailure ? error.failure : { kind: 'unknown', message: String(error), cause: error }),
}
