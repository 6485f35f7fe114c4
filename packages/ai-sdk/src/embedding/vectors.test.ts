import { embed, embedMany } from 'ai'
import { describe, expect, test } from 'vitest'
import { caught, mock, receiptOf, routedBy, vectors, type Mock } from '../testing/embedding.ts'

describe('vectors that cannot be used', () => {
  const answering = (embeddings: number[][], facts: Mock = {}) =>
    mock(0, { ...facts, answer: () => ({ embeddings, usage: { tokens: 6 }, warnings: [] }) })

  test.each([
    ['one too few', [[1, 2, 3]]],
    [
      'of two lengths',
      [
        [1, 2, 3],
        [1, 2],
      ],
    ],
    ['of no length', [[], []]],
  ])('%s: the next answers, and what was refused is paid for', async (_what, embeddings) => {
    const model = routedBy({ odd: { model: answering(embeddings), price: { input: 1 } }, sound: { model: mock(2), price: { input: 2 } } })
    const result = await embedMany({ model: model('auto'), values: ['a', 'b'] })
    expect(result.embeddings[0]?.[0]).toBe(2)
    expect(receiptOf(result).attempts).toMatchObject([
      { target: 'odd', costNanoUsd: 6_000 },
      { target: 'sound', costNanoUsd: 40_000 },
    ])
  })

  test('of one after another: as many are asked as it takes', async () => {
    const model = routedBy({ a: answering([]), b: answering([]), c: answering([]), sound: mock(2) }, { retry: false })('auto')
    expect((await embedMany({ model, values: ['a'] })).embeddings[0]?.[0]).toBe(2)
  })

  test('of another length than the space has: the next answers', async () => {
    const given = { right: { model: mock(1), price: { input: 2 } }, wrong: { model: mock(2, { length: 5 }), price: { input: 1 } } }
    const learned = routedBy(given, { retry: false })
    await embed({ model: learned('right'), value: 'x' })
    expect((await embed({ model: learned('auto'), value: 'x' })).embedding[0]).toBe(1)
    const error = await caught(embed({ model: learned('wrong'), value: 'x' }))
    expect((error as Error).message).toBe(
      '"wrong" gave vectors of 5 numbers, and those of its space "same" have 3: give it a space of its own.',
    )
    const told = routedBy({ ...given, right: { ...given.right, dimensions: 3 } }, { retry: false })
    expect((await embed({ model: told('auto'), value: 'x' })).embedding[0]).toBe(1)
  })

  test('a call that asks for a length gets it, whoever of the space answers', async () => {
    const obedient = mock(1, { answer: ({ values, dimensions = 3 }) => ({ embeddings: vectors(1, values, dimensions), warnings: [] }) })
    const deaf = mock(2)
    const model = routedBy({ deaf: { model: deaf, price: { input: 1 } }, obedient: { model: obedient, price: { input: 2 } } })('auto')
    expect((await embed({ model, value: 'x', dimensions: 4 })).embedding).toHaveLength(4)
    expect((await embed({ model, value: 'x' })).embedding).toEqual([2, 1, 0])
    const alone = routedBy({ deaf })('auto')
    expect((await embed({ model: alone, value: 'x', dimensions: 4 })).embedding).toHaveLength(3)
  })

  test('lengths that are asked for in a provider’s own options are not mixed up', async () => {
    const only = mock(1, {
      answer: ({ values, providerOptions }) => ({
        embeddings: vectors(1, values, Number(providerOptions?.['openai']?.['dimensions'] ?? 3)),
        warnings: [],
      }),
    })
    const model = routedBy({ only })('auto')
    const lengths = [undefined, 8, undefined, 8].map(async dimensions => {
      const result = await embed({ model, value: 'x', ...(dimensions !== undefined && { providerOptions: { openai: { dimensions } } }) })
      return result.embedding.length
    })
    expect(await Promise.all(lengths)).toEqual([3, 8, 3, 8])
  })
})
