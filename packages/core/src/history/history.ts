import { type HistoryRole, type MessageReader, roleOfMessage, tokensOfMessage } from './message.ts'

/** A message, whose it is, and its tokens. */
export interface Turn<Message> {
  message: Message
  role: HistoryRole
  tokens: number
  /** Tokens of the conversation before it, without the system messages. */
  before: number
}

/** A conversation: what stands at its head for ever, and what may be cut. */
export interface History<Message> {
  system: readonly Turn<Message>[]
  turns: readonly Turn<Message>[]
  systemTokens: number
  /** Without the system messages. */
  tokens: number
}

/** Reads a conversation. Results of tools whose call is not there any more are left out from its beginning. */
export function readHistory<Message>(
  messages: readonly Message[],
  { roleOf = roleOfMessage, tokensOf = tokensOfMessage }: MessageReader<Message>,
): History<Message> {
  const system: Turn<Message>[] = []
  const turns: Turn<Message>[] = []
  let systemTokens = 0
  let tokens = 0
  for (const message of messages) {
    const turn: Turn<Message> = { message, role: roleOf(message), tokens: tokensOf(message), before: tokens }
    if (turn.role === 'system') {
      system.push(turn)
      systemTokens += turn.tokens
    } else if (turn.role !== 'tool' || turns.length > 0) {
      turns.push(turn)
      tokens += turn.tokens
    }
  }
  return { system, turns, systemTokens, tokens }
}

/**
 * The first place from `tokens` on at which a conversation may be cut: at a user's message, if there is one less than `within` further
 * on, else at any that is not the result of a tool. The last such place where none is so far on.
 */
export function cutAt<Message>(turns: readonly Turn<Message>[], tokens: number, within: number): number {
  let last = 0
  let any: number | undefined
  for (const [at, { role, before }] of turns.entries()) {
    if (role === 'tool') continue
    last = at
    if (before < tokens) continue
    if (any !== undefined && before >= tokens + within) return any
    if (role === 'user') return at
    any ??= at
  }
  return any ?? last
}
