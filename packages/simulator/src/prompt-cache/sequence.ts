import { hashText } from '../seed.ts'
import type { Tokenizer } from '../tokenizer.ts'
import type { CacheMarker, PromptBlock } from '../types.ts'

// What providers route by: about the first 256 tokens.
const HEAD_TOKENS = 256

/** A prefix of a prompt: its length in the model's own tokens, and a hash of all of it. */
export interface Prefix {
  tokens: number
  hash: number
}

/** A prompt as a cache sees it. */
export interface PromptSequence {
  /** Length in the model's own tokens. */
  tokens: number
  /** The prefix that ends with each block. */
  blocks: readonly (Prefix & { marker: CacheMarker | undefined })[]
  /** The prefix at every full step. */
  steps: readonly Prefix[]
  /** Hash of the beginning, by which requests are sent to machines. */
  headHash: number
}

/** Hashes a prompt along its tokens. `tokenFactor` is the model's tokens per `o200k` token. */
export function sequenceOf(blocks: readonly PromptBlock[], tokenizer: Tokenizer, tokenFactor: number, stepTokens: number): PromptSequence {
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  let position = 0
  let headHash: number | undefined
  const steps: Prefix[] = []
  const ends: (Prefix & { marker: CacheMarker | undefined })[] = []

  const mix = (value: number) => {
    low = Math.imul(low ^ value, 0x01000193)
    high = Math.imul((high + value) ^ (high >>> 15), 0x85ebca6b)
  }
  // 53 bits: what a number holds exactly.
  const hash = () => (high >>> 0) * 0x200000 + (low >>> 11)
  const advance = () => {
    position += 1
    const next = (steps.length + 1) * stepTokens
    if (position * tokenFactor >= next) steps.push({ tokens: next, hash: hash() })
    if (position === HEAD_TOKENS) headHash = hash()
  }

  for (const block of blocks) {
    mix(hashText(`${block.section}/${block.role}/${block.identity ?? ''}`))
    for (const token of tokenizer.encode(block.text)) {
      mix(token)
      advance()
    }
    for (let extra = block.extraTokens ?? 0; extra > 0; extra -= 1) advance()
    ends.push({ tokens: Math.round(position * tokenFactor), hash: hash(), marker: block.cache })
  }
  return { tokens: Math.round(position * tokenFactor), blocks: ends, steps, headHash: headHash ?? hash() }
}
