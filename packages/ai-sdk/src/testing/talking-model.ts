import type { LanguageModelV4Content, LanguageModelV4GenerateResult, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { convertArrayToReadableStream, MockLanguageModelV4 } from 'ai/test'
import { finish, text, usage } from './scripted-model.ts'

/** What a model says at one step: words, or calls of tools. */
export type Step = string | { tool: string; input: object }

const contentOf = (step: Step): LanguageModelV4Content =>
  typeof step === 'string'
    ? { type: 'text', text: step }
    : { type: 'tool-call', toolCallId: `call-${step.tool}`, toolName: step.tool, input: JSON.stringify(step.input) }

const partsOf = (step: Step): LanguageModelV4StreamPart[] =>
  typeof step === 'string'
    ? text('1', ...step.split(/(?<= )/))
    : [{ type: 'tool-call', toolCallId: `call-${step.tool}`, toolName: step.tool, input: JSON.stringify(step.input) }]

/** A model that says this, step after step and whichever way it is asked, and the last of it from then on. */
export function talkingModel(modelId: string, ...steps: readonly Step[]): MockLanguageModelV4 {
  let asked = 0
  const next = (): Step => steps[Math.min(asked++, steps.length - 1)] ?? ''
  return new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doGenerate: async (): Promise<LanguageModelV4GenerateResult> => {
      const step = next()
      const unified = typeof step === 'string' ? 'stop' : 'tool-calls'
      return { content: [contentOf(step)], finishReason: { unified, raw: undefined }, usage, warnings: [] }
    },
    doStream: async () => {
      const step = next()
      const unified = typeof step === 'string' ? 'stop' : 'tool-calls'
      return { stream: convertArrayToReadableStream([{ type: 'stream-start', warnings: [] }, ...partsOf(step), finish(unified)]) }
    },
  })
}

/** A model that is down. */
export const silentModel = (modelId: string, error: unknown = new Error('down')): MockLanguageModelV4 =>
  new MockLanguageModelV4({ provider: 'mock', modelId, doGenerate: () => Promise.reject(error), doStream: () => Promise.reject(error) })
