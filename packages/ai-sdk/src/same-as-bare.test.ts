import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { expectSame, routedAlone } from './testing/bare-and-routed.ts'
import { faultyStreams } from './testing/faulty-streams.ts'
import { generateScenarios } from './testing/generate-scenarios.ts'
import { observeGenerate, observeStream } from './testing/observe.ts'
import { finish, scriptedModel, text } from './testing/scripted-model.ts'
import { stepwiseStreams } from './testing/stepwise-streams.ts'
import { streamScenarios } from './testing/stream-scenarios.ts'

// A routed model with one candidate must be told from the bare model by nothing but the receipt.

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  globalThis.AI_SDK_LOG_WARNINGS = false
})
afterAll(() => {
  vi.useRealTimers()
  globalThis.AI_SDK_LOG_WARNINGS = undefined
})

describe('a stream is the same, and all that comes of it, where the model gives', () => {
  test.each(Object.entries({ ...streamScenarios, ...faultyStreams, ...stepwiseStreams }))('%s', (_, { turns, settings }) =>
    expectSame(
      () => scriptedModel({ streamed: turns() }),
      model => observeStream(model, settings),
    ),
  )
})

describe('a whole answer is the same, and all that comes of it, where the model gives', () => {
  test.each(Object.entries(generateScenarios))('%s', (_, { turns, settings }) =>
    expectSame(
      () => scriptedModel({ generated: turns() }),
      model => observeGenerate(model, settings),
    ),
  )
})

test('an answer that has said its end is whole, whatever becomes of its line then', async () => {
  const model = scriptedModel({ streamed: [{ parts: [...text('1', 'Hello'), finish('stop')], breaks: { error: new Error('cut') } }] })
  expect(await observeStream(routedAlone(model))).toMatchObject({ text: 'Hello', finishReason: 'stop' })
})
