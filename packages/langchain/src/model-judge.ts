import { askModel, judgePrompt, parseOptions, type Answer, type Judge, type RequestLine } from '@routewise/core'
import { HumanMessage, SystemMessage, type AIMessage, type BaseMessage } from '@langchain/core/messages'
import * as z from 'zod'
import type { ChatCall } from './call.ts'
import { createDialect } from './dialect.ts'
import { parseCandidate, type CandidateEntry, type CandidateModel } from './options.ts'
import { settingsFor } from './settings.ts'
import { createTarget, type ChatCandidate } from './target.ts'

const options = z.strictObject({
  model: z.custom<CandidateModel | CandidateEntry>(value => typeof value === 'object' && value !== null, 'expected a chat model'),
  criteria: z.string().min(1).optional(),
  accept: z.number().min(0).max(1).default(0.5),
  maxChars: z.number().int().min(200).optional(),
})

export interface ModelJudgeOptions {
  /** Any chat model, or an entry of one with a `card` of its own. Asked once for each answer. */
  model: CandidateModel | CandidateEntry
  /** What is true of a good answer, in words. Default: that it does what the request asks, is correct and complete. */
  criteria?: string
  /** Least probability of yes that is accepted, 0 to 1; of a model without log-probabilities yes is 1 and no is 0. Default .5. */
  accept?: number
  /** Characters that are shown of the request, and of the answer; what is longer loses its middle. Default 8000. */
  maxChars?: number
}

/**
 * Has a chat model judge whether an answer meets the request. That is paid for and on the receipt; when the model fails, or says neither
 * yes nor no, there is no verdict.
 * @throws RouterError `invalid_option`.
 */
export function modelJudge(given: ModelJudgeOptions): Judge {
  const { model, criteria, accept, maxChars } = parseOptions(options, given, 'modelJudge')
  const candidate = parseCandidate(model, undefined, {}, 'modelJudge: model')
  const target = createTarget({ ...candidate, settings: forOneWord(candidate) })
  const ask = (answer: Answer, { messages, mending }: ChatCall): ChatCall => {
    const request = (mending?.messages ?? messages).map(lineOf)
    const { instructions, question } = judgePrompt({ request, answer, criteria, maxChars })
    return {
      kind: 'generate',
      messages: [new SystemMessage(instructions), new HumanMessage(question)],
      tools: undefined,
      structured: undefined,
      options: {},
    }
  }
  return askModel({ target, dialect: createDialect([target]), accept, ask: (answer, { call }) => ask(answer, call as ChatCall) })
}

/** Tokens for a word, and for what is thought before it where the model thinks. */
const WORD_TOKENS = 16
const THOUGHT_TOKENS = 4_096

function forOneWord({ model, family, card }: ChatCandidate): ChatCandidate['settings'] {
  const { budget_tokens: budget } = ((model as { thinking?: unknown }).thinking ?? {}) as { budget_tokens?: unknown }
  // A budget for thinking must stay below the limit of tokens: who has set the one has set the other.
  const limit = typeof budget === 'number' ? {} : { maxTokens: card.capabilities.reasoning ? THOUGHT_TOKENS : WORD_TOKENS }
  return settingsFor(model, family, card, { temperature: 0, ...limit })
}

function lineOf(message: BaseMessage): RequestLine {
  const { tool_calls: calls = [] } = message as AIMessage
  const parts = [message.text, ...calls.map(({ name, args }) => `${name}(${JSON.stringify(args)})`)]
  return { role: roles[message.type] ?? 'user', parts }
}

const roles: Readonly<Record<string, string>> = { system: 'system', developer: 'system', ai: 'assistant', tool: 'tool', function: 'tool' }
