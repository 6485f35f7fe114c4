import type { Task } from '@routewise/core'
import type { AfterTools, Answer, Check, Conversation, Reply, ToolCall, Turn } from './types.ts'

/** A mistake made in an otherwise right answer: these words became those. */
export type Slip = readonly [instead: string, says: string]

interface Asked {
  user: string
  difficulty: number
  /** Default: the conversation's. */
  task?: Task
}

interface DraftReply {
  right: string
  /** A whole answer, or the slips that spoil the right one. */
  wrong: string | readonly Slip[]
  check: Check
}

interface DraftCalls {
  calls: readonly ToolCall[]
  /** Calls, or the text with which a weaker model leaves out the call. */
  wrong: readonly ToolCall[] | string
  /** What each call returns, in order. */
  results: readonly unknown[]
  /** What follows: text, or more calls. */
  afterwards: DraftReply | DraftCalls
}

type DraftTurn = Omit<Turn, 'task'> & { task?: Task }

/** A conversation whose turns have its own task unless they name another. */
export function conversation(draft: Omit<Conversation, 'turns'> & { turns: readonly DraftTurn[] }): Conversation {
  return { ...draft, turns: draft.turns.map(turn => ({ ...turn, task: turn.task ?? draft.task })) }
}

/** A turn answered in text. */
export function says({ right, wrong, check, ...asked }: Asked & DraftReply): DraftTurn {
  return { ...asked, ...textReply({ right, wrong, check }) }
}

/** A turn answered by tool calls, and by the reply to their results. */
export function does({ calls, wrong, results, afterwards, ...asked }: Asked & DraftCalls): DraftTurn {
  return { ...asked, ...callReply({ calls, wrong, results, afterwards }) }
}

/** A turn answered by one JSON value; `wrong` is laid over it, and `undefined` leaves a field out. */
export function gives({ value, wrong, ...asked }: Asked & { value: object; wrong: object }): DraftTurn {
  const right = text(JSON.stringify(value))
  return { ...asked, right, wrong: text(JSON.stringify({ ...value, ...wrong })), check: { type: 'json-equals', value } }
}

/** A turn answered by one of `labels`. */
export function picks({ label, wrong, labels, ...asked }: Asked & { label: string; wrong: string; labels: readonly string[] }): DraftTurn {
  return { ...asked, right: text(label), wrong: text(wrong), check: { type: 'label', value: label, labels } }
}

export const call = (name: string, args: ToolCall['arguments']): ToolCall => ({ name, arguments: args })
/** An answer that is mostly code: a sentence, then one block. */
export const code = (language: string, sentence: string, source: string): string =>
  `${sentence}\n\n\`\`\`${language}\n${source.trim()}\n\`\`\``
/** Every term; a list of terms is satisfied by any one of them. */
export const contains = (...terms: (string | readonly string[])[]): Check => ({ type: 'contains-all', terms })
export const excludes = (...terms: string[]): Check => ({ type: 'not-contains', terms })
export const matches = (...patterns: RegExp[]): Check => ({ type: 'matches-all', patterns: patterns.map(({ source }) => source) })
export const number = (value: number, tolerance = 0.005): Check => ({ type: 'number', value, tolerance })
export const words = (min: number, max: number): Check => ({ type: 'words', min, max })
export const all = (...checks: Check[]): Check => ({ type: 'all', checks })

function textReply({ right, wrong, check }: DraftReply): Reply {
  return { right: text(right), wrong: text(typeof wrong === 'string' ? wrong : spoil(right, wrong)), check }
}

function callReply({ calls, wrong, results, afterwards }: DraftCalls): Reply & { afterTools: AfterTools } {
  return {
    right: { text: '', toolCalls: calls },
    wrong: typeof wrong === 'string' ? text(wrong) : { text: '', toolCalls: wrong },
    check: { type: 'tool-calls', calls },
    afterTools: {
      toolResults: results.map(result => JSON.stringify(result)),
      ...('calls' in afterwards ? callReply(afterwards) : textReply(afterwards)),
    },
  }
}

function spoil(right: string, slips: readonly Slip[]): string {
  return slips.reduce((answer, [instead, becomes]) => {
    if (!answer.includes(instead)) throw new Error(`No "${instead}" to get wrong in: ${right}`)
    return answer.replaceAll(instead, () => becomes)
  }, right)
}

function text(value: string): Answer {
  return { text: value, toolCalls: [] }
}
