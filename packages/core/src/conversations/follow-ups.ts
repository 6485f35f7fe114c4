import type { Features } from '../types.ts'
import { createGaps, type Gaps } from './gaps.ts'

/** Numbers of calls are told apart one by one up to here, and by quarter octaves beyond. */
const SINGLE_CALLS = 8
const BUCKETS = 32
/** Observations that are remembered in a bucket, about. */
const MEMORY = 256
/** What is known of all buckets counts as so many observations of one; the guess before that, as so many of all. */
const POOLED_WEIGHT = 4
const PRIOR_WEIGHT = 2
/** No conversation is expected to go on for ever. */
const MAX_SHARE = 0.995
/** Answers of which it is not known yet whether another call follows; older ones are forgotten undecided. */
const MAX_OPEN = 5_000
/**
 * A conversation is taken for ended when it was silent for so many times the gap that few exceed; it is taken back if it goes on after
 * all. The longer is waited, the longer all seem to go on for ever while traffic grows.
 */
const SILENCE_FACTOR = 2
const SILENCE_SHARE = 0.95
const MIN_SILENCE_MS = 15_000
const MAX_SILENCE_MS = 7_200_000
/** Before so many gaps were seen. */
const MIN_GAPS = 8
const FIRST_SILENCE_MS = 600_000

type Turn = Features['turn']

/** An answer that another call may follow. */
export interface OpenAnswer {
  readonly bucket: number
  readonly turn: Turn
  readonly at: number
  state: 'open' | 'followed' | 'ended'
}

/** Learns, of one kind of work, how many calls conversations have and how far apart they are. */
export interface FollowUps {
  /** The `calls`-th call of a conversation was answered. */
  answered(calls: number, turn: Turn, at: number): OpenAnswer
  /** Another call has followed it, after so many milliseconds. */
  followed(answer: OpenAnswer, gapMs: number): void
  /** Probability that a call follows the `calls`-th. `guess` is what to believe before anything was seen. */
  share(calls: number, turn: Turn, guess: number, now: number): number
  /** Calls that are expected to follow the `calls`-th when one has followed it. */
  remaining(calls: number, guess: number): number
  gaps(turn: Turn): Gaps
}

interface Stage {
  gaps: Gaps
  gapsSeen: number
  /** Silence after which an answer is taken for the last of its conversation. */
  silenceMs: number
  /** Answers in the order in which they came, and the first of which it is not yet known what follows. */
  open: OpenAnswer[]
  first: number
  /** Answers of which it is known what followed, and those that were followed, by number of calls. */
  decided: Float64Array
  followed: Float64Array
  /** Their sums. */
  allDecided: number
  allFollowed: number
}

/**
 * How conversations go on, by number of calls, as a survival table: a conversation that is young has not ended, it counts where it has
 * been followed, and nowhere else until it has been silent for long. Newer conversations weigh more.
 */
export function createFollowUps(): FollowUps {
  const stages: Readonly<Record<Turn, Stage>> = { user: stage(90_000), tool: stage(8_000) }
  const tables = new Map<number, Float64Array>()

  function count(kind: Stage, bucket: number, decided: number, followed: number): void {
    kind.decided[bucket]! += decided
    kind.followed[bucket]! += followed
    kind.allDecided += decided
    kind.allFollowed += followed
    tables.clear()
  }

  function decide({ turn, bucket }: OpenAnswer, follows: boolean): void {
    const kind = stages[turn]
    count(kind, bucket, 1, follows ? 1 : 0)
    if (kind.decided[bucket]! >= MEMORY) count(kind, bucket, -kind.decided[bucket]! / 2, -kind.followed[bucket]! / 2)
  }

  /** Answers that nothing has followed for long are the last of their conversations. */
  function sweep(kind: Stage, now: number): void {
    const { open, silenceMs } = kind
    while (kind.first < open.length) {
      const answer = open[kind.first]!
      const isOver = answer.state === 'open' && now - answer.at > silenceMs
      if (answer.state === 'open' && !isOver && open.length - kind.first <= MAX_OPEN) break
      if (isOver) {
        answer.state = 'ended'
        decide(answer, false)
      }
      kind.first += 1
    }
    if (kind.first < 1_000 || kind.first * 2 < open.length) return
    open.splice(0, kind.first)
    kind.first = 0
  }

  function learnGap(kind: Stage, gapMs: number): void {
    kind.gaps.add(gapMs)
    kind.gapsSeen += 1
    // Not at every gap: the quantile is a walk.
    if (kind.gapsSeen < MIN_GAPS || kind.gapsSeen % MIN_GAPS !== 0) return
    const silenceMs = SILENCE_FACTOR * kind.gaps.quantile(SILENCE_SHARE)
    kind.silenceMs = Math.min(MAX_SILENCE_MS, Math.max(MIN_SILENCE_MS, silenceMs))
  }

  /** Share of followed calls in a bucket, of some stages, leaning on all buckets, and these on the guess. */
  function shareOf(kinds: readonly Stage[], bucket: number, guess: number): number {
    let decided = 0
    let followed = 0
    let inBucket = 0
    let followedInBucket = 0
    for (const kind of kinds) {
      decided += kind.allDecided
      followed += kind.allFollowed
      inBucket += kind.decided[bucket]!
      followedInBucket += kind.followed[bucket]!
    }
    const pooled = (followed + PRIOR_WEIGHT * guess) / (decided + PRIOR_WEIGHT)
    return Math.min(MAX_SHARE, (followedInBucket + POOLED_WEIGHT * pooled) / (inBucket + POOLED_WEIGHT))
  }

  /** Calls expected to follow the first call of each bucket. */
  function tableOf(guess: number): Float64Array {
    const known = tables.get(guess)
    if (known !== undefined) return known
    const table = new Float64Array(BUCKETS + 1)
    const kinds = [stages.user, stages.tool]
    for (let bucket = BUCKETS - 1; bucket >= 0; bucket -= 1) {
      const share = shareOf(kinds, bucket, guess)
      table[bucket] = bucket === BUCKETS - 1 ? share / (1 - share) : ahead(share, widthOf(bucket), table[bucket + 1]!)
    }
    tables.set(guess, table)
    return table
  }

  return {
    answered(calls, turn, at) {
      const answer: OpenAnswer = { bucket: bucketOf(calls), turn, at, state: 'open' }
      stages[turn].open.push(answer)
      sweep(stages[turn], at)
      return answer
    },
    followed(answer, gapMs) {
      if (answer.state === 'followed') return
      const kind = stages[answer.turn]
      learnGap(kind, gapMs)
      if (answer.state === 'open') decide(answer, true)
      // It was taken for the last; what was halved since can hold no more than all of them.
      else count(kind, answer.bucket, 0, Math.min(1, kind.decided[answer.bucket]! - kind.followed[answer.bucket]!))
      answer.state = 'followed'
    },
    share(calls, turn, guess, now) {
      sweep(stages[turn], now)
      return shareOf([stages[turn]], bucketOf(calls), guess)
    },
    remaining(calls, guess) {
      const bucket = bucketOf(calls + 1)
      const table = tableOf(guess)
      if (bucket === BUCKETS - 1) return table[bucket]!
      const left = startOf(bucket) + widthOf(bucket) - (calls + 1)
      return ahead(shareOf([stages.user, stages.tool], bucket, guess), left, table[bucket + 1]!)
    },
    gaps: turn => stages[turn].gaps,
  }
}

const stage = (medianGapMs: number): Stage => ({
  gaps: createGaps(medianGapMs),
  gapsSeen: 0,
  silenceMs: FIRST_SILENCE_MS,
  open: [],
  first: 0,
  decided: new Float64Array(BUCKETS),
  followed: new Float64Array(BUCKETS),
  allDecided: 0,
  allFollowed: 0,
})

/** Calls that follow when each of the next `steps` follows with this probability, and `after` are expected past them. */
function ahead(share: number, steps: number, after: number): number {
  const reached = share ** steps
  return (share * (1 - reached)) / (1 - share) + reached * after
}

function bucketOf(calls: number): number {
  if (calls <= SINGLE_CALLS) return Math.max(0, calls - 1)
  return Math.min(BUCKETS - 1, SINGLE_CALLS - 1 + Math.floor(4 * Math.log2(calls / SINGLE_CALLS) + 1e-9))
}

/** The smallest number of calls in a bucket. */
function startOf(bucket: number): number {
  return bucket < SINGLE_CALLS ? bucket + 1 : Math.ceil(SINGLE_CALLS * 2 ** ((bucket - SINGLE_CALLS + 1) / 4) - 1e-9)
}

const widthOf = (bucket: number): number => startOf(bucket + 1) - startOf(bucket)
