import type {
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { tool, type ToolSet } from 'ai'
import { MockLanguageModelV4 } from 'ai/test'
import * as z from 'zod'

export type Part = LanguageModelV4StreamPart
type Opened = Pick<LanguageModelV4StreamResult, 'request' | 'response'>

/** What a model does when it is called once. `breaks`: the stream itself fails after these parts. */
export type Streamed = ({ parts: readonly Part[]; breaks?: { error: unknown } } & Opened) | { throws: unknown }
export type Generated = LanguageModelV4GenerateResult | { throws: unknown }

export const usage: LanguageModelV4Usage = {
  inputTokens: { total: 7, noCache: 4, cacheRead: 3, cacheWrite: 0 },
  outputTokens: { total: 5, text: 3, reasoning: 2 },
  raw: { prompt: 7, completion: 5 },
}

export const finish = (
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other',
  raw?: string,
): Part => ({
  type: 'finish',
  usage,
  finishReason: { unified, raw },
})

/** A block of text, in pieces. */
export const text = (id: string, ...deltas: readonly string[]): Part[] => [
  { type: 'text-start', id },
  ...deltas.map((delta): Part => ({ type: 'text-delta', id, delta })),
  { type: 'text-end', id },
]

export const start: Part = { type: 'stream-start', warnings: [] }
export const metadata = {
  type: 'response-metadata',
  id: 'response-1',
  modelId: 'mock-model-id',
  timestamp: new Date(5_000),
} as const satisfies Part
export const hello = text('1', 'Hel', 'lo')

/** One that the SDK runs, one that the caller runs, one that fails. */
export const tools: ToolSet = {
  look: tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `sunny in ${city}` }),
  ask: tool({ inputSchema: z.object({ city: z.string() }) }),
  fail: tool({
    inputSchema: z.object({}),
    execute: (): string => {
      throw new Error('no such place')
    },
  }),
}

/** Settings of `streamText` or `generateText`, beside the model. */
export type Settings = Readonly<Record<string, unknown>>

export interface StreamScenario {
  /** What the model does, call after call. */
  turns: () => readonly Streamed[]
  settings?: Settings
}

export const once = (...parts: readonly Part[]): StreamScenario => ({ turns: () => [{ parts }] })

/** A model that does, call after call, what is written here, and the last of it from then on. */
export function scriptedModel({ streamed = [], generated = [] }: { streamed?: readonly Streamed[]; generated?: readonly Generated[] }) {
  const model: MockLanguageModelV4 = new MockLanguageModelV4({
    doStream: async () => {
      const turn = streamed[Math.min(model.doStreamCalls.length, streamed.length) - 1]
      if (turn === undefined || 'throws' in turn) throw turn?.throws
      const { parts, breaks, ...opened } = turn
      return { stream: streamOf(parts, breaks), ...opened }
    },
    doGenerate: async () => {
      const turn = generated[Math.min(model.doGenerateCalls.length, generated.length) - 1]
      if (turn === undefined || 'throws' in turn) throw turn?.throws
      return turn
    },
  })
  return model
}

function streamOf(parts: readonly Part[], breaks: { error: unknown } | undefined): ReadableStream<Part> {
  let next = 0
  return new ReadableStream({
    pull(controller) {
      const part = parts[next++]
      if (part !== undefined) controller.enqueue(part)
      else if (breaks !== undefined) controller.error(breaks.error)
      else controller.close()
    },
  })
}
