import { ProblemError } from '../types.ts'
import { isObject } from './json.ts'
import type { JsonObject } from './json.ts'
import { readSignature } from './signature.ts'

/** A message of the conversation. */
export interface GeminiTurn {
  role: 'user' | 'model'
  parts: readonly JsonObject[]
}

export const refuse = (message: string): never => {
  throw new ProblemError({ kind: 'bad-request', message })
}

/** Generation of a Gemini model as a number: `gemini-2.5-flash` is 2.5; unknown ids are taken as current. */
export function generationOf(model: string): number {
  const [, generation] = /gemini-(\d+(?:\.\d+)?)/.exec(model) ?? []
  return generation === undefined ? 3 : Number(generation)
}

const callsOf = (turn: GeminiTurn): readonly JsonObject[] => turn.parts.filter(part => isObject(part['functionCall']))
const responsesOf = (turn: GeminiTurn): readonly JsonObject[] => turn.parts.filter(part => isObject(part['functionResponse']))

/** Calls and responses: all the responses to one model turn are in one content right after it, as many as there were calls. */
export function checkTurns(turns: readonly GeminiTurn[], model: string): void {
  for (const [index, turn] of turns.entries()) {
    const previous = turns[index - 1]
    const next = turns[index + 1]
    const calls = callsOf(turn).length
    const responses = responsesOf(turn).length
    if (calls > 0 && previous?.role !== 'user') {
      refuse('Please ensure that function call turn comes immediately after a user turn or after a function response turn.')
    }
    if (calls > 0 && next !== undefined && responsesOf(next).length !== calls) {
      refuse(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      )
    }
    if (responses > 0 && (previous === undefined || callsOf(previous).length === 0)) {
      refuse('Please ensure that function response turn comes immediately after a function call turn.')
    }
    const mixes = responses > 0 && turn.parts.some(part => typeof part['text'] === 'string')
    const endsWithModel = next === undefined && turn.role === 'model'
    // The message is the API's own, though in the first case it says the wrong thing.
    if (generationOf(model) >= 3 && (mixes || endsWithModel)) refuse('Requests ending with a model turn are not supported.')
  }
}

/** Stand-ins that the API documents for calls it did not make itself. Source: ai.google.dev/gemini-api/docs/thought-signatures. */
const SENTINELS = new Set(['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'])

/** From Gemini 3 on, the first function call of each step of the current turn must come back with its signature. */
export function checkSignatures(turns: readonly GeminiTurn[], model: string): void {
  const turnStart = turns.findLastIndex(turn => turn.role === 'user' && responsesOf(turn).length === 0)
  for (const [index, turn] of turns.entries()) {
    for (const part of turn.parts) {
      const signature = part['thoughtSignature']
      if (typeof signature === 'string' && signature !== '' && !isGenuine(signature)) refuse('Corrupted thought signature.')
    }
    const first = turn.parts.findIndex(part => isObject(part['functionCall']))
    if (first === -1 || index < turnStart || generationOf(model) < 3) continue
    const part = turn.parts[first]!
    if (part['thoughtSignature']) continue
    const name = isObject(part['functionCall']) ? String(part['functionCall']['name']) : ''
    refuse(
      'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing ' +
        'thought_signature may lead to degraded model performance. Additional data, ' +
        `function call \`default_api:${name}\` , position ${index + 1}. ` +
        'Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.',
    )
  }
}

// Signatures of the real API are accepted as they are; only what is no base64 or another vendor's is recognised as foreign.
function isGenuine(signature: string): boolean {
  if (SENTINELS.has(signature)) return true
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(signature)) return false
  const read = readSignature(signature)
  return read === undefined || read.vendor === 'gemini'
}
