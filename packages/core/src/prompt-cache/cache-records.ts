import { copied, grown } from './growing.ts'

const NONE = -1
const FIRST_RECORDS = 32
/** Of one cache and kind in one run; beyond, the one that was not used for the longest goes. */
const MAX_ALIKE = 8

/**
 * What a record says. `span`: everything up to its depth is held. `unit`: the prefix that ends at its depth, and no shorter one.
 * `answered`: a unit, and the model's answer is held after it. `parting`: a unit where prompts were seen to part, in full steps.
 * `sighted`: everything up to its depth was seen, which is not yet held.
 */
export const SPAN = 0
export const UNIT = 1
export const ANSWERED = 2
export const PARTING = 3
export const SIGHTED = 4
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

/** What caches hold, by run of the prefix tree: short lists in typed arrays. */
export function createCacheRecords() {
  let firsts = new Int32Array(FIRST_RECORDS).fill(NONE)
  let nexts = new Int32Array(FIRST_RECORDS)
  let caches = new Uint16Array(FIRST_RECORDS)
  let kinds = new Uint8Array(FIRST_RECORDS)
  let ttls = new Uint8Array(FIRST_RECORDS)
  let lanes = new Int32Array(FIRST_RECORDS)
  let depths = new Int32Array(FIRST_RECORDS)
  let tokens = new Int32Array(FIRST_RECORDS)
  let reportedTokens = new Int32Array(FIRST_RECORDS)
  let usedAts = new Float64Array(FIRST_RECORDS)
  let made = 0
  let free = NONE

  function push(run: number, id: number): void {
    if (run >= firsts.length) firsts = copied(firsts, new Int32Array(Math.max(run + 1, grown(firsts.length))).fill(NONE))
    nexts[id] = firsts[run]!
    firsts[run] = id
  }

  function add(run: number): number {
    let id = free
    if (id === NONE) {
      id = made
      made += 1
      if (id === nexts.length) grow()
    } else free = nexts[id]!
    push(run, id)
    return id
  }

  function grow(): void {
    const size = grown(nexts.length)
    nexts = copied(nexts, new Int32Array(size))
    caches = copied(caches, new Uint16Array(size))
    kinds = copied(kinds, new Uint8Array(size))
    ttls = copied(ttls, new Uint8Array(size))
    lanes = copied(lanes, new Int32Array(size))
    depths = copied(depths, new Int32Array(size))
    tokens = copied(tokens, new Int32Array(size))
    reportedTokens = copied(reportedTokens, new Int32Array(size))
    usedAts = copied(usedAts, new Float64Array(size))
  }

  function write(id: number, record: CacheRecord): void {
    caches[id] = record.cache
    kinds[id] = record.kind
    ttls[id] = record.ttl
    lanes[id] = record.lane
    depths[id] = record.depth
    tokens[id] = record.tokens
    reportedTokens[id] = record.reportedTokens
    usedAts[id] = record.usedAt
  }

  const first = (run: number): number => (run < firsts.length ? firsts[run]! : NONE)

  return {
    /** The first record of a run; -1 where there is none. */
    first,
    next: (id: number): number => nexts[id]!,
    cacheOf: (id: number): number => caches[id]!,
    kindOf: (id: number): number => kinds[id]!,
    laneOf: (id: number): number => lanes[id]!,
    depthOf: (id: number): number => depths[id]!,
    tokensOf: (id: number): number => tokens[id]!,
    reportedTokensOf: (id: number): number => reportedTokens[id]!,
    usedAtOf: (id: number): number => usedAts[id]!,
    ttlOf: (id: number): number => ttls[id]!,

    /** The record of a cache that covers (part of) a run, or the unit that ends at `depth`; -1 where there is none. */
    find(run: number, cache: number, lane: number, kind: number, depth: number): number {
      for (let id = first(run); id !== NONE; id = nexts[id]!) {
        if (caches[id] !== cache || lanes[id] !== lane || covers(kinds[id]!) !== covers(kind)) continue
        if (covers(kind) ? kinds[id] === kind : depths[id] === depth) return id
      }
      return NONE
    },

    /** Notes what a cache holds, in place of what was known of the same. */
    put(run: number, record: CacheRecord): void {
      let alike = 0
      let stalest = NONE
      for (let id = first(run); id !== NONE; id = nexts[id]!) {
        if (caches[id] !== record.cache || covers(kinds[id]!) !== covers(record.kind)) continue
        if (lanes[id] === record.lane && (covers(record.kind) ? kinds[id] === record.kind : depths[id] === record.depth)) {
          return write(id, record)
        }
        alike += 1
        if (stalest === NONE || usedAts[id]! <= usedAts[stalest]!) stalest = id
      }
      write(alike < MAX_ALIKE ? add(run) : stalest, record)
    },

    /** Forgets the units of a cache in a run that end after `depth`, up to `last`. */
    cut(run: number, cache: number, lane: number, depth: number, last: number): void {
      let before = NONE
      for (let id = first(run); id !== NONE;) {
        const next = nexts[id]!
        if (caches[id] === cache && lanes[id] === lane && !covers(kinds[id]!) && depths[id]! > depth && depths[id]! <= last) {
          if (before === NONE) firsts[run] = next
          else nexts[before] = next
          nexts[id] = free
          free = id
        } else before = id
        id = next
      }
    },

    /** A run has parted at `depth`, where a prompt has `length` tokens in `o200k`: what lies deeper goes to the rest of it. */
    part(run: number, rest: number, depth: number, length: number): void {
      let kept = NONE
      let id = first(run)
      if (id === NONE) return
      firsts[run] = NONE
      for (; id !== NONE;) {
        const next = nexts[id]!
        if (depths[id]! <= depth) {
          nexts[id] = kept
          kept = id
        } else {
          if (covers(kinds[id]!)) {
            const copy = add(run)
            const share = length / Math.max(1, tokens[id]!)
            write(copy, {
              cache: caches[id]!,
              lane: lanes[id]!,
              kind: kinds[id]!,
              depth,
              tokens: length,
              reportedTokens: Math.round(reportedTokens[id]! * share),
              usedAt: usedAts[id]!,
              ttl: ttls[id]!,
            })
          }
          push(rest, id)
        }
        id = next
      }
      for (; kept !== NONE;) {
        const next = nexts[kept]!
        push(run, kept)
        kept = next
      }
    },

    drop(run: number): void {
      for (let id = first(run); id !== NONE;) {
        const next = nexts[id]!
        nexts[id] = free
        free = id
        id = next
      }
      if (run < firsts.length) firsts[run] = NONE
    },
  }
}

export type CacheRecords = ReturnType<typeof createCacheRecords>
