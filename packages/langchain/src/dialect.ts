import type { Dialect } from '@routewise/core'
import type { ChatCall, ChatPiece } from './call.ts'
import { createCallDescriber } from './describe.ts'
import { createExpectations } from './expectations.ts'
import { readFailure } from './failure.ts'
import { goOn, mend, mendingInWords } from './mending.ts'
import { wantsThoughts } from './settings.ts'
import type { createTarget } from './target.ts'
import { createTranscript } from './transcript.ts'

type ChatTarget = ReturnType<typeof createTarget>

/** LangChain's types, as the core asks about them. */
export function createDialect(targets: readonly ChatTarget[], maxTokens?: number): Dialect<ChatCall, ChatPiece> {
  const readers = new Map(
    targets.map(({ id, card, candidate: { family, model } }) => {
      const transcript = createTranscript({ family, model: card.id, toolIdPattern: card.toolIdPattern })
      return [id, { transcript, wantsThoughts: wantsThoughts(model, family) }]
    }),
  )
  return {
    describe: createCallDescriber(maxTokens),
    prepare(call, target, wishes) {
      const { transcript, wantsThoughts: inWords } = readers.get(target.id)!
      const given = inWords && call.mending !== undefined ? mendingInWords(call.mending) : call.messages
      const messages = transcript(given)
      if (wishes?.logprobs === true) return { ...call, messages, logprobs: true }
      return messages === call.messages ? call : { ...call, messages }
    },
    read: ({ reading }) => reading,
    failure: readFailure,
    expects: createExpectations(),
    repair: mend,
    resume: goOn,
  }
}
