import type { Dialect } from '@routewise/core'
import type { AIMessage, BaseMessage } from '@langchain/core/messages'
import { createMarkSetter } from './cache-marks.ts'
import type { ChatCall, ChatPiece } from './call.ts'
import { createLimits } from './call-limits.ts'
import { createCallDescriber, readBlocks } from './describe.ts'
import { createExpectations } from './expectations.ts'
import { readFailure } from './failure.ts'
import { goOn, mend, mendingInWords } from './mending.ts'
import { readerOf, type Reader } from './reader.ts'
import { createKeySetter } from './routing-key.ts'
import { mayNotThink, wantsThoughts } from './settings.ts'
import { mediaOutOfReach } from './spoken-turn.ts'
import type { createTarget } from './target.ts'
import { createTranscript } from './transcript.ts'

type ChatTarget = ReturnType<typeof createTarget>

/** LangChain's types, as the core asks about them. */
export function createDialect(targets: readonly ChatTarget[], maxTokens?: number): Dialect<ChatCall, ChatPiece> {
  const candidates = new Map(targets.map(({ id, candidate }) => [id, candidate]))
  const ways = new Map(
    targets.map(({ id, candidate }) => {
      const reader = readerOf(candidate)
      return [
        id,
        {
          reader,
          transcript: createTranscript(reader, candidates),
          inLimits: createLimits(candidate),
          setKey: createKeySetter(candidate),
          setMarks: createMarkSetter(candidate),
          wantsThoughts: wantsThoughts(candidate.model, candidate.family),
        },
      ]
    }),
  )
  const unfitFor = createUnfitness()
  return {
    describe: createCallDescriber(maxTokens),
    blocks: readBlocks,
    unfit: (call, { id }) => unfitFor(call, ways.get(id)!.reader),
    prepare(call, target, wishes) {
      const { model, family } = candidates.get(target.id)!
      const { transcript, inLimits, setKey, setMarks, wantsThoughts: inWords } = ways.get(target.id)!
      const given = inWords && call.mending !== undefined ? mendingInWords(call.mending) : call.messages
      const { messages, placeOf } = transcript(given)
      let prepared = inLimits(messages === call.messages ? call : { ...call, messages })
      if (mayNotThink(model, family, messages)) prepared = { ...prepared, withoutThinking: true }
      const { logprobs, cache } = wishes ?? {}
      if (cache !== undefined) {
        if (setKey !== undefined) prepared = setKey(prepared, cache)
        if (setMarks !== undefined && cache.breakpoints.length > 0) prepared = setMarks(prepared, cache.breakpoints, placeOf)
      }
      return logprobs === true ? { ...prepared, logprobs: true } : prepared
    },
    read: ({ reading }) => reading,
    failure: readFailure,
    expects: createExpectations(),
    repair: mend,
    resume: goOn,
  }
}

/** Tells of what the current turn shows or plays and a candidate cannot be given. Of an earlier turn a word of it is enough. */
function createUnfitness(): (call: ChatCall, reader: Reader) => string | undefined {
  // Asked for every target of a call, one after the other.
  let latest: ChatCall | undefined
  let shown: readonly BaseMessage[] = []
  return (call, reader) => {
    if (call !== latest) [latest, shown] = [call, shownIn(call)]
    for (const message of shown) {
      const kind = mediaOutOfReach(message, reader)?.kind
      if (kind !== undefined) return `${kind === 'image' ? 'an image' : kind === 'audio' ? 'audio' : `a ${kind}`} as it is given here`
    }
    return undefined
  }
}

/** Messages of the current turn that are more than words. */
function shownIn({ messages }: ChatCall): readonly BaseMessage[] {
  const shown: BaseMessage[] = []
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at]!
    // An answer ends the turn before; a call of tools is part of this one.
    if (message.type === 'ai' && !(message as AIMessage).tool_calls?.length) break
    if (message.type !== 'ai' && typeof message.content !== 'string') shown.push(message)
  }
  return shown
}
