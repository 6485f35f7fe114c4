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
import { wantsThoughts } from './settings.ts'
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
  return {
    describe: createCallDescriber(maxTokens),
    blocks: readBlocks,
    unfit: ({ messages }, { id }) => unfitFor(messages, ways.get(id)!.reader),
    prepare(call, target, wishes) {
      const { transcript, inLimits, setKey, setMarks, wantsThoughts: inWords } = ways.get(target.id)!
      const given = inWords && call.mending !== undefined ? mendingInWords(call.mending) : call.messages
      const { messages, placeOf } = transcript(given)
      let prepared = inLimits(messages === call.messages ? call : { ...call, messages })
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

/** What the current turn shows or plays, and the candidate cannot be given. Of an earlier turn a word of it is enough. */
function unfitFor(messages: readonly BaseMessage[], reader: Reader): string | undefined {
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at]!
    if (message.type === 'ai') {
      // An answer ends the turn before; a call of tools is part of this one.
      if ((message as AIMessage).tool_calls?.length) continue
      return undefined
    }
    const part = mediaOutOfReach(message, reader)
    if (part !== undefined)
      return `${part.kind === 'image' ? 'an image' : part.kind === 'audio' ? 'audio' : `a ${part.kind}`} as it is given here`
  }
  return undefined
}
