import { RouterError } from '../errors.ts'
import { cutAt, readHistory, type Turn } from './history.ts'
import type { MessageReader } from './message.ts'

/** Options of {@link trimHistory}. */
export interface TrimOptions<Message> extends MessageReader<Message> {
  /** Tokens that the messages may have together; leave room for tools and the answer. */
  maxTokens: number
  /** Tokens that are cut at once: the larger, the longer the prompt begins alike, and the less of it is left after a cut. Default: a quarter of `maxTokens`; at most half of it. */
  stepTokens?: number | undefined
  /** Keeps the first message of the user, which tells an agent what to do. Default `false`. */
  keepFirstUser?: boolean | undefined
}

/**
 * A conversation cut to a size, in large steps: the cut stays at the same message for many turns, so that what follows it can be read
 * from the prompt cache, where a window that slides on every turn is read anew on every turn. The same conversation is always cut at the
 * same place; nothing is remembered. System messages stay, a tool's result never loses its call, and the rest begins with a user's message.
 * What is under way is kept even where it is over the limit by itself.
 * @throws RouterError `invalid_option`.
 */
export function trimHistory<Message>(messages: readonly Message[], options: TrimOptions<Message>): Message[] {
  const { maxTokens, stepTokens = maxTokens / 4, keepFirstUser = false } = options
  requirePositive('maxTokens', maxTokens)
  requirePositive('stepTokens', stepTokens)
  if (stepTokens > maxTokens / 2) {
    throw new RouterError(
      'invalid_option',
      `trimHistory: option \`stepTokens\` is ${stepTokens}: give at most half of \`maxTokens\`, ${maxTokens / 2}.`,
    )
  }
  const { system, turns, systemTokens, tokens } = readHistory(messages, options)
  const kept = system.length + turns.length === messages.length
  if (systemTokens + tokens <= maxTokens) return kept ? [...messages] : [...system, ...turns].map(({ message }) => message)

  // A step must leave as much again behind it: a cut may lie one step further on than asked for, and stays there only if it is not at the end.
  const step = Math.max(1, Math.min(stepTokens, (maxTokens - systemTokens) / 2))
  const first = keepFirstUser ? turns.find(({ role }) => role === 'user') : undefined
  let cut = 0
  let head: readonly Turn<Message>[] = []
  for (let steps = 1; ; steps += 1) {
    const next = cutAt(turns, steps * step, step)
    head = headOf(turns, next, first)
    const size = systemTokens + sum(head) + tokens - turns[next]!.before
    const isLast = next === cut && steps * step > tokens
    cut = next
    if (size <= maxTokens || isLast) break
  }
  return [...system, ...head, ...turns.slice(cut)].map(({ message }) => message)
}

/** Of what is cut off, the messages that stay: the first one, where it is to; else the question that the rest answers. */
function headOf<Message>(turns: readonly Turn<Message>[], cut: number, first: Turn<Message> | undefined): readonly Turn<Message>[] {
  if (first !== undefined) return turns.indexOf(first) < cut ? [first] : []
  if (turns[cut]!.role === 'user') return []
  const question = turns.slice(0, cut).findLast(({ role }) => role === 'user')
  return question === undefined ? [] : [question]
}

const sum = (turns: readonly Turn<unknown>[]): number => turns.reduce((total, { tokens }) => total + tokens, 0)

function requirePositive(option: string, value: number): void {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return
  throw new RouterError('invalid_option', `trimHistory: option \`${option}\` is ${String(value)}: give a number of tokens above 0.`)
}
