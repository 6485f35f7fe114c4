import type { Clock } from '@routewise/core'
import { receiptOf } from '@routewise/ai-sdk'
import { generateText, jsonSchema, NoObjectGeneratedError, Output, streamText, tool } from 'ai'
import type { JSONSchema7, LanguageModel, ModelMessage, StepResult, ToolSet } from 'ai'
import type { Conversation } from '../conversation.ts'
import { promptCacheKeyOf } from '../prompt-cache-key.ts'
import type { Desk, DeskReply } from '../thread.ts'
import { toModelMessages } from './messages.ts'

/**
 * The app of the demo, as one writes it with the AI SDK: `streamText`, with tools where the conversation offers some; `generateText`
 * with an output for answers held to a schema. The app cannot tell which model it was given.
 */
export function createDesk(model: LanguageModel, conversation: Conversation, clock: Clock): Desk<ModelMessage> {
  const { schema } = conversation
  const call = callOf(model, conversation)
  if (schema !== undefined) {
    const output = Output.object({ name: schema.name, schema: jsonSchema(schema.schema as JSONSchema7) })
    return {
      write: toModelMessages,
      async ask(messages, { signal }) {
        const startedAt = clock.now()
        let step: StepResult<ToolSet> | undefined
        const parsed = await generateText({
          ...call(messages, signal),
          output,
          onStepEnd: ended => void (step = ended),
        }).then(result => result.output, unlessUnfit)
        if (step === undefined) throw new Error('The model gave no answer.')
        return asText(step, parsed, clock.now() - startedAt)
      },
    }
  }
  const tools = toolsOf(conversation.tools)
  return {
    write: toModelMessages,
    async ask(messages, { signal }) {
      const startedAt = clock.now()
      let firstTokenMs: number | undefined
      // What goes wrong is thrown below; by default the SDK prints it as well.
      const result = streamText({ ...call(messages, signal), tools, onError() {} })
      for await (const part of result.stream) {
        if (part.type === 'error') throw part.error
        if (firstTokenMs === undefined && isSeen(part)) firstTokenMs = clock.now() - startedAt
      }
      signal.throwIfAborted()
      return replyOf(await result.finalStep, firstTokenMs ?? clock.now() - startedAt)
    },
  }
}

/** What all calls of a conversation have in common. */
export function callOf(model: LanguageModel, conversation: Conversation) {
  const providerOptions = {
    // Anthropic caches prompts only where it is asked to: here, up to the end of every prompt.
    anthropic: { cacheControl: { type: 'ephemeral' } },
    openai: { promptCacheKey: promptCacheKeyOf(conversation) },
  }
  return (messages: readonly ModelMessage[], abortSignal: AbortSignal) => ({
    model,
    messages: [...messages],
    // A conversation begins with what the desk itself has written.
    allowSystemInMessages: true,
    maxRetries: 0,
    abortSignal,
    providerOptions,
  })
}

/** Tools without `execute`: what they return is part of the demo's input. */
export const toolsOf = (tools: Conversation['tools']): ToolSet =>
  Object.fromEntries(
    tools.map(({ name, description, parameters }) => [name, tool({ description, inputSchema: jsonSchema(parameters as JSONSchema7) })]),
  )

/** An answer that does not fit its schema is an answer all the same, and scored as what it says. */
function unlessUnfit(error: unknown): undefined {
  if (!NoObjectGeneratedError.isInstance(error)) throw error
}

/** The answer as JSON text, however the model was made to give it: a transcript must not end in a call of no tool. */
function asText(step: StepResult<ToolSet>, parsed: unknown, firstTokenMs: number): DeskReply<ModelMessage> {
  const text = parsed === undefined ? step.text : JSON.stringify(parsed)
  return { answer: { text, toolCalls: [] }, messages: [{ role: 'assistant', content: text }], firstTokenMs, receipt: receiptOf(step) }
}

function replyOf(step: StepResult<ToolSet>, firstTokenMs: number): DeskReply<ModelMessage> {
  const toolCalls = step.toolCalls.flatMap(({ toolCallId, toolName, input, invalid }) =>
    invalid === true ? [] : [{ id: toolCallId, name: toolName, arguments: input as Readonly<Record<string, unknown>> }],
  )
  return { answer: { text: step.text, toolCalls }, messages: step.response.messages, firstTokenMs, receipt: receiptOf(step) }
}

const isSeen = (part: { type: string; text?: string }): boolean =>
  (part.type === 'text-delta' && part.text !== '') || part.type === 'tool-input-start' || part.type === 'tool-call'
