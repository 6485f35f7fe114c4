import { isJson, type Json, type ModelCard } from '@routewise/core'
import type { WireApi, WireCall } from '../call.ts'
import { editMembers } from '../json/edit-members.ts'
import type { FlavourTraits } from './flavour.ts'
import { messagesFor } from './messages.ts'
import type { Server } from './server.ts'

const paths: Readonly<Record<WireApi, string>> = { chat: '/chat/completions', responses: '/responses', embeddings: '/embeddings' }

/** Path of an API on a server. */
export const pathOf = ({ basePath }: Server, api: WireApi): string => basePath + paths[api]

/** The body of a request as the server takes it: only members that must change do, and every other byte is its sender's own. */
export function bodyOf({ body, text, api, stream }: WireCall, { model, traits, dimensions }: Server, card: ModelCard): string {
  const changes: Record<string, unknown> = {}
  if (body['model'] !== model) changes['model'] = model
  if (stream !== (body['stream'] === true)) changes['stream'] = stream ? true : undefined
  if (api === 'chat') noteChatChanges(changes, body, stream, traits, card)
  if (api === 'embeddings' && dimensions !== undefined && body['dimensions'] === undefined) changes['dimensions'] = dimensions
  if (text === undefined) return JSON.stringify({ ...body, ...changes })
  for (const _ in changes) return editMembers(text, changes)
  return text
}

function noteChatChanges(changes: Record<string, unknown>, body: Json, stream: boolean, traits: FlavourTraits, card: ModelCard): void {
  const { stream_options: options } = body
  // A stream tells its usage only where it is asked to, and without it nobody knows what it cost.
  if (stream && traits.streamOptions && !asksForUsage(body))
    changes['stream_options'] = { ...(isJson(options) && options), include_usage: true }
  const limit = limitName(traits, card)
  const other = limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens'
  if (limit !== undefined && body[other] !== undefined) {
    changes[other] = undefined
    if (body[limit] == null) changes[limit] = body[other]
  }
  const messages = messagesFor(body['messages'], traits)
  if (messages !== undefined) changes['messages'] = messages
  for (const name of traits.refused) if (name in body) changes[name] = undefined
}

/** OpenAI's reasoning models know one name of the two, and servers of old the other. */
function limitName(traits: FlavourTraits, { capabilities }: ModelCard): FlavourTraits['limit'] {
  return traits.limit ?? (traits.developer && capabilities.reasoning ? 'max_completion_tokens' : undefined)
}

/** The sender wants the usage of a stream as an event of its own. */
export const asksForUsage = ({ stream_options: options }: Json): boolean => isJson(options) && options['include_usage'] === true
