import type { ImageModelV4 } from '@ai-sdk/provider'
import type { RoutingOptions } from '@routewise/core'
import { createManualClock } from '@routewise/core/testing'
import { generateImage, NoImageGeneratedError } from 'ai'
import { MockImageModelV3 } from 'ai/test'
import { describe, expect, test } from 'vitest'
import { createOtherModels } from '../other-models.ts'
import type { OtherModelOptions } from './options.ts'
import { apiError, brokenPainter, by, caught, emptyPainter, painter, picture, receiptIn, response } from '../testing/painters.ts'

const routedBy = (given: OtherModelOptions, routing: RoutingOptions = {}) => createOtherModels(given, { provider: 'routewise', routing })
const silence = () => new Promise<never>(() => {})

describe('images', () => {
  test('what the model gave is passed on, and every image bears the receipt of its call', async () => {
    const only = painter(1, { maxImagesPerCall: 2 })
    const model = routedBy({ imageModels: { only } }).models.imageModel('auto')
    const result = await generateImage({
      model,
      prompt: 'a cat',
      n: 3,
      providerOptions: { mock: { style: 'vivid' }, routewise: { tenant: 'acme' } },
    })
    expect(result.images.map(by)).toEqual([1, 1, 1])
    expect(only.calls.map(({ n }) => n)).toEqual([2, 1])
    expect(only.calls[0]?.providerOptions).toEqual({ mock: { style: 'vivid' } })
    expect(result.usage).toEqual({ inputTokens: 10, outputTokens: 200, totalTokens: 210 })
    expect(result.providerMetadata['mock']).toEqual({ images: [{ at: 0 }, { at: 1 }, { at: 0 }] })
    const [first, second, third] = result.images.map(image => receiptIn(image.providerMetadata))
    expect(first).toMatchObject({
      target: 'only',
      model: 'painter-1',
      task: 'image',
      tenant: 'acme',
      usage: { inputTokens: 5, outputTokens: 100 },
    })
    expect([second?.id === first?.id, third?.id === first?.id]).toEqual([true, false])
    expect(result.providerMetadata['routewise']?.images).toHaveLength(3)
    expect(receiptIn(result.calls[0]?.providerMetadata)).toMatchObject({ id: first?.id, attempts: [{ costNanoUsd: undefined }] })
    expect(result.responses[0]).toMatchObject({ modelId: 'painter-1', headers: { from: 'painter-1' } })
  })

  test('the next in the list paints when one fails', async () => {
    const painters = { first: brokenPainter(500), second: painter(2), third: painter(3) }
    const result = await generateImage({ model: routedBy({ imageModels: painters }).models.imageModel('auto'), prompt: 'a cat' })
    expect(by(result.image)).toBe(2)
    expect(receiptIn(result.image.providerMetadata).attempts).toMatchObject([{ target: 'first' }, { target: 'second', reason: 'fallback' }])
    expect([painters.first.calls.length, painters.third.calls.length]).toEqual([1, 0])
  })

  test('one by its id is asked alone, and again by the router where that may help', async () => {
    const clock = createManualClock()
    let calls = 0
    const recovering = painter(1, {
      answer: async () => {
        calls += 1
        if (calls < 3) throw apiError(500)
        return { images: [picture(1)], warnings: [], response: response('painter-1') }
      },
    })
    const { models } = routedBy({ imageModels: { other: painter(2), recovering } }, { clock, random: () => 0.5 })
    const answer = generateImage({ model: models.imageModel('recovering'), prompt: 'a cat' })
    await clock.advance(1_000)
    const result = await answer
    expect(by(result.image)).toBe(1)
    expect(receiptIn(result.image.providerMetadata).attempts.map(({ reason }) => reason)).toEqual(['first', 'retry', 'retry'])
  })

  test('what one attempt alone has thrown is thrown on, no longer for the SDK to repeat', async () => {
    const down = brokenPainter(503)
    const model = routedBy({ imageModels: { down } }, { retry: false }).models.imageModel('auto')
    expect(await caught(generateImage({ model, prompt: 'a cat' }))).toMatchObject({ statusCode: 503, isRetryable: false })
    expect(down.calls).toHaveLength(1)
  })

  test('no image is a reason to ask the next, but for one that says it is final', async () => {
    const { models } = routedBy({ imageModels: { empty: emptyPainter(), painter: painter(2) } })
    expect(by((await generateImage({ model: models.imageModel('auto'), prompt: 'a cat' })).image)).toBe(2)
    const final = routedBy({ imageModels: { empty: emptyPainter(false), painter: painter(2) } }).models.imageModel('auto')
    expect(NoImageGeneratedError.isInstance(await caught(generateImage({ model: final, prompt: 'a cat' })))).toBe(true)
  })

  test('a model alone that gives no image is treated as without us', async () => {
    const empty = emptyPainter()
    const model = routedBy({ imageModels: { empty } }).models.imageModel('auto')
    expect(NoImageGeneratedError.isInstance(await caught(generateImage({ model, prompt: 'a cat', maxRetries: 0 })))).toBe(true)
  })

  test('a silent one leaves the others their share of the time, and nobody is asked beside it', async () => {
    const clock = createManualClock()
    const silent = painter(0, { answer: silence })
    const awake = painter(2)
    const { models } = routedBy(
      { imageModels: { silent, awake } },
      { clock, timeouts: { totalMs: 60_000 }, hedge: { budget: 1, delayMs: 10 } },
    )
    const answer = generateImage({ model: models.imageModel('auto'), prompt: 'a cat' })
    await clock.advance(29_999)
    expect(awake.calls).toHaveLength(0)
    await clock.advance(1)
    expect(by((await answer).image)).toBe(2)
    expect(silent.calls[0]?.abortSignal?.aborted).toBe(true)
    const alone = caught(generateImage({ model: models.imageModel('silent'), prompt: 'a cat' }))
    await clock.advance(59_999)
    expect(silent.calls[1]?.abortSignal?.aborted).toBe(false)
    await clock.advance(1)
    expect(await alone).toMatchObject({ code: 'deadline' })
  })

  test('an abort is the signal’s own reason', async () => {
    const controller = new AbortController()
    const silent = painter(0, { answer: silence })
    const model = routedBy({ imageModels: { silent, other: painter(2) } }).models.imageModel('auto')
    const answer = caught(generateImage({ model, prompt: 'a cat', abortSignal: controller.signal }))
    await new Promise(setImmediate)
    controller.abort(new Error('the user has gone'))
    expect(await answer).toBe(controller.signal.reason)
    expect(silent.calls[0]?.abortSignal?.aborted).toBe(true)
  })

  test.each<[ImageModelV4['maxImagesPerCall'][], number | undefined]>([
    [[4, 10], 4],
    [[4, async () => 2], 2],
    [[4, undefined], 1],
    [[({ modelId }) => modelId.length], 'painter-0'.length],
  ])('as many images at once as each can give: %#', async (limits, expected) => {
    const imageModels = Object.fromEntries(
      limits.map((maxImagesPerCall, at) => [`p${at}`, Object.assign(painter(at), { maxImagesPerCall })]),
    )
    const { maxImagesPerCall } = routedBy({ imageModels }).models.imageModel('auto')
    expect(await (typeof maxImagesPerCall === 'function' ? maxImagesPerCall({ modelId: 'auto' }) : maxImagesPerCall)).toBe(expected)
  })

  test('images to edit go to those that can edit', async () => {
    const edit = { images: [picture(9)], text: 'make it blue' }
    const cannot = painter(1, { supportsFileInputs: false })
    const unsure = painter(2)
    const can = painter(3, { supportsFileInputs: Promise.resolve(true) })
    const ask = async (imageModels: Record<string, ImageModelV4>) => {
      const model = routedBy({ imageModels }).models.imageModel('auto')
      return { by: by((await generateImage({ model, prompt: edit })).image), supports: await model.supportsFileInputs }
    }
    expect(await ask({ cannot, unsure, can })).toEqual({ by: 3, supports: true })
    expect(await ask({ cannot, unsure })).toEqual({ by: 2, supports: undefined })
    expect(await ask({ cannot, other: painter(4, { supportsFileInputs: false }) })).toEqual({ by: 1, supports: false })
    const { imageModel } = routedBy({ imageModels: { cannot, can } }).models
    expect(by((await generateImage({ model: imageModel('auto'), prompt: 'a cat' })).image)).toBe(1)
  })

  test('a model of version 3 paints as one of version 4 does', async () => {
    const three = new MockImageModelV3({ doGenerate: async () => ({ images: [picture(3)], warnings: [], response: response('v3') }) })
    const model = routedBy({ imageModels: { three } }).models.imageModel('three')
    expect(by((await generateImage({ model, prompt: 'a cat' })).image)).toBe(3)
  })
})
