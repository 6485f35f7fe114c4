// Latencies that others have measured, read where they lie. They are not part of this repository; DIR/latency is to hold
//   llmperf_leaderboard_2023-12.jsonl.gz   the rows of raw_data/individual/*.json of github.com/ray-project/llmperf-leaderboard (Apache-2.0)
//   llmdrift_gpt35_gpt4_2023.jsonl.gz      the rows of generation/*.csv of github.com/lchen001/LLMDrift (Apache-2.0)
// with one JSON object per line, times in seconds: { provider, model, err, err_msg, ttft, e2e, ot } of streamed answers, `err` being null,
// a status or a negative code, and { model, task, id, lat, ot, q_chars } of whole ones.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Failure } from '@routewise/core'
import { createRandom } from '../../simulation/random.ts'
import { median } from '../figures.ts'
import { virtualCard } from '../virtual.ts'
import type { Fate, Law, LawRequest } from './law.ts'

export interface Replay {
  /** The folder that has `latency/` in it. */
  data: string
  set: 'llmperf' | 'llmdrift'
  /** Each attempt by itself, which is too good to be true, or in the order measured, for a while: bad times are bad for everybody. */
  redraw: 'independent' | 'blocks'
}

/** Milliseconds for which a target goes through its measurements in the order in which they were made. */
const BLOCK_MS = 20_000

type Scenario = (seed: number) => Law

export function readScenarios({ data, set, redraw }: Replay): Scenario[] {
  return set === 'llmperf' ? llmperf(data, redraw) : llmdrift(data, redraw)
}

/** Draws from lists of measurements, each target's place in them being its own. */
function createRedraw(seed: number, redraw: Replay['redraw'], targets: number) {
  const random = Array.from({ length: targets }, (_, target) => createRandom(seed).fork(target))
  const places = random.map(() => ({ block: -1, start: 0, taken: new Map<readonly unknown[], number>() }))
  return <Row>(target: number, rows: readonly Row[], nowMs: number): Row => {
    if (redraw === 'independent') return random[target]!.pick(rows)
    const place = places[target]!
    const block = Math.floor(nowMs / BLOCK_MS)
    if (block !== place.block) {
      place.block = block
      place.start = random[target]!.next()
      place.taken.clear()
    }
    const taken = place.taken.get(rows) ?? 0
    place.taken.set(rows, taken + 1)
    return rows[(Math.floor(place.start * rows.length) + taken) % rows.length]!
  }
}

function read<Row>(data: string, file: string): Row[] {
  const text = gunzipSync(readFileSync(join(data, 'latency', file))).toString()
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Row)
}

const asListed: NonNullable<Law['policy']> = candidates => candidates
/** The one that is tried first, then the others in their order. */
const turns = <Item>(items: readonly Item[]): Item[][] =>
  items.map((_, first) => [items[first]!, ...items.filter((__, at) => at !== first)])

interface PerfRow {
  provider: string
  model: string
  err: number | null
  err_msg: string
  ttft: number
  e2e: number
  ot: number
}

/** USD per million tokens, in and out, that Anyscale asked for each model at the time. */
const PERF_PRICES: Readonly<Record<string, number>> = { 'llama-2-7b-chat': 0.15, 'llama-2-13b-chat': 0.25, 'llama-2-70b-chat': 1 }

/** Every model by every provider that was measured with it, each of them once the first to be tried. */
function llmperf(data: string, redraw: Replay['redraw']): Scenario[] {
  const models = Map.groupBy(read<PerfRow>(data, 'llmperf_leaderboard_2023-12.jsonl.gz'), ({ model }) => model)
  return [...models].flatMap(([model, measured]) => {
    const price = PERF_PRICES[model]
    if (price === undefined) throw new Error(`no price for ${model}`)
    return turns([...Map.groupBy(measured, ({ provider }) => provider)]).map(providers => (seed: number): Law => {
      const draw = createRedraw(seed, redraw, providers.length)
      const usualMs = 1_000 * median(providers[0]![1].filter(isAnswered).map(({ ttft }) => ttft))
      return {
        cards: providers.map(([provider]) => virtualCard(provider, { provider, prices: [{ rates: { input: price, output: price } }] })),
        policy: asListed,
        request: () => ({ inputTokens: 550, streaming: true, expectedMs: usualMs }),
        attempt(target, _, nowMs) {
          const row = draw(target, providers[target]![1], nowMs)
          return { ...fateOf(row), outputTokens: row.ot }
        },
      }
    })
  })
}

function fateOf({ err, err_msg: message, ttft, e2e }: PerfRow): Fate {
  if (isAnswered({ err })) return { firstTokenMs: ttft * 1_000 }
  const failure: Failure = { kind: err === 429 ? 'rate_limit' : 'unknown', message, cause: undefined }
  return { firstTokenMs: e2e * 1_000, failure }
}

/** Too short an answer for the one who measured (-100) is an answer all the same. */
const isAnswered = ({ err }: Pick<PerfRow, 'err'>): boolean => err === null || err === -100

interface DriftRow {
  model: string
  task: string
  id: string
  lat: number
  ot: number
  q_chars: number
}

/** USD per million tokens in 2023, in and out. */
const DRIFT_PRICES: Readonly<Record<string, readonly [number, number]>> = { 'gpt-3.5': [1.5, 2], 'gpt-4': [30, 60] }
interface DriftRequest extends LawRequest {
  id: string
}

/** Two versions of a model, each once the first. A question's answer is as long as it was; how long it takes is drawn from those of its task and length. */
function llmdrift(data: string, redraw: Replay['redraw']): Scenario[] {
  const rows = read<DriftRow>(data, 'llmdrift_gpt35_gpt4_2023.jsonl.gz')
  return Object.entries(DRIFT_PRICES).flatMap(([family, [input, output]]) => {
    const versions = [
      ...Map.groupBy(
        rows.filter(({ model }) => model.includes(`/${family}-`)),
        ({ model }) => model,
      ),
    ]
    return turns(versions).map(targets => (seed: number): Law => {
      const draw = createRedraw(seed, redraw, targets.length)
      const questions = createRandom(seed).fork(9)
      const byId = targets.map(([, measured]) => new Map(measured.map(row => [idOf(row), row])))
      const alike = targets.map(([, measured]) => Map.groupBy(measured, likenessOf))
      const usual = new Map([...alike[0]!].map(([likeness, measured]) => [likeness, median(measured.map(({ lat }) => lat))]))
      return {
        cards: targets.map(([id]) => virtualCard(id, { prices: [{ rates: { input, output } }] })),
        policy: asListed,
        request(): DriftRequest {
          const row = questions.pick(targets[0]![1])
          const expectedMs = 1_000 * usual.get(likenessOf(row))!
          return { id: idOf(row), task: row.task, inputTokens: Math.ceil(row.q_chars / 4), streaming: false, expectedMs }
        },
        attempt(target, request, nowMs) {
          const own = byId[target]!.get((request as DriftRequest).id)
          if (own === undefined) throw new Error(`${targets[target]![0]} was not asked ${(request as DriftRequest).id}`)
          const { lat, ot } = draw(target, alike[target]!.get(likenessOf(own))!, nowMs)
          return { firstTokenMs: lat * 1_000, outputTokens: ot }
        },
      }
    })
  })
}

const idOf = ({ task, id }: DriftRow): string => `${task}/${id}`
const likenessOf = ({ task, ot }: DriftRow): string => `${task}/${Math.round(Math.log2(ot + 1))}`
