import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import type { Clock } from '@routewise/core'
import type { Conversation } from './conversation.ts'

export interface DeskReply {
  message: AIMessage
  /** From the call to the first piece of the answer that a user would see. */
  firstTokenMs: number
}

/** The app: answers the transcript of one conversation. */
export type Desk = (messages: readonly BaseMessage[], options: { signal: AbortSignal }) => Promise<DeskReply>

/**
 * The app of the demo, as one writes it with LangChain: a prompt piped into a chat model, with tools bound where the conversation
 * offers some. Answers stream; those held to a schema come whole. The app cannot tell which model it was given.
 */
export function createDesk(model: BaseChatModel, conversation: Conversation, clock: Clock): Desk {
  const { tools, schema } = conversation
  const promptCacheKey = cacheKeyOf(conversation)
  const prompt = ChatPromptTemplate.fromMessages([['placeholder', '{messages}']])
  if (schema !== undefined) {
    const extract = prompt.pipe(
      model.withStructuredOutput({ title: schema.name, ...schema.schema }, { name: schema.name, includeRaw: true }),
    )
    return async (messages, { signal }) => {
      const startedAt = clock.now()
      const { raw, parsed } = await extract.invoke({ messages }, callOptions(signal, promptCacheKey))
      return { message: asText(raw, parsed), firstTokenMs: clock.now() - startedAt }
    }
  }
  const chain = prompt.pipe(tools.length === 0 ? model : bindTools(model, tools))
  return async (messages, { signal }) => {
    const startedAt = clock.now()
    let firstTokenMs: number | undefined
    let whole: AIMessageChunk | undefined
    for await (const chunk of await chain.stream({ messages }, callOptions(signal, promptCacheKey))) {
      if (firstTokenMs === undefined && isSeen(chunk)) firstTokenMs = clock.now() - startedAt
      whole = whole === undefined ? chunk : whole.concat(chunk)
    }
    if (whole === undefined) throw new Error('The model ended its stream without a word.')
    return { message: whole, firstTokenMs: firstTokenMs ?? clock.now() - startedAt }
  }
}

/** `promptCacheKey` is an option of LangChain's OpenAI class; the others pass over it. */
const callOptions = (signal: AbortSignal, promptCacheKey: string): { signal: AbortSignal } & Record<string, unknown> => ({
  signal,
  promptCacheKey,
})

/**
 * OpenAI wants a key with every prompt that is to be found in its cache, and at most some 15 requests a minute under one:
 * one key for each beginning that prompts share, spread over a few; a long conversation has its own.
 */
function cacheKeyOf({ id, start, tools, turns }: Conversation): string {
  if (turns.length > LONG_CONVERSATION_TURNS) return `desk-${hash(id)}`
  const beginning = [...start.map(({ text }) => text), ...tools.map(({ name }) => name)].join(' ')
  return `desk-${hash(beginning)}-${hash(id) % KEYS_PER_BEGINNING}`
}

const KEYS_PER_BEGINNING = 3
const LONG_CONVERSATION_TURNS = 10
const hash = (text: string): number => {
  let sum = 7
  for (let at = 0; at < text.length; at += 1) sum = (sum * 31 + text.charCodeAt(at)) % 65_521
  return sum
}

function bindTools(model: BaseChatModel, tools: Conversation['tools']) {
  if (model.bindTools === undefined) throw new TypeError(`${model.getName()} takes no tools.`)
  return model.bindTools(
    tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } })),
  )
}

/** The answer as JSON text, however the model was made to give it: a transcript must not end in a call of no tool. */
function asText(raw: BaseMessage, parsed: unknown): AIMessage {
  const content = parsed === null || parsed === undefined ? raw.text : JSON.stringify(parsed)
  return new AIMessage({ content, response_metadata: raw.response_metadata })
}

const isSeen = (chunk: AIMessageChunk): boolean => chunk.text !== '' || (chunk.tool_call_chunks ?? []).length > 0
