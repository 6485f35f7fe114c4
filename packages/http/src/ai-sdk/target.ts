import {
  createDialect,
  createTarget,
  parseCandidate,
  type LanguageCall,
  type LanguageCandidate,
  type LanguageModel,
  type LanguageModelEntry,
  type LanguagePiece,
} from '@routewise/ai-sdk/target'
import { jsonOf, systemClock, systemId, type Clock, type NewId, type Reading, type TargetIo } from '@routewise/core'
import { bridgeResponses } from '../bridge/bridge-responses.ts'
import type { WireCall, WireChunk, WireTarget } from '../call.ts'
import { completionOf, type AnswerFacts } from './completion.ts'
import { failureOf } from './failure.ts'
import { createEventWriter, type EventWriter } from './events.ts'
import { planAt } from '../bridge/plan-at.ts'
import { callOptionsOf } from './request.ts'

/** What the router should know of a model, and the sources of ids and time where its provider gives none. */
export interface AiSdkTargetFacts extends Omit<LanguageModelEntry, 'model'> {
  /** Source of ids of answers. Default: unique ones. */
  newId?: NewId
  /** Source of time of answers. Default: the machine's. */
  clock?: Clock
}

/**
 * Any language model of the AI SDK, of any version, as a target behind the OpenAI-compatible endpoint: `aiSdkTarget(anthropic('…'))`.
 * @throws RouterError `invalid_option` for what is no language model, or a fact that is none.
 */
export function aiSdkTarget(model: LanguageModel | LanguageModelEntry, facts: AiSdkTargetFacts = {}): WireTarget {
  const { newId = systemId, clock = systemClock, ...known } = facts
  const entry = 'specificationVersion' in model ? { model, ...known } : { ...model, ...known }
  const candidate = parseCandidate(entry, undefined, 'aiSdkTarget')
  const inner = createTarget(candidate, { alone: false, mayResume: true })
  const dialect = createDialect()
  const secrets = Object.values(candidate.headers ?? {})
  const { id, card, account, group, tags, terminalEvent } = inner

  function openChat(call: WireCall, io: TargetIo): AsyncIterable<WireChunk> {
    const { body, stream } = call
    const answer: AnswerFacts = {
      id: `chatcmpl-${newId()}`,
      created: Math.floor(clock.wall() / 1_000),
      model: candidate.model.modelId,
      // Where the router has asked for them, its own judges read them, and the caller has not asked.
      logprobs: body['logprobs'] === true && call.logprobs !== true,
    }
    const places: number[] = []
    const prepared = dialect.prepare(languageCall(call, candidate, places), inner, { cache: planAt(call.cache, places) })
    const pieces = inner.open(prepared, io)[Symbol.asyncIterator]()
    const includeUsage = jsonOf(body['stream_options'])['include_usage'] === true
    const chunks = stream
      ? streamed(id, pieces, createEventWriter({ ...answer, includeUsage }), terminalEvent === false)
      : whole(id, pieces, answer)
    return { [Symbol.asyncIterator]: () => chunks }
  }

  return {
    kind: 'language',
    id,
    card,
    model: candidate.model.modelId,
    ...(account !== undefined && { account }),
    ...(group !== undefined && { group }),
    ...(tags !== undefined && { tags }),
    ...(terminalEvent !== undefined && { terminalEvent }),
    open: (call, io) =>
      call.api === 'responses'
        ? bridgeResponses(call, chat => openChat(chat, io), { ids: newId, clock, keepsReasoning: true })
        : openChat(call, io),
    failure: error => failureOf(error, secrets),
  }
}

/** The call in the AI SDK's words. @throws UntranslatableError */
function languageCall({ body, stream, headers, logprobs }: WireCall, candidate: LanguageCandidate, places: number[]): LanguageCall {
  return {
    kind: stream ? 'stream' : 'generate',
    options: callOptionsOf(body, candidate, headers, places),
    ...(logprobs === true && { logprobs }),
    trace: { latest: undefined },
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }
const encoder = new TextEncoder()

type Pieces = AsyncIterator<LanguagePiece>
type Chunks = AsyncIterator<WireChunk, undefined>

/** The one piece that a whole answer is. */
function whole(target: string, pieces: Pieces, facts: AnswerFacts): Chunks {
  return {
    async next() {
      const { done, value } = await pieces.next()
      if (done === true || value.result === undefined) return DONE
      const { result, reading } = value
      const bytes = encoder.encode(JSON.stringify(completionOf(result, reading, facts)))
      return { done: false, value: { target, bytes, reading } }
    },
  }
}

/** What a piece leaves that says something to the router and nothing to the caller: a comment, which clients skip. */
const SILENT = encoder.encode(':\n\n')

/** Piece by piece, each as soon as it is there. By hand: a generator would put more promises between a token and its reader. */
function streamed(target: string, pieces: Pieces, writer: EventWriter, endsByItself: boolean): Chunks {
  return {
    async next() {
      for (;;) {
        const { done, value } = await pieces.next()
        if (done === true) {
          const last = endsByItself ? writer.end() : ''
          return last === '' ? DONE : { done: false, value: { target, bytes: encoder.encode(last), reading: { meaningful: false } } }
        }
        const { part, reading } = value
        const events = writer.write(part, reading)
        if (events === '' && saysNothing(reading)) continue
        return { done: false, value: { target, bytes: events === '' ? SILENT : encoder.encode(events), reading } }
      }
    },
    async return() {
      await pieces.return?.()
      return DONE
    },
  }
}

const saysNothing = ({ meaningful, usage, finish, failure, model }: Reading): boolean =>
  !meaningful && usage === undefined && finish === undefined && failure === undefined && model === undefined
