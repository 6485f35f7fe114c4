import { type Compaction, type CompactionOffer, compactPays } from './compact-pays.ts'
import { cutAt, readHistory } from './history.ts'
import type { MessageReader } from './message.ts'

/** Options of {@link compactHistory}. */
export interface CompactOptions<Message>
  extends MessageReader<Message>, Pick<CompactionOffer, 'remainingCalls' | 'tokensPerCall' | 'warmShare' | 'prices' | 'summaryPrices'> {
  /** Tokens at the end of the conversation that are kept as they are, about. */
  keepTokens: number
  /** Writes the summary of these messages, as a message of the user's or the assistant's. Called only where it pays. */
  summarise: (messages: readonly Message[], io: { signal: AbortSignal | undefined }) => Promise<Message>
  /** Tokens that a summary is expected to have. Default 500. */
  summaryTokens?: number | undefined
  /** Tokens of the tools, which stand before all messages. Default 0. */
  toolTokens?: number | undefined
  /** Tokens of the model per token of `o200k`, as its card says. Default: the card's, else 1. */
  tokenFactor?: number | undefined
  signal?: AbortSignal | undefined
}

/** A conversation after `compactHistory`, and the sum that decided. */
export interface Compacted<Message> {
  /** To go on with, and to keep: the summary is not to be written again on the next turn. */
  messages: Message[]
  compacted: boolean
  /** Absent where there is nothing to replace. */
  compaction?: Compaction
}

const USUAL_SUMMARY_TOKENS = 500

/**
 * Replaces the head of a conversation by a summary if, and only if, that pays over the calls that are expected to follow
 * ({@link compactPays}). System messages stay, the rest is cut where a user's turn begins, and no tool's result loses its call.
 * Rejects with what `summarise` rejects with.
 * @throws RouterError `invalid_option`, or `price_unknown`.
 */
export async function compactHistory<Message>(messages: readonly Message[], options: CompactOptions<Message>): Promise<Compacted<Message>> {
  const { keepTokens, summarise, summaryTokens = USUAL_SUMMARY_TOKENS, toolTokens = 0, prices, signal } = options
  const factor = options.tokenFactor ?? ('card' in prices ? prices.card.tokenFactor : 1)
  const { system, turns, systemTokens, tokens } = readHistory(messages, options)
  const cut = turns.length === 0 ? 0 : cutAt(turns, Math.max(0, tokens - keepTokens), Number.POSITIVE_INFINITY)
  if (cut === 0) return { messages: [...messages], compacted: false }
  const replacedTokens = turns[cut]!.before
  const compaction = compactPays({
    ...options,
    headTokens: (toolTokens + systemTokens) * factor,
    replacedTokens: replacedTokens * factor,
    summaryTokens: summaryTokens * factor,
    tailTokens: (tokens - replacedTokens) * factor,
  })
  if (!compaction.pays) return { messages: [...messages], compacted: false, compaction }
  signal?.throwIfAborted()
  const summary = await summarise(
    turns.slice(0, cut).map(({ message }) => message),
    { signal },
  )
  const rest = turns.slice(cut).map(({ message }) => message)
  return { messages: [...system.map(({ message }) => message), summary, ...rest], compacted: true, compaction }
}
