import { expect, test } from 'vitest'
import type { Answer } from '../types.ts'
import { agreement } from './agreement.ts'
import { answered, judgeContext } from './fixtures/context.ts'

/** Judges `own`; `others` are what the target says when it is asked again, `undefined` a failure. */
async function agree(own: Answer, others: readonly (Answer | undefined)[], options: Parameters<typeof agreement>[0] = {}) {
  const queue = [...others]
  const sample = async () => queue.shift() ?? Promise.reject(new Error('overloaded'))
  const verdict = await agreement({ samples: others.length + 1, ...options }).judge(own, judgeContext({ sample }))
  return { verdict, left: queue.length }
}
const said = (...texts: string[]) => texts.map(text => answered(text))
const calling = (...calls: [name: string, json: string][]) =>
  answered('', { toolCalls: calls.map(([name, json]) => ({ name, arguments: json })) })

test('two of three is enough, one of three is not', async () => {
  const two = await agree(answered('Paris.'), said('Paris.', 'Lyon.'))
  expect(two).toEqual({ verdict: { accepted: true, score: 2 / 3 }, left: 0 })
  const one = await agree(answered('Paris.'), said('Lyon.', 'Lyon.'))
  expect(one.verdict).toEqual({ accepted: false, score: 1 / 3, reason: 'agreement: 1 of 3 say the same' })
})

test.each([
  ['case and white space', answered('The  capital\nis Paris. '), answered('the capital is paris.'), 1],
  ['the order of keys', answered('{"a":1,"b":{"c":2,"d":3}}'), answered('```json\n{"b": {"d": 3, "c": 2}, "a": 1}\n```'), 1],
  ['the order of a list', answered('[1,2]'), answered('[2,1]'), 0.5],
  [
    'the form of tool arguments',
    calling(['weather', '{"city":"Paris","days":2}']),
    calling(['weather', '{ "days": 2, "city": "Paris" }']),
    1,
  ],
  ['the order of tool calls', calling(['a', '{}'], ['b', '{}']), calling(['b', '{}'], ['a', '{}']), 1],
  ['another tool', calling(['a', '{}']), calling(['b', '{}']), 0.5],
  ['words beside a tool call', { ...calling(['a', '{}']), text: 'One moment.' }, calling(['a', '{}']), 1],
])('%s: a share of %4$d', async (_, own, other, share) => {
  expect((await agree(own, [other])).verdict?.score).toBe(share)
})

test('a failed sample counts as absent, and without any there is no verdict', async () => {
  expect((await agree(answered('Paris.'), [answered('Paris.'), undefined])).verdict).toEqual({ accepted: true, score: 1 })
  expect((await agree(answered('Paris.'), [answered('Lyon.'), undefined])).verdict).toMatchObject({ accepted: false, score: 0.5 })
  expect((await agree(answered('Paris.'), [undefined, undefined])).verdict).toBeUndefined()
})

test('samples are asked for at once', async () => {
  let asked = 0
  let open = () => {}
  const opened = new Promise<void>(resolve => (open = resolve))
  const sample = async () => {
    asked += 1
    if (asked === 4) open()
    await opened
    return answered('Paris.')
  }
  const verdict = await agreement({ samples: 5, share: 1 }).judge(answered('Paris.'), judgeContext({ sample }))
  expect(verdict).toEqual({ accepted: true, score: 1 })
})

test('what answers must have in common can be said', async () => {
  const key = ({ text }: Answer) => text.split(' ').at(-1)!
  const { verdict } = await agree(answered('It is 42'), said('Surely 42', '42'), { key, share: 1 })
  expect(verdict).toEqual({ accepted: true, score: 1 })
})
