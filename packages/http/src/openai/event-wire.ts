import { jsonOf, type Json } from '@routewise/core'
import type { WireCall } from '../call.ts'
import type { EventWire } from './batch-reader.ts'
import { readChatEvent } from './chat-event.ts'
import { errorIn, errorSaid, failureOf, ProviderError } from './provider-error.ts'
import { asksForUsage } from './request.ts'
import { readResponsesEvent } from './responses-event.ts'
import type { FlavourTraits } from './flavour.ts'
import { withPlainContent } from './thinking-parts.ts'
import type { Secrets } from './secrets.ts'

/** Reads the events of one call. */
export function createEventWire({ api, body }: WireCall, { thinkingParts }: FlavourTraits, secrets: Secrets): EventWire {
  const about = { wantsUsage: asksForUsage(body), requestedTier: requestedTier(body) }
  return {
    wantsUsage: about.wantsUsage && api === 'chat',
    plain: thinkingParts ? withPlainContent : undefined,
    read: api === 'responses' ? readResponsesEvent : event => readChatEvent(event, about),
    failure(event, name) {
      const { type, response } = jsonOf(event)
      const hasFailed = type === 'response.failed'
      const said = errorIn(hasFailed ? response : event)
      if (said === undefined && !hasFailed && name !== 'error') return undefined
      return failureOf(
        errorSaid(said ?? { message: 'The provider ended its answer with an error.', code: 'server_error' }, secrets.known()),
        [],
      )
    },
    // Without the parser's error: it quotes what it could not read, which may be anything.
    unreadable: () => failureOf(new ProviderError('An event of the stream is no JSON.', { type: 'SyntaxError' }), secrets.known()),
  }
}

/** The service tier that a request asks for. */
export function requestedTier({ service_tier: tier }: Json): string | undefined {
  if (tier === 'fast') return 'priority'
  return typeof tier === 'string' && tier !== 'auto' ? tier : undefined
}
