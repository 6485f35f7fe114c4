import { RouterError } from '@routewise/core'
import { generateText, streamText } from 'ai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRouted, modelJudge, receiptOf, type ModelJudgeOptions } from '../index.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

const poor = 'Who knows.'
const fine = 'It is on its way to you.'
const opinion = (prompt: string) => (/<answer>[^<]*\bway\b/.test(prompt) ? 'Yes' : 'no.')
let world: Simulated
beforeEach(async () => {
  world = await simulated({
    recordings: {
      match: ({ prompt, model }) => {
        const text = prompt.endsWith('yes or no.') ? opinion(prompt) : model === 'gpt-6-luna' ? poor : fine
        return { answer: { text }, right: { text } }
      },
    },
  })
})
afterEach(() => world.sim.close())

const cascade = (judge: Partial<ModelJudgeOptions> = {}) =>
  createRouted({
    models: { luna: world.openai('gpt-6-luna'), sol: world.openai('gpt-6-sol') },
    policy: candidates => candidates,
    judge: modelJudge({ model: world.openai('gpt-4.1'), ...judge }),
  })

test('a poor answer is found so, another model answers, and all of it is paid for', async () => {
  const result = await generateText({ model: cascade()('auto'), prompt: 'Where is my parcel?' })
  expect(result.text).toBe(fine)
  await world.sim.settled()
  const receipt = receiptOf(result)
  expect(receipt?.target).toBe('sol')
  expect(receipt?.attempts.filter(({ reason }) => reason === 'judge')).toHaveLength(2)
  expect(receipt?.attempts.find(({ target }) => target === 'luna')).toMatchObject({
    end: { type: 'rejected' },
    verdict: { accepted: false },
  })
  expect(receipt?.costNanoUsd).toBe(world.sim.bill.totalNanoUsd)
})

test('in a stream no word of the poor answer reaches the reader', async () => {
  const result = streamText({ model: cascade()('auto'), prompt: 'Where is my parcel?' })
  expect(await result.text).toBe(fine)
  expect(receiptOf(await result.providerMetadata)?.target).toBe('sol')
})

test.each(['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const)('%s can judge', async vendor => {
  const { text } = await generateText({ model: cascade({ model: world[vendor]() })('auto'), prompt: 'Where is my parcel?' })
  expect(text).toBe(fine)
})

test('what it is told is checked before anybody is called', () => {
  const wrong = () => modelJudge({ model: world.openai('gpt-4.1'), accept: 2 })
  expect(wrong).toThrow(RouterError)
  expect(wrong).toThrow(/accept/)
})
