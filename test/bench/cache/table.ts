// How long the cache table takes to say what caches hold of a prompt, how long a turn takes to note, and what a block takes to keep.
import { findModel } from '@routewise/catalog'
import type { ModelCard, PrefixBlock } from '@routewise/core'
import { note } from '../../../packages/core/src/cache-table/note.ts'
import { markedBlocks, markersOf, mostReadable } from '../../../packages/core/src/cache-table/rule.ts'
import { type CacheTable, createCacheTable } from '../../../packages/core/src/cache-table/table.ts'
import { atMost, type BenchOptions, consume, type Figure, median, quartiles } from '../figures.ts'

const MODELS = [
  'gpt-6-astra',
  'gpt-6-sol',
  'gpt-6-luna',
  'gpt-5.6-sol',
  'gpt-5.6-terra',
  'gpt-5.5',
  'gpt-5.4',
  'gpt-5.4-mini',
  'gpt-4.1',
  'gpt-4o',
  'claude-opus-5-5',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-haiku-4-5',
  'gemini-3.8-flash',
  'gemini-3.1-pro-preview',
  'gemini-2.5-flash',
  'deepseek-v4-pro',
  'grok-4.6',
  'mistral-medium-3-5',
]
const TOKENS_PER_BLOCK = 400
const SYSTEM_BLOCKS = 2
const WARM_UP = 20
const LIMITS = { stepTokens: 128, minTokens: 1_024 }

interface Target {
  card: ModelCard
  cache: number
}

function targetsOf(table: CacheTable): readonly Target[] {
  return MODELS.map(id => {
    const card = findModel(id)
    if (card === undefined) throw new Error(`the catalogue has no ${id}`)
    return { card, cache: table.cacheOf({ card }) }
  })
}

/** Conversation number `id` of so many blocks: tools and system are the same in all, the rest its own from the block `own` on. */
function conversation(id: number, blocks: number): PrefixBlock[] {
  return Array.from({ length: blocks }, (_, at) => {
    const key = at < SYSTEM_BLOCKS ? at + 1 : id * 1_000 + at + 1_000
    const role = at === 0 ? 'tools' : at === 1 ? 'system' : at % 2 === 0 ? 'user' : 'assistant'
    return { hash: hashOf(key), digest: key, tokens: (at + 1) * TOKENS_PER_BLOCK, parts: at + 1, role, marked: false }
  })
}

/** Spread over 52 bits, as hashes of prompts are. */
function hashOf(key: number): number {
  const low = Math.imul(key ^ (key >>> 15), 0x85ebca6b)
  const high = Math.imul(low ^ (low >>> 13), 0xc2b2ae35)
  return (low >>> 0) + (high >>> 12) * 0x1_0000_0000
}

function answered(table: CacheTable, { card, cache }: Target, prefix: readonly PrefixBlock[], sentAt: number): void {
  const inputTokens = prefix.at(-1)!.tokens
  const usage = {
    inputTokens,
    cacheReadTokens: inputTokens - 2 * TOKENS_PER_BLOCK,
    cacheWriteTokens: 0,
    outputTokens: 100,
    reasoningTokens: 0,
  }
  if (card.cache.kind === 'breakpoints') usage.cacheWriteTokens = 2 * TOKENS_PER_BLOCK
  const markers = markersOf(card.cache, prefix, [], { breakpoints: [{ after: 'tools' }, { after: prefix.length - 2 }] })
  note(table.tree, table.records, {
    cache,
    lane: 0,
    rule: card.cache,
    prefix,
    usage,
    sentAt,
    markers,
    ttl: 0,
    stepTokens: 128,
    answered: true,
  })
}

/** What all targets of a decision are expected to read. */
function predict(table: CacheTable, targets: readonly Target[], prefix: readonly PrefixBlock[]): number {
  const known = table.lookUp(prefix)
  const marked = markedBlocks(prefix)
  const inputTokens = prefix.at(-1)!.tokens
  let sum = 0
  for (const { card, cache } of targets) {
    const first = known.of(cache)
    if (first === undefined) continue
    const markers = markersOf(card.cache, prefix, marked, undefined)
    sum += mostReadable(card.cache, first, 0, { prefix, inputTokens, tokensPerO200k: 1 }, markers, LIMITS, () => 1).tokens
  }
  return sum
}

/** Microseconds of `work`, over short rounds, most of which nothing comes between. */
function time(rounds: number, runs: number, work: (run: number) => unknown): readonly number[] {
  const times: number[] = []
  for (let round = 0; round < rounds + WARM_UP; round += 1) {
    const start = performance.now()
    for (let run = 0; run < runs; run += 1) consume(work(round * runs + run))
    if (round >= WARM_UP) times.push(((performance.now() - start) * 1_000) / runs)
  }
  return times
}

export async function run({ quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  const table = createCacheTable()
  const targets = targetsOf(table)
  // Every target has answered conversations with the same tools and system; each conversation is at home with one, some with three.
  const known = quick ? 50 : 500
  const prompts = Array.from({ length: known }, (_, id) => conversation(id, 104 + (id % 97)))
  for (const [id, prompt] of prompts.entries()) {
    for (let other = 0; other < (id % 5 === 0 ? 3 : 1); other += 1) {
      for (let end = 3; end <= prompt.length - 2; end += 2)
        answered(table, targets[(id + other) % targets.length]!, prompt.slice(0, end), end)
    }
  }
  const fresh = Array.from({ length: known }, (_, id) => conversation(known + id, 104 + (id % 97)))
  const strange = fresh.map(prompt => prompt.map(block => ({ ...block, hash: block.hash + 1 })))

  const rounds = quick ? 20 : 400
  const cases = { warm: prompts, 'half warm': fresh, cold: strange }
  let slowest: readonly number[] = []
  for (const [name, asked] of Object.entries(cases)) {
    const times = time(rounds, 100, at => predict(table, targets, asked[at % known]!))
    log(`${name}: ${median(times).toFixed(2)} us for ${targets.length} targets`)
    if (median(times) > median(slowest.length === 0 ? [0] : slowest)) slowest = times
  }

  const appends = appending(table, targets, quick ? 20 : 60)
  log(`append: ${median(appends).toFixed(2)} us`)
  const bytes = bytesPerBlock(quick ? 50_000 : 1_000_000)
  log(`${bytes.toFixed(0)} bytes a block`)
  return {
    predict_us: atMost(median(slowest), 5, 'µs', quartiles(slowest)),
    append_us: atMost(median(appends), 1, 'µs', quartiles(appends)),
    bytes_per_block: atMost(bytes, 120, 'B'),
  }
}

/** Microseconds for a turn of two blocks, at the end of conversations of about a hundred. */
function appending(table: CacheTable, targets: readonly Target[], rounds: number): readonly number[] {
  const conversations = 50
  const turns = rounds + WARM_UP
  const growing = Array.from({ length: conversations }, (_, id) => conversation(1_000_000 + id, 100 + 2 * turns))
  const prompts = Array.from({ length: turns }, (_, turn) => growing.map(prompt => prompt.slice(0, 100 + 2 * turn)))
  for (const [id, prompt] of growing.entries()) answered(table, targets[id % targets.length]!, prompt.slice(0, 98), 0)
  return time(rounds, conversations, run => {
    const id = run % conversations
    const turn = Math.floor(run / conversations)
    answered(table, targets[id % targets.length]!, prompts[turn]![id]!, turn + 1)
  })
}

/** Heap and buffers of a table with so many blocks, in conversations of forty, each answered turn by turn by one or two of the targets. */
function bytesPerBlock(blocks: number): number {
  const { gc } = globalThis
  if (gc === undefined) throw new Error('run with --expose-gc')
  const used = () => {
    gc()
    gc()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const before = used()
  const table = createCacheTable({ max: blocks })
  const targets = targetsOf(table)
  for (let id = 0; table.tree.size() < blocks - 40; id += 1) {
    const prompt = conversation(id, 40)
    for (let end = 4; end <= 40; end += 4)
      answered(table, targets[(id + (end > 20 ? id % 2 : 0)) % targets.length]!, prompt.slice(0, end), end)
  }
  const bytes = used() - before
  consume(table)
  return bytes / table.tree.size()
}
