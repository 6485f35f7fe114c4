import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Judge, Verdict } from '../types.ts'
import { all } from './all.ts'
import { any } from './any.ts'
import { confident } from './confident.ts'
import { answered, judgeContext } from './fixtures/context.ts'
import { judgeWith } from './judge-with.ts'
import { lengthBetween } from './length-between.ts'
import { sound } from './sound.ts'
import { validJson } from './valid-json.ts'
import { weighted } from './weighted.ts'

/** `undefined` abstains, `throw` throws. */
type Vote = boolean | undefined | 'throw'
const voting = (vote: Vote, asked: string[] = [], name = String(vote)): Judge => ({
  name,
  judge() {
    asked.push(name)
    if (vote === 'throw') throw new Error('a judge that breaks')
    return vote === undefined ? undefined : { accepted: vote, reason: `${name}: so it is` }
  },
})
const verdictOf = async (judge: Judge) => judge.judge(answered('Paris.'), judgeContext())
const bare = (verdict: Verdict | undefined) => verdict && { accepted: verdict.accepted, score: verdict.score }
const votes = fc.array(fc.constantFrom<Vote>(true, false, undefined, 'throw'), { minLength: 1, maxLength: 6 })
const heard = (given: readonly Vote[]) => given.filter(vote => typeof vote === 'boolean')

test('all is the conjunction, any the disjunction, of those that have a verdict', async () => {
  await fc.assert(
    fc.asyncProperty(votes, async given => {
      const judges = given.map(vote => voting(vote))
      const [both, either] = [await verdictOf(all(...judges)), await verdictOf(any(...judges))]
      const [conjunction, disjunction] = [heard(given).every(Boolean), heard(given).some(Boolean)]
      const silent = heard(given).length === 0
      expect(bare(both)).toEqual(silent ? undefined : { accepted: conjunction, score: Number(conjunction) })
      expect(bare(either)).toEqual(silent ? undefined : { accepted: disjunction, score: Number(disjunction) })
    }),
  )
})

test('weighted accepts when the judges in favour carry the threshold', async () => {
  const weights = fc.integer({ min: 1, max: 9 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom<Vote>(true, false, undefined, 'throw'), weights), { minLength: 1 }), async given => {
      const verdict = await verdictOf(weighted(given.map(([vote, weight]) => [voting(vote), weight] as const)))
      const total = (of: readonly Vote[]) => given.reduce((sum, [vote, weight]) => (of.includes(vote) ? sum + weight : sum), 0)
      const all = total([true, false])
      const score = total([true]) / all
      expect(bare(verdict)).toEqual(all === 0 ? undefined : { accepted: score >= 0.5, score })
    }),
  )
})

test('with a threshold of one weighted is all, with the smallest it is any', async () => {
  await fc.assert(
    fc.asyncProperty(votes, async given => {
      const pairs = given.map(vote => [voting(vote), 1] as const)
      const judges = pairs.map(([judge]) => judge)
      expect((await verdictOf(weighted(pairs, { accept: 1 })))?.accepted).toBe((await verdictOf(all(...judges)))?.accepted)
      expect((await verdictOf(weighted(pairs, { accept: 1 / given.length })))?.accepted).toBe((await verdictOf(any(...judges)))?.accepted)
    }),
  )
})

test('all stops at the first rejection and any at the first acceptance, in the order given', async () => {
  const asked: string[] = []
  const judges = [voting('throw', asked, 'a'), voting(true, asked, 'b'), voting(false, asked, 'c'), voting(true, asked, 'd')]
  await verdictOf(all(...judges))
  expect(asked.splice(0)).toEqual(['a', 'b', 'c'])
  await verdictOf(any(...judges))
  expect(asked.splice(0)).toEqual(['a', 'b'])
})

test('all scores the lowest, any the highest, weighted the weighted mean', async () => {
  const scores = [0.9, 0.6].map(score => judgeWith(`gives ${score}`, () => score))
  expect((await verdictOf(all(...scores)))?.score).toBe(0.6)
  expect((await verdictOf(any(...[0.2, 0.3].map(score => judgeWith('poor', () => score)))))?.score).toBe(0.3)
  expect(
    (
      await verdictOf(
        weighted([
          [scores[0]!, 1],
          [scores[1]!, 2],
        ]),
      )
    )?.score,
  ).toBeCloseTo(0.7, 12)
})
test('a rejection names the judges that rejected, and the composition names its judges', async () => {
  const [yes, no] = [voting(true, [], 'yes'), voting(false, [], 'no')]
  expect((await verdictOf(all(yes, no)))?.reason).toBe('no: so it is')
  expect((await verdictOf(any(no, validJson())))?.reason).toBe('no: so it is; validJson: not JSON')
  expect(
    (
      await verdictOf(
        weighted([
          [yes, 1],
          [no, 3],
        ]),
      )
    )?.reason,
  ).toBe('weighted: 0.25, under 0.5 (no: so it is)')
  expect(all(yes, any(no, validJson())).name).toBe('all(yes, any(no, validJson))')
  expect(sound().name).toBe('sound')
})

test('what one judge knows to mend is passed on', async () => {
  const mend = { accepted: false, repair: 'Write JSON.' }
  const judges = [voting(false), judgeWith('form', () => mend)]
  expect((await verdictOf(all(...judges.toReversed())))?.repair).toBe('Write JSON.')
  expect((await verdictOf(all(...judges)))?.repair).toBeUndefined()
  expect((await verdictOf(any(...judges)))?.repair).toBe('Write JSON.')
})

test('log-probabilities are asked for when one judge needs them', () => {
  expect(all(sound(), any(validJson(), confident())).logprobs).toBe(true)
  expect(weighted([[sound(), 1]])).not.toHaveProperty('logprobs')
})

test('a call that is over asks no more judges', async () => {
  const asked: string[] = []
  const context = judgeContext({ signal: AbortSignal.abort(new Error('the caller left')) })
  await expect(async () => any(voting(false, asked), voting(true, asked)).judge(answered(''), context)).rejects.toThrow('the caller left')
  expect(asked).toEqual([])
})

test('a stream ends for all when one judge rejects it, for any when every one does', () => {
  const [short, json] = [lengthBetween({ maxChars: 3 }), validJson()]
  const watch = (judge: Judge, text: string) => judge.watch?.(answered(text, { finish: undefined }), judgeContext())
  expect(watch(all(short, json), 'Par')?.reason).toBe('validJson: not JSON')
  expect(watch(any(short, json), 'Par')).toBeUndefined()
  expect(watch(any(short, json), 'Pari')?.reason).toBe('lengthBetween: over 3 characters; validJson: not JSON')
  expect(watch(any(voting(false), json), 'Paris')).toBeUndefined()
})

test('an answer scores no more for all than its start was given, whichever judge rejects first', async () => {
  const judge = all(
    judgeWith('dull', () => 0.4),
    lengthBetween({ maxChars: 3 }),
  )
  expect(judge.watch?.(answered('Paris.'), judgeContext())?.score).toBe(0)
  expect(await verdictOf(judge)).toEqual({ accepted: false, score: 0, reason: 'dull: 0.40, under 0.5' })
})

test('a stream ends for weighted when the threshold is out of reach', () => {
  const watch = (weight: number) =>
    weighted(
      [
        [validJson(), weight],
        [voting(true), 1],
      ],
      { accept: 0.4 },
    ).watch?.(answered('Paris'), judgeContext())
  expect(watch(1)).toBeUndefined()
  expect(watch(2)).toMatchObject({ accepted: false, score: 1 / 3 })
})

test.each([
  ['no judge', () => all(), /give at least one judge/],
  ['a judge that was not called', () => any(validJson as never), /expected a judge, such as finished\(\)/],
  ['a weight of nothing', () => weighted([[validJson(), 0]]), /option `judges.0.1` is 0/],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }))
})
