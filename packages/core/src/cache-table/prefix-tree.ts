import type { PrefixBlock } from '../types.ts'
import { copied, grown } from './growing.ts'

const NONE = -1
const FIRST_BLOCKS = 64
const FIRST_RUNS = 16

/** What is kept of runs elsewhere, and must go with them. */
interface RunKeeper {
  /** Blocks after `depth` are a run of their own from now on; `tokens` is the length of the prompt, `o200k`, up to there. */
  parted(run: number, rest: number, depth: number, tokens: number): void
  dropped(run: number): void
}

/**
 * Prompts as a radix tree of their prefix blocks. A run is a stretch of blocks that no prompt has left midway, so a prompt's path is a few
 * runs however many blocks it has. Bounded: what was not asked for the longest goes first, leaves before what they hang on.
 * Typed arrays, because a million blocks as objects are hundreds of megabytes; they start small and grow as they fill.
 */
export function createPrefixTree(maxBlocks: number, keeper: RunKeeper) {
  // Of each block; ids of free ones are chained by `parents`.
  let hashes = new Float64Array(FIRST_BLOCKS)
  let parents = new Int32Array(FIRST_BLOCKS)
  let depths = new Int32Array(FIRST_BLOCKS)
  let runs = new Int32Array(FIRST_BLOCKS)
  let madeBlocks = 0
  let freeBlock = NONE
  let blocks = 0
  // Open addressing: id of the block, plus 1.
  let slots = new Int32Array(2 * FIRST_BLOCKS)
  let mask = slots.length - 1
  // Of each run; free ones are chained by `newer`, the others by `newer` and `older` in the order in which they were asked for.
  let tails = new Int32Array(FIRST_RUNS)
  let stems = new Int32Array(FIRST_RUNS)
  let branched = new Uint8Array(FIRST_RUNS)
  let newer = new Int32Array(FIRST_RUNS)
  let older = new Int32Array(FIRST_RUNS)
  let madeRuns = 0
  let freeRun = NONE
  let newest = NONE
  let oldest = NONE

  function blockOf(hash: number): number {
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const block = slots[slot]! - 1
      if (block === NONE || hashes[block] === hash) return block
    }
  }

  function enter(block: number): void {
    let slot = hashes[block]! & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = block + 1
  }

  function addBlock(hash: number, parent: number, depth: number, run: number): number {
    let block = freeBlock
    if (block === NONE) {
      block = madeBlocks
      madeBlocks += 1
      if (block === hashes.length) growBlocks()
    } else freeBlock = parents[block]!
    hashes[block] = hash
    parents[block] = parent
    depths[block] = depth
    runs[block] = run
    blocks += 1
    if (blocks * 8 > slots.length * 5) {
      slots = new Int32Array(slots.length * 2)
      mask = slots.length - 1
      for (let id = 0; id < madeBlocks; id += 1) if (runs[id] !== NONE) enter(id)
    } else enter(block)
    return block
  }

  function growBlocks(): void {
    const size = grown(hashes.length)
    hashes = copied(hashes, new Float64Array(size))
    parents = copied(parents, new Int32Array(size))
    depths = copied(depths, new Int32Array(size))
    runs = copied(runs, new Int32Array(size))
  }

  function dropBlock(block: number): void {
    let hole = hashes[block]! & mask
    while (slots[hole] !== block + 1) hole = (hole + 1) & mask
    // What would no longer be found across the hole moves into it.
    for (let next = (hole + 1) & mask; slots[next] !== 0; next = (next + 1) & mask) {
      const home = hashes[slots[next]! - 1]! & mask
      if (((next - home) & mask) < ((next - hole) & mask)) continue
      slots[hole] = slots[next]!
      hole = next
    }
    slots[hole] = 0
    runs[block] = NONE
    parents[block] = freeBlock
    freeBlock = block
    blocks -= 1
  }

  function addRun(stem: number, tail: number): number {
    let run = freeRun
    if (run === NONE) {
      run = madeRuns
      madeRuns += 1
      if (run === tails.length) growRuns()
    } else freeRun = newer[run]!
    stems[run] = stem
    tails[run] = tail
    branched[run] = 0
    return run
  }

  function growRuns(): void {
    const size = grown(tails.length)
    tails = copied(tails, new Int32Array(size))
    stems = copied(stems, new Int32Array(size))
    branched = copied(branched, new Uint8Array(size))
    newer = copied(newer, new Int32Array(size))
    older = copied(older, new Int32Array(size))
  }

  function dropRun(run: number): void {
    keeper.dropped(run)
    const stem = stems[run]!
    for (let block = tails[run]!; block !== stem;) {
      const parent = parents[block]!
      dropBlock(block)
      block = parent
    }
    unlink(run)
    newer[run] = freeRun
    freeRun = run
  }

  /** Drops what was not asked for the longest, but nothing of the path that ends with `run`. */
  function makeRoom(added: number, run: number): void {
    for (let at = oldest; at !== NONE && at !== run; at = oldest) {
      if (blocks + added <= maxBlocks) return
      dropRun(at)
    }
  }

  function unlink(run: number): void {
    const after = newer[run]!
    const before = older[run]!
    if (after === NONE) newest = before
    else older[after] = before
    if (before === NONE) oldest = after
    else newer[before] = after
  }

  /** Puts a run in the order just before another, which it hangs on, or as the newest. */
  function link(run: number, after: number): void {
    const before = after === NONE ? newest : older[after]!
    newer[run] = after
    older[run] = before
    if (after === NONE) newest = run
    else older[after] = run
    if (before === NONE) oldest = run
    else newer[before] = run
  }

  function part(block: number, prefix: readonly PrefixBlock[]): void {
    const run = runs[block]!
    const rest = addRun(block, tails[run]!)
    branched[rest] = branched[run]!
    for (let at = tails[run]!; at !== block; at = parents[at]!) runs[at] = rest
    tails[run] = block
    branched[run] = 1
    // Older than what it hangs on, so that it is dropped first.
    link(rest, run)
    keeper.parted(run, rest, depths[block]!, prefix[depths[block]!]!.tokens)
  }

  function find(prefix: readonly PrefixBlock[]): number {
    // Most prompts go on from one that was seen by a few blocks: in growing steps from the end, then in halves between.
    let unseen = prefix.length
    let found = NONE
    let seen = unseen - 1
    for (let step = 1; seen >= 0; step *= 2) {
      found = blockOf(prefix[seen]!.hash)
      if (found !== NONE) break
      unseen = seen
      seen -= step
    }
    if (seen < 0) seen = -1
    while (unseen - seen > 1) {
      const middle = (seen + unseen) >> 1
      const block = blockOf(prefix[middle]!.hash)
      if (block === NONE) unseen = middle
      else {
        seen = middle
        found = block
      }
    }
    return found
  }

  return {
    /** The last block of the longest prefix that was seen; -1 where there is none. A block that is known means that all before it are. */
    find,
    depthOf: (block: number): number => depths[block]!,
    runOf: (block: number): number => runs[block]!,
    /** Depth at which a run ends. */
    endOf: (run: number): number => depths[tails[run]!]!,
    /** The run that this one hangs on; -1 for the first of a prompt. */
    before(run: number): number {
      const stem = stems[run]!
      return stem === NONE ? NONE : runs[stem]!
    },
    /** Number of blocks that are known. */
    size: (): number => blocks,

    /** Adds what is new of a prompt, and gives the run that it ends; all of its path was asked for now. */
    add(whole: readonly PrefixBlock[]): number {
      const length = Math.min(whole.length, maxBlocks)
      const prefix = length < whole.length ? whole.slice(0, length) : whole
      const from = find(prefix)
      const depth = from === NONE ? -1 : depths[from]!
      let run = from === NONE ? NONE : runs[from]!
      if (from !== NONE && tails[run] !== from) part(from, prefix)
      // From the leaf to the root, so that the root is the newest.
      for (let at = run; at !== NONE; at = stems[at] === NONE ? NONE : runs[stems[at]!]!) {
        unlink(at)
        link(at, NONE)
      }
      const added = length - 1 - depth
      if (added === 0) return run
      makeRoom(added, run)
      const goesOn = run !== NONE && branched[run] === 0
      if (!goesOn) {
        if (run !== NONE) branched[run] = 1
        const stem = run
        run = addRun(from, NONE)
        link(run, stem)
      }
      let block = from
      for (let at = depth + 1; at < length; at += 1) block = addBlock(prefix[at]!.hash, block, at, run)
      tails[run] = block
      return run
    },
  }
}

export type PrefixTree = ReturnType<typeof createPrefixTree>
