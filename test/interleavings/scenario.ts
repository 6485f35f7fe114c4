import type { FailureKind, FinishReason, RoutingOptions } from '@routewise/core'
import fc from 'fast-check'

/** How an attempt ends when nobody stops it: with or without a terminal event, and what comes after. */
export interface Ending {
  finish: FinishReason | undefined
  then: 'ends' | 'hangs' | { kind: FailureKind; retryAfterMs: number | undefined }
}

/** What one attempt says. */
export interface Script {
  headers: boolean
  /** Begins with a chunk that says nothing. */
  role: boolean
  pieces: readonly ('text' | 'tool' | 'garbled')[]
  ending: Ending
  /** Opening it, or asking it for its first chunk, throws at once. */
  throws: 'open' | 'next' | undefined
}

/** How a stream behaves beside what it says. */
export interface Manners {
  /** What comes of a pull under way when the signal is aborted. `ignores`: the stream goes on as if nothing had happened. */
  onAbort: 'rejects' | 'rejects later' | 'ends' | 'ignores'
  onReturn: 'ends' | 'hangs' | 'rejects' | 'throws' | 'is missing'
  /** Its chunks come whether they are asked for or not. */
  pushes: boolean
}

export interface TargetPlan {
  /** From 0, the poorest and cheapest. */
  rank: number
  /** One for each attempt; the last one for all that follow. */
  scripts: readonly Script[]
  manners: Manners
  /** `false`: it may end without a terminal event. */
  terminalEvent: boolean
}

export interface JudgePlan {
  /** One for each judged answer, over and over. `repair`: rejected, and worth mending. */
  verdicts: readonly ('accept' | 'reject' | 'repair' | 'none' | 'throw')[]
  when: 'at once' | 'later' | 'never'
  /** What it asks for before it says anything, though the call may be over by then; `forgets`: it does not wait for the sample. */
  consults: 'nobody' | 'sample' | 'arbiter' | 'sample, and forgets'
  /** Characters after which it rejects an answer still being written; `throws`: it fails each time. */
  watch: number | 'throws' | undefined
}

export interface CallerPlan {
  streaming: boolean
  /** Asks for two chunks at a time, as web streams do. */
  ahead: boolean
  /** After which chunks it takes its time, over and over. */
  pauses: readonly boolean[]
  /** It goes away after so many other things have happened (0: before the call), or in the middle of something. */
  leaves: { how: 'aborts' | 'returns' | 'throws'; when: number | Moment } | undefined
}

/** Where the router has called somebody, and goes on when they return. */
export type Moment = 'decision' | 'opening' | 'silence' | 'attempt' | 'judging'

/** The order in which things may happen, where the scheduler does not say. */
export interface Pace {
  /** Things that happen, at least, between two timers while anything else can. */
  patience: number
  /** What follows each event, over and over: so many promise reactions, all there are (`rest`), or the next event at once (`none`). */
  gaps: readonly (number | 'rest' | 'none')[]
  /** By how much each timer is off, over and over. See `clock.ts`. */
  lags: readonly number[]
}

interface Options extends Pick<RoutingOptions, 'breaker' | 'release' | 'onRefusal' | 'onStall'> {
  hedge: false | { delayMs: number; maxHedges: number; budget: number }
  retry: false | { maxRetries: number; baseDelayMs: number; maxDelayMs: number }
  timeouts: { headersMs?: number; firstTokenMs?: number; stallMs?: number; judgeMs?: number; totalMs: number }
}

export interface Scenario {
  options: Options
  /** Hedges that the budget holds before the first call. */
  savedHedges: number
  resumable: boolean
  targets: readonly TargetPlan[]
  judge: JudgePlan | undefined
  callers: readonly CallerPlan[]
  pace: Pace
}

const { constantFrom, constant, array, record, option, oneof, boolean, integer } = fc
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => option(arbitrary, { nil: undefined, freq: 2 })
const cycle = <Value>(arbitrary: fc.Arbitrary<Value>) => array(arbitrary, { minLength: 1, maxLength: 4, size: 'max' })

const failure = record({
  kind: constantFrom<FailureKind>('server', 'overloaded', 'rate_limit', 'network', 'unknown', 'auth', 'content_filter', 'bad_request'),
  retryAfterMs: constantFrom(undefined, undefined, 1, 30),
})
const nothing = constant(undefined)
const ending: fc.Arbitrary<Ending> = oneof(
  { weight: 7, arbitrary: record({ finish: constant('stop' as const), then: constant('ends' as const) }) },
  { weight: 1, arbitrary: record({ finish: constant('stop' as const), then: oneof(constant('hangs' as const), failure) }) },
  {
    weight: 2,
    arbitrary: record({
      finish: constantFrom<FinishReason>('refusal', 'content-filter', 'error', 'length'),
      then: constant('ends' as const),
    }),
  },
  { weight: 1, arbitrary: record({ finish: nothing, then: constantFrom('ends' as const, 'hangs' as const) }) },
  { weight: 4, arbitrary: record({ finish: nothing, then: failure }) },
)

const script: fc.Arbitrary<Script> = record({
  headers: boolean(),
  role: boolean(),
  pieces: array(
    oneof(
      { weight: 12, arbitrary: constant('text' as const) },
      { weight: 4, arbitrary: constant('tool' as const) },
      { weight: 1, arbitrary: constant('garbled' as const) },
    ),
    { maxLength: 4, size: 'max' },
  ),
  ending,
  throws: oneof({ weight: 24, arbitrary: nothing }, { weight: 1, arbitrary: constantFrom('open', 'next') }),
})

const target: fc.Arbitrary<TargetPlan> = record({
  rank: integer({ min: 0, max: 3 }),
  scripts: array(script, { minLength: 1, maxLength: 2, size: 'max' }),
  manners: record({
    onAbort: constantFrom('rejects', 'rejects later', 'ends', 'ignores'),
    onReturn: constantFrom('ends', 'hangs', 'rejects', 'throws', 'is missing'),
    pushes: boolean(),
  }),
  terminalEvent: constantFrom(true, true, true, false),
})

const judge: fc.Arbitrary<JudgePlan> = record({
  verdicts: cycle(constantFrom('accept', 'reject', 'reject', 'repair', 'none', 'throw')),
  when: constantFrom('at once', 'later', 'later', 'never'),
  consults: constantFrom('nobody', 'nobody', 'nobody', 'sample', 'arbiter', 'sample, and forgets'),
  watch: constantFrom(undefined, undefined, 1, 8, 'throws' as const),
})

const caller: fc.Arbitrary<CallerPlan> = record({
  streaming: constantFrom(true, true, true, true, false),
  ahead: constantFrom(false, false, true),
  pauses: cycle(constantFrom(false, false, true)),
  leaves: maybe(
    record({
      how: constantFrom('aborts', 'returns', 'throws'),
      when: oneof(
        { weight: 3, arbitrary: integer({ min: 0, max: 20 }) },
        { weight: 1, arbitrary: constantFrom<Moment>('decision', 'opening', 'silence', 'attempt', 'judging') },
      ),
    }),
  ),
})

/** Without the options that are not set: strict options know no `undefined`. */
const some = <Options extends object>(options: Options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Options]: Exclude<Options[Name], undefined>
  }

const options = record({
  hedge: oneof(
    { weight: 1, arbitrary: constant(false as const) },
    {
      weight: 4,
      arbitrary: record({
        delayMs: constantFrom(0, 5, 20),
        maxHedges: integer({ min: 0, max: 3 }),
        budget: constant(1),
      }),
    },
  ),
  retry: oneof(
    { weight: 1, arbitrary: constant(false as const) },
    {
      weight: 2,
      arbitrary: record({ maxRetries: integer({ min: 0, max: 2 }), baseDelayMs: constant(10), maxDelayMs: constantFrom(20, 500) }),
    },
  ),
  breaker: constantFrom(false as const, undefined, { consecutive: 1, openMs: 15 }),
  timeouts: record({
    headersMs: constantFrom(undefined, undefined, 10),
    firstTokenMs: constantFrom(undefined, 15, 40),
    stallMs: constantFrom(undefined, 10, 40),
    judgeMs: constantFrom(undefined, 10, 40),
    totalMs: constantFrom(500, 500, 60, 150),
  }).map(some),
  release: constantFrom<Options['release']>(undefined, undefined, 'first-token', 'judged', { tokens: 3 }, { ms: 10 }),
  onRefusal: constantFrom('return' as const, 'fallback' as const),
  onStall: constantFrom('fail' as const, 'continue' as const),
}).map(some)

export const scenarios: fc.Arbitrary<Scenario> = record({
  options,
  savedHedges: integer({ min: 0, max: 2 }),
  resumable: constantFrom(true, true, true, false),
  targets: array(target, { minLength: 2, maxLength: 4, size: 'max' }),
  judge: maybe(judge),
  callers: oneof({ weight: 5, arbitrary: fc.tuple(caller) }, { weight: 1, arbitrary: fc.tuple(caller, caller) }),
  pace: record({
    patience: constantFrom(0, 1, 3, 8, 30),
    gaps: cycle(constantFrom<Pace['gaps'][number]>('rest', 'rest', 'rest', 'none', 'none', 0, 1, 2, 3, 5, 8)),
    lags: cycle(constantFrom(0, 0, 0, -0.5, 7)),
  }),
})
