import { copied, grown } from './growing.ts'

const NONE = -1
const ANY = -1
const FIRST_RECORDS = 32
/** Of one cache and kind in one run; beyond, the one that was not used for the longest goes. */
const MAX_ALIKE = 8

/**
 * What a record says. `span`: everything up to its depth is held. `unit`: the prefix that ends at its depth, and no shorter one.
 * `answered`: a unit, and the model's answer is held after it. `parting`: a unit where prompts were seen to part, in full steps.
 * `unseen`: a unit that was written at a marker which we do not see.
 * `sighted`: everything up to its depth was seen, which is not yet held.
 */
export const SPAN = 0
export const UNIT = 1
export const ANSWERED = 2
export const PARTING = 3
export const SIGHTED = 4
export const UNSEEN = 5
const covers = (kind: number): boolean => kind === SPAN || kind === SIGHTED

/** One record, as it is put. */
export interface CacheRecord {
  cache: number
  /** Machine that it is held on, where requests with other routing keys land elsewhere. */
  lane: number
  kind: number
  /** Index of the last block, counted from 0. */
  depth: number
  /** Tokens up to there, `o200k`. */
  tokens: number
  /** The same as the provider counts them: as it has reported, else scaled from what it has. */
  reportedTokens: number
  /** When a request last wrote or read it. */
  usedAt: number
  /** Index of its lifetime in the rule. */
  ttl: number
}

/** Places of a record's numbers. */
const STRIDE = 8
const NEXT = 0
const CACHE = 1
const KIND = 2
const TTL = 3
const LANE = 4
const DEPTH = 5
const TOKENS = 6
const REPORTED = 7

/** What caches hold, by run of the prefix tree: short lists, a record's numbers side by side. */
export function createCacheRecords() {
  let firsts = new Int32Array(FIRST_RECORDS).fill(NONE)
  let fields = new Int32Array(FIRST_RECORDS * STRIDE)
  let usedAts = new Float64Array(FIRST_RECORDS)
  let made = 0
  let free = NONE

  const field = (id: number, name: number): number => fields[id * STRIDE + name]!
  const nextOf = (id: number): number => field(id, NEXT)
  const setNext = (id: number, next: number): void => {
    fields[id * STRIDE + NEXT] = next
  }
  const first = (run: number): number => (run < firsts.length ? firsts[run]! : NONE)

  function push(run: number, id: number): void {
    if (run >= firsts.length) firsts = copied(firsts, new Int32Array(Math.max(run + 1, grown(firsts.length))).fill(NONE))
    setNext(id, firsts[run]!)
    firsts[run] = id
  }

  function add(run: number): number {
    let id = free
    if (id === NONE) {
      id = made
      made += 1
      if (id === usedAts.length) {
        const size = grown(usedAts.length)
        fields = copied(fields, new Int32Array(size * STRIDE))
        usedAts = copied(usedAts, new Float64Array(size))
      }
    } else free = nextOf(id)
    push(run, id)
    return id
  }

  function release(id: number): void {
    setNext(id, free)
    free = id
  }

  function write(id: number, { cache, kind, ttl, lane, depth, tokens, reportedTokens, usedAt }: CacheRecord): void {
    const at = id * STRIDE
    fields[at + CACHE] = cache
    fields[at + KIND] = kind
    fields[at + TTL] = ttl
    fields[at + LANE] = lane
    fields[at + DEPTH] = depth
    fields[at + TOKENS] = tokens
    fields[at + REPORTED] = reportedTokens
    usedAts[id] = usedAt
  }

  /** The record speaks of the same: what covers a run does so once for each lifetime (-1: any), units end at different blocks. */
  const isSame = (id: number, lane: number, kind: number, depth: number, ttl: number): boolean => {
    const own = field(id, KIND)
    if (field(id, LANE) !== lane || covers(own) !== covers(kind)) return false
    if (covers(kind)) return own === kind && (ttl === ANY || field(id, TTL) === ttl)
    return field(id, DEPTH) === depth && (own === PARTING) === (kind === PARTING)
  }

  return {
    /** The first record of a run; -1 where there is none. */
    first,
    next: nextOf,
    cacheOf: (id: number): number => field(id, CACHE),
    kindOf: (id: number): number => field(id, KIND),
    laneOf: (id: number): number => field(id, LANE),
    depthOf: (id: number): number => field(id, DEPTH),
    tokensOf: (id: number): number => field(id, TOKENS),
    reportedTokensOf: (id: number): number => field(id, REPORTED),
    usedAtOf: (id: number): number => usedAts[id]!,
    ttlOf: (id: number): number => field(id, TTL),

    /** The record of a cache that covers (part of) a run, or the unit that ends at `depth`; -1 where there is none. */
    find(run: number, cache: number, lane: number, kind: number, depth: number): number {
      for (let id = first(run); id !== NONE; id = nextOf(id)) {
        if (field(id, CACHE) === cache && isSame(id, lane, kind, depth, ANY)) return id
      }
      return NONE
    },

    /** Notes what a cache holds, in place of what was known of the same. */
    put(run: number, record: CacheRecord): void {
      let alike = 0
      let stalest = NONE
      for (let id = first(run); id !== NONE; id = nextOf(id)) {
        if (field(id, CACHE) !== record.cache || covers(field(id, KIND)) !== covers(record.kind)) continue
        if (isSame(id, record.lane, record.kind, record.depth, record.ttl)) return write(id, record)
        alike += 1
        if (stalest === NONE || usedAts[id]! <= usedAts[stalest]!) stalest = id
      }
      write(alike < MAX_ALIKE ? add(run) : stalest, record)
    },

    /** Forgets the units of a cache in a run that end after `depth`, up to `last`. */
    cut(run: number, cache: number, lane: number, depth: number, last: number): void {
      let before = NONE
      for (let id = first(run); id !== NONE;) {
        const next = nextOf(id)
        const end = field(id, DEPTH)
        if (field(id, CACHE) === cache && field(id, LANE) === lane && !covers(field(id, KIND)) && end > depth && end <= last) {
          if (before === NONE) firsts[run] = next
          else setNext(before, next)
          release(id)
        } else before = id
        id = next
      }
    },

    /** A run has parted at `depth`, where a prompt has `length` tokens in `o200k`: what lies deeper goes to the rest of it. */
    part(run: number, rest: number, depth: number, length: number): void {
      const list: number[] = []
      for (let id = first(run); id !== NONE; id = nextOf(id)) list.push(id)
      if (list.length === 0) return
      firsts[run] = NONE
      // Backwards, so that the order stays.
      for (let at = list.length - 1; at >= 0; at -= 1) {
        const id = list[at]!
        const isDeeper = field(id, DEPTH) > depth
        push(isDeeper ? rest : run, id)
        if (!isDeeper || !covers(field(id, KIND))) continue
        const share = length / Math.max(1, field(id, TOKENS))
        write(add(run), {
          cache: field(id, CACHE),
          kind: field(id, KIND),
          ttl: field(id, TTL),
          lane: field(id, LANE),
          depth,
          tokens: length,
          reportedTokens: Math.round(field(id, REPORTED) * share),
          usedAt: usedAts[id]!,
        })
      }
    },

    /** A run is gone. */
    drop(run: number): void {
      for (let id = first(run); id !== NONE;) {
        const next = nextOf(id)
        release(id)
        id = next
      }
      if (run < firsts.length) firsts[run] = NONE
    },
  }
}

export type CacheRecords = ReturnType<typeof createCacheRecords>
