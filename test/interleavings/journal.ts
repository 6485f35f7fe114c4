import type { AttemptReceipt, Receipt } from '@routewise/core'
import type { Chunk } from './dialect.ts'
import type { CallerPlan } from './scenario.ts'

/** An attempt as its target saw it. */
export interface Entry {
  name: string
  target: string
  call: number
  openedAt: number
  signal: AbortSignal
  /** Chunks that can be read, and were handed over before its abort. */
  given: Chunk[]
  /** It has handed over the end of its iterator, or an error. */
  ended: boolean
  spoke: boolean
  /** At its abort: another attempt of the call had said something. */
  anotherSpoke: boolean
  /** Text that it was asked to go on from. */
  resumedFrom: string | undefined
}

/** A call as its caller saw it. */
export interface CallRecord {
  id: number
  plan: CallerPlan
  /** The caller has begun to read before it went away. */
  started: boolean
  /** Clock time. */
  startedAt: number
  chunks: Chunk[]
  end: 'answered' | 'failed' | 'left' | undefined
  receipt: Receipt | undefined
  error: unknown
  /** Clock times: when it last asked for something, and when it saw the end. */
  askedAt: number
  endedAt: number | undefined
  /** What was still going on when the caller saw the end. */
  running: readonly string[]
  listeners: number
}

/** Everything that has happened in a run. */
export interface Journal {
  entries: Entry[]
  calls: CallRecord[]
  /** By call, what listeners were told. */
  receipts: Map<number, { receipt: Receipt; attempts: number }[]>
  attempts: Map<number, AttemptReceipt[]>
  decisions: Map<number, unknown[]>
  /** Answers put to the judge, by call. */
  judged: Map<number, number>
  /** Calls whose callers have gone away. */
  gone: Set<number>
  /** What the model itself has seen go wrong. */
  faults: string[]
  unhandled: unknown[]
  /** When the last caller had seen the end, and when everything had come to rest. */
  timersAtEnd: number
  timersLeft: number
}

export const createJournal = (): Journal => ({
  entries: [],
  calls: [],
  receipts: new Map(),
  attempts: new Map(),
  decisions: new Map(),
  judged: new Map(),
  gone: new Set(),
  faults: [],
  unhandled: [],
  timersAtEnd: 0,
  timersLeft: 0,
})

export const textOf = (chunks: readonly Chunk[]): string => chunks.map(({ text = '' }) => text).join('')
