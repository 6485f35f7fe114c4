import { isJson, type Json, type ModelCard } from '@routewise/core'
import type { WireApi, WireCall } from '../call.ts'
import { editMembers } from '../json/edit-members.ts'
import type { FlavourTraits } from './flavour.ts'
import { itemsFor } from './items.ts'
import { markedMessages, noteCacheChanges } from './cache-words.ts'
import { messagesFor } from './messages.ts'
import { noteSamplingChanges } from './sampling.ts'
import type { Server } from './server.ts'

const paths: Readonly<Record<WireApi, string>> = { chat: '/chat/completions', responses: '/responses', embeddings: '/embeddings' }

/** Path of an API on a server. */
export const pathOf = ({ basePath }: Server, api: WireApi): string => basePath + paths[api]

/** The body of a request as the server takes it: only members that must change do, and every other byte is its sender's own. */
export function bodyOf(call: WireCall, server: Server, card: ModelCard): string {
  const { body, text, api, stream } = call
  const { model, dimensions } = server
  const changes: Record<string, unknown> = text === undefined ? {} : { ...call.changes }
  if (body['model'] !== model) changes['model'] = model
  if (stream !== (body['stream'] === true)) changes['stream'] = stream ? true : undefined
  if (api === 'chat') noteChatChanges(changes, call, server, card)
  if (api === 'responses') {
    const items = itemsFor(body['input'], { provider: server.provider })
    if (items !== undefined) changes['input'] = items
  }
  if (api !== 'embeddings') noteSamplingChanges(changes, body, card)
  if (api === 'embeddings' && dimensions !== undefined && body['dimensions'] === undefined) changes['dimensions'] = dimensions
  if (call.cache !== undefined) noteCacheChanges(changes, call, server, card)
  if (text === undefined) return JSON.stringify({ ...body, ...changes })
  return withChanges(text, body, changes)
}

/** A text that only gets members it has not had is not walked through for them. */
function withChanges(text: string, body: Json, changes: Readonly<Record<string, unknown>>): string {
  let added = ''
  for (const name in changes) {
    if (name in body) return editMembers(text, changes)
    if (changes[name] !== undefined) added += `,${JSON.stringify(name)}:${JSON.stringify(changes[name])}`
  }
  if (added === '') return text
  const end = text.lastIndexOf('}')
  for (const _ in body) return text.slice(0, end) + added + text.slice(end)
  return editMembers(text, changes)
}

function noteChatChanges(changes: Record<string, unknown>, call: WireCall, server: Server, card: ModelCard): void {
  const { body, stream } = call
  const { traits, model } = server
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
  const marked = markedMessages(call, server, card)
  const messages = messagesFor(marked ?? body['messages'], { traits, model, card }) ?? marked
  if (messages !== undefined) changes['messages'] = messages
  for (const name of traits.refused) if (name in body) changes[name] = undefined
}

/** OpenAI's reasoning models know one name of the two, and servers of old the other. */
function limitName(traits: FlavourTraits, { capabilities }: ModelCard): FlavourTraits['limit'] {
  return traits.limit ?? (traits.developer && capabilities.reasoning ? 'max_completion_tokens' : undefined)
}

/** The sender wants the usage of a stream as an event of its own. */
export const asksForUsage = ({ stream_options: options }: Json): boolean => isJson(options) && options['include_usage'] === true
