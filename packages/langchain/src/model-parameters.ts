import { RouterError, type RoutingOptions } from '@routewise/core'
import * as z from 'zod'

/** Settings that stand in for those of every candidate. */
export interface ModelSettings {
  temperature?: number
  topP?: number
  /** For candidates whose class has it. */
  topK?: number
  /** Limit of output tokens. */
  maxTokens?: number
}

/** LangChain's standard parameters of a chat model, as a routed model takes them. */
export interface ModelParameters extends ModelSettings {
  /** Words that end an answer, unless a call has its own. */
  stop?: readonly string[]
  /** The same as `stop`. */
  stopSequences?: readonly string[]
  /** Milliseconds for the whole call: the same as `timeouts.totalMs`. */
  timeout?: number
  /** Times that one call may ask a candidate again: the same as `retry.maxRetries`. The candidates' own are not heeded. */
  maxRetries?: number
  /** Whether `invoke()` streams underneath; `false`: not even `stream()` does. */
  streaming?: boolean
}

const words = z.array(z.string()).readonly().optional()

export const modelParametersShape = {
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  topK: z.number().int().positive().optional(),
  maxTokens: z.number().int().positive().optional(),
  stop: words,
  stopSequences: words,
  timeout: z.number().positive().optional(),
  maxRetries: z.number().int().min(0).optional(),
  streaming: z.boolean().optional(),
}

export interface ParsedModelParameters {
  settings: ModelSettings
  stop: string[] | undefined
  timeouts: RoutingOptions['timeouts']
  retry: RoutingOptions['retry']
  streaming: boolean | undefined
}

/** @throws RouterError `invalid_option` when one thing is said in two ways that differ. */
export function readModelParameters(given: ModelParameters & Pick<RoutingOptions, 'timeouts' | 'retry'>): ParsedModelParameters {
  const { temperature, topP, topK, maxTokens, stop, stopSequences, timeout, timeouts, maxRetries, retry, streaming } = given
  if (stop !== undefined && stopSequences !== undefined) assertSame(['stop', stop], ['stopSequences', stopSequences])
  if (timeout !== undefined && timeouts?.totalMs !== undefined) assertSame(['timeout', timeout], ['timeouts.totalMs', timeouts.totalMs])
  const ownRetries = retry === false ? 0 : retry?.maxRetries
  if (maxRetries !== undefined && ownRetries !== undefined) assertSame(['maxRetries', maxRetries], ['retry.maxRetries', ownRetries])
  const ends = stop ?? stopSequences ?? []
  return {
    settings: {
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
      ...(topK !== undefined && { topK }),
      ...(maxTokens !== undefined && { maxTokens }),
    },
    stop: ends.length > 0 ? [...ends] : undefined,
    timeouts: timeout === undefined ? timeouts : { ...timeouts, totalMs: timeout },
    retry: maxRetries === undefined || retry === false ? retry : { ...retry, maxRetries: Math.min(maxRetries, MOST_RETRIES) },
    streaming,
  }
}

/** The most that the router makes; LangChain's models know no limit. */
const MOST_RETRIES = 10

type Named = readonly [name: string, value: unknown]

function assertSame([name, value]: Named, [otherName, otherValue]: Named): void {
  const [text, otherText] = [JSON.stringify(value), JSON.stringify(otherValue)]
  if (text === otherText) return
  throw new RouterError(
    'invalid_option',
    `RoutedChatModel: option \`${name}\` is ${text} and \`${otherName}\` is ${otherText}: both mean the same, give one`,
  )
}

/** Keys are the candidates' own, whatever LangChain's classes call them. The message leaves the value out. */
export function refuseKeys(options: object): void {
  const name = Object.keys(options).find(key => /api_?key$/i.test(key))
  if (name === undefined) return
  throw new RouterError(
    'invalid_option',
    `RoutedChatModel: option \`${name}\` is not taken: keys belong to the candidates. Give each model its own, as in new ChatOpenAI({ model, apiKey }).`,
  )
}
