import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from '@langchain/core/messages'
import type { Family } from './family.ts'
import { GO_ON } from './mending.ts'
import { reduced } from './model-turn.ts'
import type { Turn } from './turn.ts'

/** Families that hold a conversation to an order of roles. */
const ordered: ReadonlySet<Family | undefined> = new Set<Family>(['anthropic', 'google', 'mistral'])

/** Puts system messages and roles where the provider takes them. */
export function inOrder(turns: readonly Turn[], family: Family | undefined, model: string): readonly Turn[] {
  if (!ordered.has(family)) return turns
  return ended(alternating(withSystem(turns, family), family), family, model)
}

/**
 * Gemini takes one system message, and only in front; Mistral takes none later. Anthropic takes one later only after the user, before an
 * answer. Any other is said by the user, and so is one that stands alone: there must be something to answer.
 */
function withSystem(turns: readonly Turn[], family: Family | undefined): readonly Turn[] {
  const leading = turns.findIndex(({ message }) => message.type !== 'system')
  const front = leading === -1 ? turns.length : leading
  const isFit = (turn: Turn, at: number): boolean => {
    if (turn.message.type !== 'system') return true
    if (at < front) return at < turns.length - 1 || leading !== -1
    if (family !== 'anthropic') return false
    const before = turns[at - 1]!.message.type
    const after = turns[at + 1]?.message.type ?? 'ai'
    return (before === 'human' || before === 'tool') && after === 'ai'
  }
  const fit = turns.every(isFit)
    ? turns
    : turns.map((turn, at) => (isFit(turn, at) ? turn : { ...turn, message: saidByUser(turn.message) }))
  const systems = leading === -1 ? turns.length - 1 : front
  if (family !== 'google' || systems <= 1) return fit
  const words = fit.slice(0, systems).map(({ message }) => message.text)
  return [{ from: fit[systems - 1]!.from, message: new SystemMessage(words.join('\n\n')) }, ...fit.slice(systems)]
}

const saidByUser = ({ content }: BaseMessage): HumanMessage => new HumanMessage({ content })

/** A conversation begins with the user. Gemini and Mistral take no two answers in a row, and Mistral no user right after a tool. */
function alternating(turns: readonly Turn[], family: Family | undefined): readonly Turn[] {
  const made: Turn[] = []
  for (const turn of turns) {
    const type = turn.message.type
    const last = made.at(-1)
    const before = last?.message.type
    if (type === 'ai' && (before === undefined || before === 'system') && !hasBegun(made))
      made.push(added(new HumanMessage('(The conversation begins.)')))
    if (family === 'mistral' && type === 'human' && before === 'tool') made.push(added(new AIMessage('Noted.')))
    if (family !== 'anthropic' && type === 'ai' && before === 'ai')
      made[made.length - 1] = { ...turn, message: joined(last!.message as AIMessage, turn.message as AIMessage) }
    else made.push(turn)
  }
  return made.length === turns.length && made.every((turn, at) => turn === turns[at]) ? turns : made
}

const hasBegun = (turns: readonly Turn[]): boolean => turns.some(({ message }) => message.type !== 'system')

const added = (message: BaseMessage): Turn => ({ message, from: -1 })

function joined(first: AIMessage, second: AIMessage): AIMessage {
  const [one, other] = [reduced(first), reduced(second)]
  return new AIMessage({
    content: [one.text, other.text].filter(text => text !== '').join('\n\n'),
    tool_calls: [...(one.tool_calls ?? []), ...(other.tool_calls ?? [])],
    additional_kwargs: { ...signaturesOf(first), ...signaturesOf(second) },
  })
}

const SIGNATURES = '__gemini_function_call_thought_signatures__'
const signaturesOf = ({ additional_kwargs: extra }: AIMessage): Record<string, unknown> =>
  extra[SIGNATURES] === undefined ? {} : { [SIGNATURES]: extra[SIGNATURES] }

/** Who takes no answer that is to be gone on with is asked to go on in words. */
function ended(turns: readonly Turn[], family: Family | undefined, model: string): readonly Turn[] {
  const last = turns.at(-1)
  if (last === undefined || last.message.type !== 'ai' || (family === 'anthropic' && goesOnByItself(model))) return turns
  return [...turns, added(new HumanMessage(GO_ON))]
}

/** Claude before 4.6 goes on with an answer that ends the prompt. Source: docs.claude.com, prefill. */
function goesOnByItself(model: string): boolean {
  const [, major = '5', minor = '0'] = /-(\d{1,2})(?:[-.](\d{1,2}))?(?:\D|$)/.exec(`${model}-`) ?? []
  return Number(major) + Number(minor) / 10 < 4.6
}
