import { createLru } from '../lru.ts'
import { chain, EMPTY_PREFIX } from '../describe/prefix.ts'
import { measureText } from '../describe/tokens.ts'
import { beginAlike } from './begin-alike.ts'
import type { LintRequest } from './finding.ts'
import type { Print } from './print.ts'

/** A prompt that was seen. */
export interface Prompt {
  request: Omit<LintRequest, 'blocks'>
  prints: readonly Print[]
}

/** A conversation: its last prompt, and what was seen of it. */
export interface Session {
  id: number
  last: Prompt
  /** Prompts that were compared. */
  compared: number
  /** The comparison in which messages at its head were last dropped or summed up. */
  trimmedAt: number
}

/** Blocks by which a prompt that goes on is known: parallel tool calls each add a result. */
const WALK_BLOCKS = 128

/** A message as long as this is hardly said twice. */
const LONG_TOKENS = 48

/** Knows conversations by their id, else by what their prompts go on with. Bounded: `max` conversations. */
export function createSessions(max: number) {
  const named = createLru<string, Session>(max)
  const ends = createLru<number, Session>(4 * max)
  let count = 0

  function find({ tenant = '', session, model = '' }: LintRequest, prints: readonly Print[]): Session | undefined {
    if (session !== undefined) return named.get(nameOf(tenant, session, model))
    const seed = seedOf(tenant, model)
    const grown = findLongest(wholeKeys(seed, prints))
    if (grown !== undefined) return grown
    // Many conversations begin with the same words: a first message alone says nothing.
    const turns = prints.filter(({ block }) => isTurn(block))
    if (turns.length < 2) return undefined
    const like = findLongest(pairKeys(seed, turns)) ?? findLongest(longKeys(seed, turns))
    return like !== undefined && beginAlike(like.last.prints, prints) ? like : undefined
  }

  function findLongest(keys: readonly number[]): Session | undefined {
    for (let at = keys.length - 1; at >= Math.max(0, keys.length - WALK_BLOCKS); at -= 1) {
      const session = ends.get(keys[at]!)
      if (session !== undefined) return session
    }
    return undefined
  }

  return {
    /** The conversation of a prompt, with the prompt before it; `undefined` for a first one. The prompt is its last from now on. */
    turn(request: LintRequest, prints: readonly Print[]): { session: Session; before: Prompt | undefined } {
      const { blocks: _, ...rest } = request
      const last = { request: rest, prints }
      const found = find(request, prints)
      const before = found?.last
      const session = found ?? { id: (count += 1), last, compared: 0, trimmedAt: Number.NEGATIVE_INFINITY }
      session.last = last
      const { tenant = '', session: name, model = '' } = request
      if (name !== undefined) named.set(nameOf(tenant, name, model), session)
      else for (const key of keysOf(seedOf(tenant, model), prints)) if (key !== undefined) ends.set(key, session)
      return { session, before }
    },
    count: () => count,
  }
}

const nameOf = (tenant: string, session: string, model: string): string => JSON.stringify([tenant, session, model])
const seedOf = (tenant: string, model: string): number => chain(measureText(tenant).hash, measureText(model).hash)

/** What the next prompt of a conversation is known by: all of this one, its last two messages, its first answer, its last message. */
function keysOf(seed: number, prints: readonly Print[]): readonly (number | undefined)[] {
  const turns = prints.filter(({ block }) => isTurn(block))
  const pairs = pairKeys(seed, turns)
  return [wholeKeys(seed, prints).at(-1), pairs.at(-1), pairs[1], longKeys(seed, turns.slice(-1)).at(-1)]
}

/** Keys of all beginnings of a prompt: one that was sent before is found by what it was as a whole. */
function wholeKeys(seed: number, prints: readonly Print[]): number[] {
  let key = seed
  return prints.map(({ digest }) => (key = chain(key, digest)))
}

/** Keys of each message with the one before it, so that a conversation is known whose head has changed or was cut off. */
function pairKeys(seed: number, turns: readonly Print[]): number[] {
  let before = EMPTY_PREFIX
  return turns.map(({ digest }) => {
    const key = chain(chain(chain(seed, 1), before), digest)
    before = digest
    return key
  })
}

/** Keys of messages that no other conversation is likely to have. */
const longKeys = (seed: number, turns: readonly Print[]): number[] =>
  turns.filter(({ tokens }) => tokens >= LONG_TOKENS).map(({ digest }) => chain(chain(seed, 2), digest))

const isTurn = ({ role }: Print['block']): boolean => role !== 'tools' && role !== 'system'
