import { LRUCache } from 'lru-cache'

// Byte-pair merging is quadratic in an unbroken run: 100,000 Han characters take minutes. Split runs cost at most 0.1 % of accuracy.
const LONGEST_RUN = 128
const LONG_RUNS = new RegExp(`\\S{${LONGEST_RUN + 1},}`, 'gu')
const CACHED_TOKENS = 4_000_000
const PLAIN_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() }

/** Tokens of a text in `o200k_base`: the ground truth that estimates are compared with. */
export interface Tokenizer {
  encode: (text: string) => readonly number[]
  count: (text: string) => number
}

let loading: Promise<Tokenizer> | undefined

/** The tokenizer, loaded when first asked for (about 0.3 s). Encoded texts are remembered, up to 4 million tokens. */
export function loadTokenizer(): Promise<Tokenizer> {
  loading ??= import('gpt-tokenizer/encoding/o200k_base').then(({ encode }) => {
    const known = new LRUCache<string, readonly number[]>({ maxSize: CACHED_TOKENS, sizeCalculation: tokens => tokens.length + 1 })
    const encodeOnce = (text: string): readonly number[] => {
      let tokens = known.get(text)
      if (tokens === undefined) {
        tokens = piecesOf(text).flatMap(piece => encode(piece, PLAIN_TEXT))
        known.set(text, tokens)
      }
      return tokens
    }
    return { encode: encodeOnce, count: text => encodeOnce(text).length }
  })
  return loading
}

function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  for (const run of text.matchAll(LONG_RUNS)) {
    for (let cut = run.index + LONGEST_RUN; cut < run.index + run[0].length; cut += LONGEST_RUN) {
      pieces.push(text.slice(from, cut))
      from = cut
    }
  }
  pieces.push(text.slice(from))
  return pieces
}
