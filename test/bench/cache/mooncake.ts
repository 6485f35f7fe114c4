// A trace of conversations without session ids, as hashes of 512-token blocks: what equal upstreams read from their caches of what one
// that gets everything would.
import { gunzipSync } from 'node:zlib'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ModelCard, NO_NEEDS, type PrefixBlock } from '@routewise/core'
import { seededRandom } from '../../../packages/simulator/src/seed.ts'
import { atLeast, atMost, type BenchOptions, type Figure, measured } from '../figures.ts'
import { virtualCard } from '../virtual.ts'
import { type Prompt, replay } from './fleet/replay.ts'

const BLOCK_TOKENS = 512
const HELD_TO = { 2: 0.99, 4: 0.97, 8: 0.95 } as const
/** Entries live for five minutes after they were last used. */
const card: ModelCard = virtualCard('mooncake', {
  cache: {
    kind: 'auto-prefix',
    minTokens: BLOCK_TOKENS,
    stepTokens: BLOCK_TOKENS,
    ttls: [{ id: '5m', seconds: 300, sliding: true }],
    readableAfter: 'first-token',
    scope: 'org',
    guaranteed: true,
  },
})

/** Source: github.com/kvcache-ai/Mooncake, FAST25-release/traces/conversation_trace.jsonl. */
interface Row {
  timestamp: number
  input_length: number
  output_length: number
  hash_ids: number[]
}

export async function run({ data, quick, log }: BenchOptions): Promise<Readonly<Record<string, Figure>>> {
  if (data === undefined) {
    log('mooncake: left out; the trace is Mooncake’s (github.com/kvcache-ai/Mooncake, FAST25-release), read with --data DIR')
    return {}
  }
  const text = gunzipSync(await readFile(join(data, 'traces', 'mooncake_conversation_trace.jsonl.gz'))).toString()
  const lines = text.split('\n').filter(Boolean)
  const prompts = (quick ? lines.slice(0, 2_000) : lines).map(line => promptOf(JSON.parse(line) as Row))
  const bound = await replay({ card, upstreams: 1, prompts })
  const figures: Record<string, Figure> = {}
  let worstLoad = 0
  for (const [upstreams, limit] of Object.entries(HELD_TO)) {
    const n = Number(upstreams)
    const routed = await replay({ card, upstreams: n, prompts })
    const chance = seededRandom('random upstream')
    const random = await replay({ card, upstreams: n, prompts, choose: () => Math.floor(chance() * n) })
    const share = routed.cacheReadTokens / bound.cacheReadTokens
    const byChance = random.cacheReadTokens / bound.cacheReadTokens
    figures[`mooncake_${n}`] = atLeast(share, limit, '')
    figures[`mooncake_${n}_random`] = measured(byChance, '')
    worstLoad = Math.max(worstLoad, routed.worstLoad)
    log(
      `mooncake: ${n} upstreams ${share.toFixed(4)} of one, random ${byChance.toFixed(4)}; load ${routed.worstLoad.toFixed(3)}, excesses ${routed.excesses}`,
    )
  }
  figures['mooncake_load_of_fair'] = atMost(worstLoad, 1, '')
  return figures
}

/** The ids are of whole prefixes: two prompts have one in common where they are equal up to it. */
function promptOf({ timestamp, input_length: inputTokens, output_length: outputTokens, hash_ids: ids }: Row): Prompt {
  const tokensAt = (at: number) => Math.min(inputTokens, (at + 1) * BLOCK_TOKENS)
  const prefix = ids.map((id, at): PrefixBlock => ({
    hash: id + 1,
    digest: id + 1,
    tokens: tokensAt(at),
    parts: at + 1,
    role: at === 0 ? 'system' : 'user',
    marked: false,
  }))
  const blocks = ids.map((id, at) => ({ tokens: tokensAt(at), hash: id, marker: undefined }))
  const sequence = { tokens: inputTokens, blocks, steps: blocks.filter(({ tokens }) => tokens % BLOCK_TOKENS === 0), headHash: ids[0] ?? 0 }
  return {
    at: timestamp,
    features: {
      inputTokens,
      maxOutputTokens: undefined,
      needs: NO_NEEDS,
      prefix,
      task: 'chat',
      turn: 'user',
    },
    sequence: () => sequence,
    outputTokens,
  }
}
