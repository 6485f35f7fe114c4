import { NO_NEEDS, type Dialect, type Failure, type FailureKind, type FinishReason } from '@routewise/core'

export interface Call {
  id: number
  streaming: boolean
  resumable: boolean
  /** Text of the answer to go on from. */
  delivered?: string
}

/** A chunk knows which attempt it comes from, and its place there. */
export interface Chunk {
  attempt: string
  index: number
  text?: string
  tool?: string
  finish?: FinishReason
  /** Nobody can make anything of it. */
  garbled?: boolean
}

/** What a provider fails with. */
export class ProviderError extends Error {
  readonly failure: Omit<Failure, 'message' | 'cause'>
  constructor(kind: FailureKind, retryAfterMs: number | undefined) {
    super(kind)
    this.failure = retryAfterMs === undefined ? { kind } : { kind, retryAfterMs }
  }
}

export const saysSomething = ({ text, tool }: Chunk): boolean => text !== undefined || tool !== undefined

export const dialect: Dialect<Call, Chunk> = {
  describe: ({ streaming }) => ({
    inputTokens: 10,
    maxOutputTokens: undefined,
    needs: { ...NO_NEEDS, streaming },
    prefix: [],
    task: 'chat',
    turn: 'user',
  }),
  prepare: call => call,
  read(chunk) {
    const { attempt, text, tool, finish } = chunk
    if (chunk.garbled === true) throw new ProviderError('truncated', undefined)
    return {
      meaningful: saysSomething(chunk),
      contentChars: (text ?? tool ?? '').length,
      // Tells the attempts of one target apart on a receipt.
      model: attempt,
      ...(text === undefined ? {} : { text }),
      ...(tool === undefined ? {} : { toolCalls: [{ index: 0, arguments: tool }] }),
      ...(finish === undefined ? {} : { finish, usage: { inputTokens: 10, outputTokens: chunk.index } }),
    }
  },
  failure: error =>
    error instanceof ProviderError
      ? { ...error.failure, message: error.message, cause: error }
      : { kind: 'network', message: String(error), cause: error },
  repair: call => ({ ...call }),
  resume: (call, delivered) => (call.resumable ? { ...call, delivered } : undefined),
}
