import type { Clock, Receipt } from '@routewise/core'
import type OpenAI from 'openai'
import type { ChatCompletionFunctionTool, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import type { Conversation } from '../conversation.ts'
import { promptCacheKeyOf } from '../prompt-cache-key.ts'
import type { Desk, DeskReply } from '../thread.ts'
import { createCollector, parsed } from './collect.ts'
import { toChatMessage } from './messages.ts'

/** Whom the app asks. */
export interface Reached {
  client(): Promise<OpenAI>
  model: string
  /** Sent with every request. */
  headers: Readonly<Record<string, string>>
  /** The receipt of the request that has just ended; `undefined` where no router made it. */
  takeReceipt(): Receipt | undefined
}

/**
 * The app of the demo, as one writes it with the `openai` SDK: chat completions, streamed, with tools where the conversation offers some;
 * whole and with a response format for answers held to a schema. The app cannot tell which model it was given.
 */
export function createDesk(reached: Reached, conversation: Conversation, clock: Clock): Desk<ChatCompletionMessageParam> {
  const { schema } = conversation
  const { headers, takeReceipt } = reached
  const write: Desk<ChatCompletionMessageParam>['write'] = messages => messages.map(toChatMessage)
  if (schema !== undefined) {
    const format = { type: 'json_schema' as const, json_schema: { name: schema.name, schema: { ...schema.schema }, strict: true } }
    return {
      write,
      async ask(messages, { signal }) {
        const client = await reached.client()
        const startedAt = clock.now()
        const body = { ...bodyOf(conversation, reached.model, messages), response_format: format }
        const { choices } = await client.chat.completions.create(body, { signal, headers })
        return asText(choices[0]?.message.content ?? '', clock.now() - startedAt, takeReceipt())
      },
    }
  }
  return {
    write,
    async ask(messages, { signal }) {
      const client = await reached.client()
      const startedAt = clock.now()
      const stream = await client.chat.completions.create(streamed(conversation, reached.model, messages), { signal, headers })
      const collector = createCollector()
      let firstTokenMs: number | undefined
      for await (const chunk of stream) if (collector.add(chunk)) firstTokenMs ??= clock.now() - startedAt
      // The SDK ends the stream of a call that was aborted without a word.
      signal.throwIfAborted()
      return {
        answer: collector.answer(),
        messages: [collector.message()],
        firstTokenMs: firstTokenMs ?? clock.now() - startedAt,
        receipt: takeReceipt(),
      }
    },
  }
}

/** What all calls of a conversation have in common. */
function bodyOf(conversation: Conversation, model: string, messages: readonly ChatCompletionMessageParam[]) {
  const tools = toolsOf(conversation.tools)
  return {
    model,
    messages: [...messages],
    ...(tools.length > 0 && { tools }),
    prompt_cache_key: promptCacheKeyOf(conversation),
  }
}

/** The body of a call whose answer streams. */
export const streamed = (conversation: Conversation, model: string, messages: readonly ChatCompletionMessageParam[]) => ({
  ...bodyOf(conversation, model, messages),
  stream: true as const,
  stream_options: { include_usage: true },
})

const toolsOf = (tools: Conversation['tools']): ChatCompletionFunctionTool[] =>
  tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters: { ...parameters } } }))

/** The answer as JSON text, however its model wrote it. */
function asText(content: string, firstTokenMs: number, receipt: Receipt | undefined): DeskReply<ChatCompletionMessageParam> {
  const value = parsed(content)
  const text = value === undefined ? content : JSON.stringify(value)
  return { answer: { text, toolCalls: [] }, messages: [{ role: 'assistant', content: text }], firstTokenMs, receipt }
}
