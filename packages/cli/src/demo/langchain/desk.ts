import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type AIMessageChunk, type BaseMessage, type MessageContent } from '@langchain/core/messages'
import { ChatPromptTemplate } from '@langchain/core/prompts'
import type { Clock } from '@routewise/core'
import { receiptOf } from '@routewise/langchain'
import type { Conversation } from '../conversation.ts'
import { promptCacheKeyOf } from '../prompt-cache-key.ts'
import type { Desk, DeskReply } from '../thread.ts'
import { answerOf, toLangChain } from './messages.ts'

/**
 * The app of the demo, as one writes it with LangChain: a prompt piped into a chat model, with tools bound where the conversation
 * offers some. Answers stream; those held to a schema come whole. The app cannot tell which model it was given.
 */
export function createDesk(model: BaseChatModel, conversation: Conversation, clock: Clock): Desk<BaseMessage> {
  const { tools, schema } = conversation
  const promptCacheKey = promptCacheKeyOf(conversation)
  const prompt = ChatPromptTemplate.fromMessages([['placeholder', '{messages}']])
  const write: Desk<BaseMessage>['write'] = messages => messages.map(toLangChain)
  const reply = (message: AIMessage, firstTokenMs: number): DeskReply<BaseMessage> => ({
    answer: answerOf(message),
    messages: [message],
    firstTokenMs,
    receipt: receiptOf(message),
  })
  if (schema !== undefined) {
    // By the providers' own formats, which all of these models have: a tool that must be called costs more, and some refuse it.
    const structure = { name: schema.name, method: 'jsonSchema', includeRaw: true } as const
    const extract = prompt.pipe(model.withStructuredOutput({ ...schema.schema }, structure))
    return {
      write,
      async ask(messages, { signal }) {
        const startedAt = clock.now()
        const { raw, parsed } = await extract.invoke({ messages }, callOptions(signal, promptCacheKey))
        return reply(asText(raw, parsed), clock.now() - startedAt)
      },
    }
  }
  const chain = prompt.pipe(tools.length === 0 ? model : bindTools(model, tools))
  return {
    write,
    async ask(messages, { signal }) {
      const startedAt = clock.now()
      let firstTokenMs: number | undefined
      let whole: AIMessageChunk | undefined
      for await (const chunk of await chain.stream({ messages }, callOptions(signal, promptCacheKey))) {
        if (firstTokenMs === undefined && isSeen(chunk)) firstTokenMs = clock.now() - startedAt
        whole = whole === undefined ? chunk : whole.concat(chunk)
      }
      if (whole === undefined) throw new Error('The model ended its stream without a word.')
      whole.content = inOnePiece(whole.content)
      return reply(whole, firstTokenMs ?? clock.now() - startedAt)
    },
  }
}

/** `promptCacheKey` is an option of LangChain's OpenAI class; the others pass over it. */
const callOptions = (signal: AbortSignal, promptCacheKey: string): { signal: AbortSignal } & Record<string, unknown> => ({
  signal,
  promptCacheKey,
})

/** Tools as OpenAI has them, which every class of LangChain takes. */
export const toolsOf = (tools: Conversation['tools']) =>
  tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }))

function bindTools(model: BaseChatModel, tools: Conversation['tools']) {
  if (model.bindTools === undefined) throw new TypeError(`${model.getName()} takes no tools.`)
  return model.bindTools(toolsOf(tools))
}

/** The answer as JSON text, however the model was made to give it: a transcript must not end in a call of no tool. */
function asText(raw: BaseMessage, parsed: unknown): AIMessage {
  const content = parsed === null || parsed === undefined ? raw.text : JSON.stringify(parsed)
  return new AIMessage({ content, response_metadata: raw.response_metadata })
}

/** Text that streamed beside thoughts is kept as the pieces it came in, each of which would be a block of its own in the next prompt. */
function inOnePiece(content: MessageContent): MessageContent {
  if (typeof content === 'string') return content
  const blocks: typeof content = []
  for (const block of content) {
    const last = blocks.at(-1)
    if (isText(block) && isText(last)) blocks[blocks.length - 1] = { ...last, text: `${last.text}${block.text}` }
    else blocks.push(block)
  }
  return blocks
}

const isText = (block: { type: string; text?: unknown } | undefined): block is { type: 'text'; text: string } =>
  block?.type === 'text' && typeof block.text === 'string'

const isSeen = (chunk: AIMessageChunk): boolean => chunk.text !== '' || (chunk.tool_call_chunks ?? []).length > 0
