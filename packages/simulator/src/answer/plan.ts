import type { FinishReason, ModelCard, Random } from '@routewise/core'
import { drawLognormal, seededRandom } from '../seed.ts'
import type { Tokenizer } from '../tokenizer.ts'
import type { FaultEffect } from '../fault.ts'
import type { AnswerEvent, AnswerPart, SimRequest } from '../types.ts'
import { draftAnswer } from './draft.ts'
import { fragmentsOf } from './fragments.ts'
import type { FoundAnswer } from './recordings.ts'
import { drawText } from './words.ts'

const MEDIAN_REASONING_TOKENS = 48
const REFUSAL = 'I cannot help with that request.'
// What a tool call costs besides its name and arguments.
const CALL_TOKENS = 8

/** An answer, ready to be told. */
export interface PlannedAnswer {
  /** All but `finish`. */
  events: readonly AnswerEvent[]
  reason: FinishReason
  stopSequence?: string
  /** All of the answer, reasoning included. */
  outputTokens: number
  reasoningTokens: number
  /** Of `reasoningTokens`, those that no event carries. */
  hiddenTokens: number
  right?: boolean
}

export interface AnswerQuestion {
  request: SimRequest
  card: ModelCard
  found: FoundAnswer | undefined
  effects: readonly FaultEffect[]
  tokenizer: Tokenizer
  seed: number
  /** Hash of the whole prompt: equal prompts get equal answers. */
  promptHash: number
  id: string
}

/** Decides all of an answer before its first token is told: what is said, how it is cut, what it counts. */
export function planAnswer({ request, card, found, effects, tokenizer, seed, promptHash, id }: AnswerQuestion): PlannedAnswer {
  const random = seededRandom(seed, 'answer', card.id, promptHash)
  const count = (text: string) => Math.max(1, Math.round(tokenizer.count(text) * card.tokenFactor))
  const drafted = effects.some(isRefusal) ? refused(effects) : { parts: draftAnswer(request, found?.answer, random, id), reason: undefined }
  const { parts, stopSequence } = stopAt(request.stop, drafted.parts)
  const spoken = effects.some(effect => effect.type === 'malformed' && effect.where === 'answer') ? parts.map(brokenOff) : parts

  const reasoning = reasoningOf(request, card, found, random, count)
  const shown: readonly AnswerPart[] = reasoning.text === undefined ? spoken : [{ type: 'reasoning', text: reasoning.text }, ...spoken]
  const sizes = shown.map(part => (part.type === 'reasoning' ? reasoning.tokens : sizeOf(part, count)))
  const visible = sizes.reduce((sum, size) => sum + size, 0)
  const hidden = reasoning.text === undefined ? reasoning.tokens : 0
  const told = found?.answer.outputTokens ?? hidden + visible
  // A recorded count is reported verbatim: the fragments share it out.
  const scale = visible === 0 ? 1 : Math.max(0, told - hidden) / visible

  const limit = Math.min(request.maxOutputTokens ?? Infinity, card.maxOutputTokens ?? Infinity)
  const confidence = request.topLogprobs === undefined ? undefined : { random, right: found?.right }
  const all = shown.flatMap((part, index) =>
    fragmentsOf(part, Math.round((sizes[index] ?? 0) * scale), callIndex(shown, index), confidence),
  )
  const { events, tokens } = upTo(limit - hidden, all)
  const cut = told > limit
  const shownReasoning = events.reduce((sum, event) => sum + (event.type === 'reasoning' ? event.tokens : 0), 0)
  return {
    events,
    reason: cut ? 'length' : (drafted.reason ?? (parts.some(part => part.type === 'tool-call') ? 'tool-calls' : 'stop')),
    ...(stopSequence !== undefined && !cut && { stopSequence }),
    outputTokens: cut ? limit : hidden + tokens,
    reasoningTokens: Math.min(limit, hidden) + shownReasoning,
    hiddenTokens: Math.min(limit, hidden),
    ...(found?.right !== undefined && { right: found.right }),
  }
}

const isRefusal = (effect: FaultEffect): boolean => effect.type === 'refusal' || effect.type === 'content-filter'

function refused(effects: readonly FaultEffect[]): { parts: AnswerPart[]; reason: FinishReason } {
  const refusal = effects.find(effect => effect.type === 'refusal')
  if (refusal === undefined) return { parts: [], reason: 'content-filter' }
  return { parts: [{ type: 'refusal', text: refusal.text ?? REFUSAL }], reason: 'refusal' }
}

function reasoningOf(
  request: SimRequest,
  card: ModelCard,
  found: FoundAnswer | undefined,
  random: Random,
  count: (text: string) => number,
) {
  const recorded = found?.answer.reasoning
  if (recorded !== undefined) return { tokens: count(recorded), text: request.showReasoning ? recorded : undefined }
  const reasons = card.capabilities.reasoning && request.reasoning !== false && found?.answer.outputTokens === undefined
  const tokens = reasons ? Math.max(1, Math.round(MEDIAN_REASONING_TOKENS * drawLognormal(random, 0.5))) : 0
  return { tokens, text: tokens > 0 && request.showReasoning ? drawText(random, tokens) : undefined }
}

const sizeOf = (part: AnswerPart, count: (text: string) => number): number => {
  if (part.type === 'tool-call') return count(part.name) + count(part.json) + CALL_TOKENS
  return part.text === '' ? 0 : count(part.text)
}

const callIndex = (parts: readonly AnswerPart[], end: number): number =>
  parts.slice(0, end).filter(part => part.type === 'tool-call').length

/** Ends text before the first stop sequence. */
function stopAt(stop: readonly string[], parts: readonly AnswerPart[]): { parts: readonly AnswerPart[]; stopSequence?: string } {
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'text') continue
    const hits = stop
      .map(sequence => ({ sequence, at: part.text.indexOf(sequence) }))
      .filter(({ sequence, at }) => sequence !== '' && at >= 0)
    const first = hits.toSorted((a, b) => a.at - b.at)[0]
    if (first === undefined) continue
    return { parts: [...parts.slice(0, index), { ...part, text: part.text.slice(0, first.at) }], stopSequence: first.sequence }
  }
  return { parts }
}

const head = (text: string): string => text.slice(0, Math.floor(text.length * 0.6))

function brokenOff(part: AnswerPart): AnswerPart {
  return part.type === 'tool-call' ? { ...part, json: head(part.json) } : { ...part, text: head(part.text) }
}

/** The events that fit into so many tokens; an open tool call is closed with what it has. */
function upTo(limit: number, all: readonly AnswerEvent[]): { events: AnswerEvent[]; tokens: number } {
  const events: AnswerEvent[] = []
  let tokens = 0
  let json = ''
  for (const event of all) {
    const cost = 'tokens' in event ? event.tokens : 0
    if (tokens + cost > limit) {
      const open = events.findLast(earlier => earlier.type === 'tool-call')
      if (open !== undefined && event.type === 'tool-input')
        events.push({ type: 'tool-end', index: open.index, id: open.id, name: open.name, json })
      break
    }
    tokens += cost
    if (event.type === 'tool-call') json = ''
    if (event.type === 'tool-input') json += event.json
    events.push(event)
  }
  return { events, tokens }
}
