import type { Dialect } from '@routewise/core'
import type { ChatCall, ChatPiece } from './call.ts'
import { createCallDescriber } from './describe.ts'
import { readFailure } from './failure.ts'
import type { createTarget } from './target.ts'
import { createTranscript } from './transcript.ts'

type ChatTarget = ReturnType<typeof createTarget>

/** LangChain's types, as the core asks about them. */
export function createDialect(targets: readonly ChatTarget[], maxTokens?: number): Dialect<ChatCall, ChatPiece> {
  const transcripts = new Map(
    targets.map(({ id, card, candidate: { family } }) => [
      id,
      createTranscript({ family, model: card.id, toolIdPattern: card.toolIdPattern }),
    ]),
  )
  return {
    describe: createCallDescriber(maxTokens),
    prepare(call, target, wishes) {
      const messages = transcripts.get(target.id)!(call.messages)
      if (wishes?.logprobs === true) return { ...call, messages, logprobs: true }
      return messages === call.messages ? call : { ...call, messages }
    },
    read: ({ reading }) => reading,
    failure: readFailure,
  }
}
