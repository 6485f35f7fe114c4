import type { LanguageModelV2 } from '@ai-sdk/provider'
import { generateText, streamText } from 'ai'
import { convertArrayToReadableStream, MockLanguageModelV3 } from 'ai/test'
import { expect, test } from 'vitest'
import { createRouted, receiptOf } from './index.ts'
import { silentModel } from './testing/talking-model.ts'

const content = [{ type: 'text' as const, text: 'Hello' }]
const plainUsage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 }
const v2 = (): LanguageModelV2 => ({
  specificationVersion: 'v2',
  provider: 'mock',
  modelId: 'v2',
  supportedUrls: {},
  doGenerate: async () => ({ content, finishReason: 'stop', usage: plainUsage, warnings: [] }),
  doStream: async () => ({
    stream: convertArrayToReadableStream([
      { type: 'text-start', id: '1' },
      { type: 'text-delta', id: '1', delta: 'Hello' },
      { type: 'text-end', id: '1' },
      { type: 'finish', finishReason: 'stop', usage: plainUsage },
    ]),
  }),
})
const usage = { inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 2, text: 2, reasoning: 0 } }
const finishReason = { unified: 'stop' as const, raw: undefined }
const v3 = () =>
  new MockLanguageModelV3({
    modelId: 'v3',
    doGenerate: { content, finishReason, usage, warnings: [] },
    doStream: async () => ({
      stream: convertArrayToReadableStream([
        { type: 'text-start' as const, id: '1' },
        { type: 'text-delta' as const, id: '1', delta: 'Hello' },
        { type: 'text-end' as const, id: '1' },
        { type: 'finish' as const, finishReason, usage },
      ]),
    }),
  })

test.each([
  ['v2', v2],
  ['v3', v3],
] as const)('%s answers beside the newest, whole and streamed', async (_, old) => {
  globalThis.AI_SDK_LOG_WARNINGS = false
  const model = createRouted({ models: { down: silentModel('a'), old: old() }, policy: candidates => candidates })('auto')
  const whole = await generateText({ model, prompt: 'Hello?' })
  const streamed = streamText({ model, prompt: 'Hello?' })
  expect([whole.text, await streamed.text]).toEqual(['Hello', 'Hello'])
  for (const receipt of [receiptOf(whole), receiptOf(await streamed.finalStep)]) {
    expect(receipt).toMatchObject({ target: 'old', usage: { inputTokens: 3, outputTokens: 2 } })
  }
  globalThis.AI_SDK_LOG_WARNINGS = undefined
})
