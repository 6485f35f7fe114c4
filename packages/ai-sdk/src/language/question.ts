import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider'
import { judgePrompt, type Answer, type RequestLine } from '@routewise/core'
import type { LanguageCall } from './call.ts'
import { readMessage } from './describe.ts'

interface QuestionOptions {
  /** What is true of a good answer, in words. Default: that it does what the request asks, is correct and complete. */
  criteria?: string | undefined
  /** Characters that are shown of the request, and of the answer; what is longer loses its middle. Default 8000. */
  maxChars?: number | undefined
}

/** The prompt of a model that judges whether an answer meets the request of `call`, by yes or no. */
export function questionAbout(
  { options, mending }: LanguageCall,
  answer: Answer,
  { criteria, maxChars }: QuestionOptions = {},
): LanguageModelV4Prompt {
  const request = (mending?.prompt ?? options.prompt).map(lineOf)
  const { instructions, question } = judgePrompt({ request, answer, criteria, maxChars })
  return [
    { role: 'system', content: instructions },
    { role: 'user', content: [{ type: 'text', text: question }] },
  ]
}

/** What was said aloud: thoughts, and what providers keep for themselves, are no part of a request. */
function lineOf(message: LanguageModelV4Message): RequestLine {
  const { texts, toolCalls = [], media = [] } = readMessage(spoken(message))
  const calls = toolCalls.map(call => `${call.name}(${call.arguments})`)
  return { role: message.role, parts: [...texts, ...calls, ...media.map(({ kind }) => `[${kind}]`)] }
}

function spoken(message: LanguageModelV4Message): LanguageModelV4Message {
  if (message.role !== 'assistant') return message
  return {
    ...message,
    content: message.content.filter(({ type }) => type !== 'reasoning' && type !== 'reasoning-file' && type !== 'custom'),
  }
}
