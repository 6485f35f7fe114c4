import type { LanguageModelV4GenerateResult } from '@ai-sdk/provider'
import type { LanguagePiece } from '@routewise/ai-sdk/target'
import type { Json } from '@routewise/core'
import { annotationOf, imageOf } from './attachments.ts'
import { createKeepsakes } from './keepsakes.ts'
import { chatLogprobs } from './logprobs.ts'
import { chatFinishReason, chatUsage, tierOf } from './usage.ts'

/** What an answer is known by, where its provider has not said so. */
export interface AnswerFacts {
  id: string
  /** Seconds since 1970. */
  created: number
  model: string
  /** The caller has asked for log-probabilities. */
  logprobs: boolean
}

/** A whole answer as a chat completion. */
export function completionOf(result: LanguageModelV4GenerateResult, reading: LanguagePiece['reading'], facts: AnswerFacts): Json {
  const { response } = result
  const { finish = 'other', usage } = reading
  const { message, toolCalls } = messageOf(result)
  // OpenAI's own refusals end like an answer; what others have refused ends as filtered.
  const isRefusal = finish === 'refusal' && (result.finishReason.raw ?? 'stop') === 'stop' && message['content'] !== null
  const said = isRefusal ? { content: null, refusal: message['content'] } : {}
  return {
    id: response?.id ?? facts.id,
    object: 'chat.completion',
    created: response?.timestamp === undefined ? facts.created : secondsOf(response.timestamp),
    model: response?.modelId ?? facts.model,
    choices: [
      {
        index: 0,
        message: { ...message, ...said },
        logprobs: facts.logprobs ? chatLogprobs(result.providerMetadata) : null,
        finish_reason: isRefusal ? 'stop' : chatFinishReason(finish, toolCalls > 0),
      },
    ],
    ...(usage !== undefined && { usage: chatUsage(usage) }),
    ...(usage !== undefined && tierOf(usage)),
  }
}

export const secondsOf = (date: Date): number => Math.floor(date.getTime() / 1_000)

function messageOf({ content, structuredOutputText }: LanguageModelV4GenerateResult): { message: Json; toolCalls: number } {
  let text = ''
  let thoughts = ''
  const toolCalls: Json[] = []
  const annotations: Json[] = []
  const images: Json[] = []
  const keepsakes = createKeepsakes()
  for (const part of content) {
    switch (part.type) {
      case 'text':
        text += part.text
        keepsakes.addText(part.providerMetadata)
        break
      case 'reasoning':
        thoughts += part.text
        keepsakes.addThought(part.text, part.providerMetadata)
        break
      case 'tool-call': {
        // What the provider runs by itself is nothing for the caller to run.
        if (part.providerExecuted === true) break
        const { toolCallId: id, toolName: name, input } = part
        const metadata = keepsakes.addCall(id, part.providerMetadata)
        toolCalls.push({
          id,
          type: 'function',
          function: { name, arguments: input },
          ...(metadata !== undefined && { provider_metadata: metadata }),
        })
        break
      }
      case 'source':
        annotations.push(...annotationOf(part, text.length))
        break
      case 'file':
        images.push(...imageOf(part))
        break
      default:
    }
  }
  const answer = structuredOutputText ?? text
  const message: Record<string, unknown> = {
    role: 'assistant',
    content: answer === '' && toolCalls.length > 0 ? null : answer,
    refusal: null,
  }
  if (thoughts !== '') message['reasoning_content'] = thoughts
  Object.assign(message, keepsakes.members())
  if (toolCalls.length > 0) message['tool_calls'] = toolCalls
  if (images.length > 0) message['images'] = images
  message['annotations'] = annotations
  return { message, toolCalls: toolCalls.length }
}
