import { createBlockMemory } from '../describe/block-memory.ts'
import { type Media, mediaTokens } from '../describe/media.ts'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { shorten } from '../describe/short-references.ts'
import { measureText } from '../describe/tokens.ts'
import type { LintBlock } from './finding.ts'

/** A block by which it is known again, and its size. */
export interface Print {
  digest: number
  /** Estimated `o200k` tokens. */
  tokens: number
  block: LintBlock
}

/** Characters of blocks that are known again without being measured. */
const MAX_CHARACTERS = 4_000_000

/** Measures blocks; one that says what an earlier one said is known by it. Bounded. */
export function createPrinter(): (block: LintBlock) => Print {
  const memory = createBlockMemory<Print>(MAX_CHARACTERS)
  return block => memory.recall(block, print)
}

function print(block: LintBlock): Print {
  const { role, texts, toolCalls = [], media = [] } = block
  let digest = chain(EMPTY_PREFIX, measureText(role).hash)
  let tokens = 0
  const add = (text: string) => {
    const measured = measureText(text)
    digest = chain(digest, measured.hash)
    tokens += measured.tokens
  }
  for (const text of texts) add(text)
  for (const call of toolCalls) {
    add(call.name)
    add(call.arguments)
  }
  for (const medium of media) {
    digest = chain(digest, measureText(referenceOf(medium)).hash)
    tokens += mediaTokens(medium)
  }
  return { digest, tokens, block }
}

/** What tells one medium from another. */
export const referenceOf = ({ reference }: Media): string => shorten(reference)

/** All that a model reads of a block, as one text. */
export function textOf({ texts, toolCalls = [] }: LintBlock): string {
  if (texts.length === 1 && toolCalls.length === 0) return texts[0]!
  return [...texts, ...toolCalls.flatMap(call => [call.name, call.arguments])].join('\n')
}
