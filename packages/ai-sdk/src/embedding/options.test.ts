import { NoSuchModelError } from '@ai-sdk/provider'
import { embed } from 'ai'
import { describe, expect, test } from 'vitest'
import type { EmbeddingModels } from './options.ts'
import { mock, receiptOf, routedBy, thrownBy } from '../testing/embedding.ts'

describe('names', () => {
  const model = routedBy({ here: mock(1, { modelId: 'small' }), there: mock(2, { modelId: 'small' }), own: mock(3, { modelId: 'large' }) })

  test('a space is any of its models, an id is that one alone', async () => {
    expect((await embed({ model: model('small'), value: 'x' })).embedding[0]).toBe(1)
    const alone = await embed({ model: model('there'), value: 'x' })
    expect(alone.embedding[0]).toBe(2)
    expect(receiptOf(alone).considered).toMatchObject([{ target: 'there' }, { target: 'here', excluded: expect.any(String) as string }])
    expect((await embed({ model: model('large'), value: 'x' })).embedding[0]).toBe(3)
  })

  test('auto is the only space, and refused where there are several', async () => {
    const one = routedBy({ here: mock(1), there: mock(2) })
    expect((await embed({ model: one('auto'), value: 'x' })).embedding[0]).toBe(1)
    const error = thrownBy(() => model('auto'))
    expect(NoSuchModelError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({
      modelId: 'auto',
      modelType: 'embeddingModel',
      message: expect.stringContaining('"small", "large"') as string,
    })
  })

  test('an unknown name says which there are', () => {
    expect(thrownBy(() => model('smal'))).toMatchObject({
      name: 'AI_NoSuchModelError',
      modelId: 'smal',
      message: 'No such embeddingModel: "smal". There are "small", "large", "here", "there", "own".',
    })
    expect(thrownBy(() => routedBy({})('auto'))).toMatchObject({ message: expect.stringContaining('add `embeddingModels`') as string })
  })

  test.each<[EmbeddingModels, RegExp]>([
    [{ auto: mock(1) }, /`embeddingModels` has the id "auto"/],
    [{ a: { model: mock(1), space: 'auto' } }, /embeddingModels\.a: option `space` is "auto"/],
    [{ a: { model: mock(1), price: { input: -1 } } }, /embeddingModels\.a: option `price\.input` is -1/],
    [{ a: { model: mock(1), dimension: 3 } as never }, /embeddingModels\.a: unknown option `dimension` \(allowed: model, .*space/],
    [{ a: 'text-embedding-3-small' as never }, /embeddingModels\.a is "text-embedding-3-small"/],
    [{ a: { model: {} as never } }, /embeddingModels\.a: option `model` is \{\}: expected an embedding model, such as/],
    [{ a: { model: mock(1), dimensions: 3 }, b: { model: mock(2), dimensions: 4 } }, /embeddingModels\.b: option `dimensions` is 4, and 3/],
    [
      { a: { model: mock(1), space: 'x' }, b: { model: mock(2), space: 'a' } },
      /embeddingModels\.a is of the space "x", and "a" is another/,
    ],
  ])('options that cannot be meant are refused: %#', (given, message) => {
    const error = thrownBy(() => routedBy(given))
    expect(error).toMatchObject({ code: 'invalid_option' })
    expect((error as Error).message).toMatch(message)
  })
})
