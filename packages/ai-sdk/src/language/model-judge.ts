import type { LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { askModel, parseOptions, type Judge, type ModelCard } from '@routewise/core'
import * as z from 'zod'
import type { LanguageCall } from './call.ts'
import { createDialect } from './dialect.ts'
import { parseCandidate, type LanguageModel, type LanguageModelEntry } from '../options.ts'
import { questionAbout } from './question.ts'
import { createTarget } from './target.ts'

const options = z.strictObject({
  model: z.custom<LanguageModel | LanguageModelEntry>(value => typeof value === 'object' && value !== null, 'expected a language model'),
  criteria: z.string().min(1).optional(),
  accept: z.number().min(0).max(1).default(0.5),
  maxChars: z.number().int().min(200).optional(),
})

export interface ModelJudgeOptions {
  /** Any language model, or an entry of one with a `card` of its own. Asked once for each answer. */
  model: LanguageModel | LanguageModelEntry
  /** What is true of a good answer, in words. Default: that it does what the request asks, is correct and complete. */
  criteria?: string
  /** Least probability of yes that is accepted, 0 to 1; of a model without log-probabilities yes is 1 and no is 0. Default .5. */
  accept?: number
  /** Characters that are shown of the request, and of the answer; what is longer loses its middle. Default 8000. */
  maxChars?: number
}

/**
 * Has a language model judge whether an answer meets the request. That is paid for and on the receipt; when the model fails, or says
 * neither yes nor no, there is no verdict.
 * @throws RouterError `invalid_option`.
 */
export function modelJudge(given: ModelJudgeOptions): Judge {
  const { model, criteria, accept, maxChars } = parseOptions(options, given, 'modelJudge')
  const candidate = parseCandidate(model, undefined, 'modelJudge: model')
  const target = createTarget(candidate, { alone: true, mayResume: false })
  const settings = forOneWord(candidate.card)
  return askModel({
    target,
    dialect: createDialect(),
    accept,
    ask: (answer, { call }): LanguageCall => ({
      kind: 'generate',
      options: { ...settings, prompt: questionAbout(call as LanguageCall, answer, { criteria, maxChars }) },
      trace: { latest: undefined },
    }),
  })
}

/** Tokens for a word, and for what is thought before it where the model thinks. */
const WORD_TOKENS = 16
const THOUGHT_TOKENS = 4_096

const forOneWord = ({ capabilities }: ModelCard): Partial<LanguageModelV4CallOptions> => ({
  maxOutputTokens: capabilities.reasoning ? THOUGHT_TOKENS : WORD_TOKENS,
  ...(capabilities.sampling && { temperature: 0 }),
})
