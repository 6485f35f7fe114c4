import type { Random } from '@routewise/core'
import type { AnswerEvent, AnswerPart } from '../types.ts'

const WORDS_PER_FRAGMENT = 4
const MOST_FRAGMENTS = 200
// Mean surprise per token, in nats, of a model that is right and of one that is wrong: what confidence judges live on.
const SURPRISE = { right: 0.05, wrong: 0.6 }

/** Draws log probabilities of tokens; `right` is unknown where nothing is recorded. */
export interface Confidence {
  random: Random
  right: boolean | undefined
}

/** Splits a part of an answer into what is sent bit by bit. Its tokens are shared out among the fragments, to the last one. */
export function fragmentsOf(part: AnswerPart, tokens: number, callIndex: number, confidence: Confidence | undefined): AnswerEvent[] {
  if (part.type === 'tool-call') {
    const [head = 0, ...rest] = share(tokens, 1 + pieces(part.json, WORDS_PER_FRAGMENT).length)
    const { id, name, json } = part
    return [
      { type: 'tool-call', index: callIndex, id, name, tokens: head },
      ...pieces(json, WORDS_PER_FRAGMENT).map((piece, index): AnswerEvent => ({
        type: 'tool-input',
        index: callIndex,
        json: piece,
        tokens: rest[index] ?? 0,
      })),
      { type: 'tool-end', index: callIndex, id, name, json },
    ]
  }
  const texts = pieces(part.text, confidence === undefined ? WORDS_PER_FRAGMENT : 1)
  const shares = share(tokens, texts.length)
  return texts.map((text, index): AnswerEvent => {
    const event = { type: part.type, text, tokens: shares[index] ?? 0 }
    return part.type === 'text' && confidence !== undefined ? { ...event, type: 'text', logprob: drawLogprob(confidence) } : event
  })
}

/** Words with the space before them, at most 12 characters each, joined by so many. */
function pieces(text: string, words: number): string[] {
  const atoms = text.match(/\s*\S{1,12}|\s+/gu) ?? []
  const size = words === 1 ? 1 : Math.max(words, Math.ceil(atoms.length / MOST_FRAGMENTS))
  return Array.from({ length: Math.ceil(atoms.length / size) }, (_, index) => atoms.slice(index * size, (index + 1) * size).join(''))
}

const share = (tokens: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, index) => Math.round((tokens * (index + 1)) / parts) - Math.round((tokens * index) / parts))

const drawLogprob = ({ random, right }: Confidence): number => Math.log(1 - random()) * (right === false ? SURPRISE.wrong : SURPRISE.right)
