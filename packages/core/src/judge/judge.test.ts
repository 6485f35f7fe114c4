import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Answer, Check, Expected, Judge, JudgeContext } from '../types.ts'
import { confident } from './confident.ts'
import { finished, notRefused, notTruncated } from './finish.ts'
import { answered, judgeContext, likely } from './fixtures/context.ts'
import { judgeWith } from './judge-with.ts'
import { lengthBetween } from './length-between.ts'
import { notEmpty } from './not-empty.ts'
import { sound } from './sound.ts'
import { matches, validJson, validOutput } from './valid-json.ts'
import { validToolCalls } from './valid-tool-calls.ts'

type Outcome = 'accepts' | 'rejects' | 'has no verdict on'
async function outcomeOf(judge: Judge, answer: Answer, context: Partial<JudgeContext> = {}): Promise<Outcome> {
  const verdict = await judge.judge(answer, judgeContext(context))
  return verdict === undefined ? 'has no verdict on' : verdict.accepted ? 'accepts' : 'rejects'
}

const needsCity: Check = value =>
  typeof value === 'object' && value !== null && 'city' in value ? undefined : 'city: expected string, received undefined'
const asksForCity: { expected: Expected } = { expected: { output: needsCity } }
const offersWeather: { expected: Expected } = { expected: { tools: new Map([['weather', needsCity]]) } }
const calling = (name: string, args: string): Answer => answered('', { toolCalls: [{ name, arguments: args }], finish: 'tool-calls' })

const city = z.object({ city: z.string() })
const eventually = city.refine(async () => Promise.resolve(true))

const cases: [Judge, Outcome, string, Answer, Partial<JudgeContext>?][] = [
  [finished(), 'accepts', 'an answer that stopped', answered('Paris.')],
  [finished(), 'accepts', 'an end of another kind', answered('Paris.', { finish: 'other' })],
  [finished(), 'rejects', 'an end in an error', answered('Par', { finish: 'error' })],
  [finished(), 'has no verdict on', 'an answer without a finish reason', answered('Paris.', { finish: undefined })],
  [notTruncated(), 'accepts', 'a whole answer', answered('Paris.')],
  [notTruncated(), 'rejects', 'one that its limit cut off', answered('Par', { finish: 'length' })],
  [notRefused(), 'rejects', 'a refusal that the provider marks', answered('I cannot help.', { finish: 'refusal' })],
  [notRefused(), 'rejects', 'what a content filter stopped', answered('', { finish: 'content-filter' })],
  [notRefused(), 'accepts', 'words that merely sound like a refusal', answered('I cannot tell a lie, said Washington.')],
  [notEmpty(), 'accepts', 'text', answered('0')],
  [notEmpty(), 'accepts', 'a tool call without text', calling('weather', '{}')],
  [notEmpty(), 'rejects', 'white space', answered(' \n\t')],
  [validJson(), 'accepts', 'JSON', answered(' {"city": "Paris"}\n')],
  [validJson(), 'accepts', 'JSON in a fence', answered('```json\n{"city": "Paris"}\n```')],
  [validJson({ fence: false }), 'rejects', 'JSON in a fence, when told to', answered('```json\n{"city": "Paris"}\n```')],
  [validJson(), 'rejects', 'JSON in prose', answered('Here it is: {"city": "Paris"}')],
  [validJson(), 'rejects', 'a fence of another language', answered('```python\n{"city": "Paris"}\n```')],
  [validJson(), 'rejects', 'half of it', answered('{"city": "Par')],
  [validJson(), 'has no verdict on', 'a tool call', calling('weather', '{}')],
  [matches(city), 'accepts', 'what fits a schema', answered('{"city": "Paris"}')],
  [matches(city), 'rejects', 'what does not', answered('{"city": 75}')],
  [matches(eventually), 'accepts', 'what fits an async schema', answered('{"city": "Paris"}')],
  [validOutput(), 'accepts', 'what the call asks for', answered('{"city": "Paris"}'), asksForCity],
  [validOutput(), 'rejects', 'other JSON', answered('{"town": "Paris"}'), asksForCity],
  [validOutput(), 'has no verdict on', 'prose that the call did not forbid', answered('Paris.')],
  [validOutput(), 'has no verdict on', 'a tool call on the way to the output', calling('weather', '{}'), asksForCity],
  [validToolCalls(), 'accepts', 'arguments that fit', calling('weather', '{"city":"Paris"}'), offersWeather],
  [validToolCalls(), 'rejects', 'arguments that do not', calling('weather', '{"town":"Paris"}'), offersWeather],
  [validToolCalls(), 'rejects', 'arguments that are not JSON', calling('weather', '{"city":'), offersWeather],
  [validToolCalls(), 'rejects', 'a tool that was not offered', calling('whether', '{"city":"Paris"}'), offersWeather],
  [validToolCalls(), 'accepts', 'no arguments where none are checked', calling('now', '')],
  [validToolCalls(), 'has no verdict on', 'text', answered('Paris.'), offersWeather],
  [lengthBetween({ minChars: 2, maxChars: 6 }), 'accepts', 'a text at its upper edge', answered('Paris.')],
  [lengthBetween({ minChars: 6 }), 'accepts', 'a text at its lower edge', answered('Paris.')],
  [lengthBetween({ maxChars: 5 }), 'rejects', 'a longer text', answered('Paris.')],
  [lengthBetween({ minChars: 7 }), 'rejects', 'a shorter text', answered('Paris.')],
  [lengthBetween({ minChars: 7 }), 'has no verdict on', 'a tool call alone', calling('weather', '{}')],
  [confident(), 'accepts', 'a short right answer that the model was sure of', answered('Paris.', { logprobs: likely(0.999, 0.999) })],
  [confident(), 'rejects', 'a guess', answered('Lyon.', { logprobs: likely(0.4, 0.7) })],
  [confident({ min: 0.1 }), 'rejects', 'one weak token among many', answered('', { logprobs: likely(...Array(200).fill(0.99), 0.05) })],
  [confident({ mean: 0 }), 'accepts', 'anything when told to', answered('', { logprobs: likely(0.01) })],
  [confident(), 'has no verdict on', 'an answer without log-probabilities', answered('Paris.')],
  [judgeWith('polite', ({ text }) => text.includes('please')), 'rejects', 'what its function denies', answered('Go away.')],
  [judgeWith('polite', async () => 0.5), 'accepts', 'a score at the threshold', answered('')],
  [judgeWith('polite', () => 0.69, { accept: 0.7 }), 'rejects', 'a score under a threshold of its own', answered('')],
  [judgeWith('polite', () => undefined), 'has no verdict on', 'what its function has no opinion of', answered('')],
  [sound(), 'accepts', 'a plain answer', answered('Paris.')],
  [sound(), 'accepts', 'a good tool call', calling('weather', '{"city":"Paris"}'), offersWeather],
  [sound(), 'rejects', 'an empty answer', answered('')],
  [sound(), 'rejects', 'JSON that was not asked for', answered('{}'), asksForCity],
]

test.each(
  cases.map(([judge, outcome, what, answer, context]) => ({ title: `${judge.name} ${outcome} ${what}`, judge, outcome, answer, context })),
)('$title', async ({ judge, outcome, answer, context }) => expect(await outcomeOf(judge, answer, context)).toBe(outcome))

test('a rejection says which judge it comes from, and why', async () => {
  const verdict = await sound().judge(answered('', { finish: 'length' }), judgeContext())
  expect(verdict).toMatchObject({ accepted: false, reason: 'notTruncated: cut off by its limit' })
  expect(verdict).not.toHaveProperty('repair')
})

test('a fault in the form tells the model what to mend, in a few words', async () => {
  const order = matches(z.object({ items: z.array(z.object({ name: z.string(), note: z.union([z.string(), z.null()]) })) }))
  const verdict = await order.judge(answered('{"items":[{"name":7,"note":false}]}'), judgeContext())
  expect(verdict?.repair).toBe(
    'The JSON is not what was asked for: items[0].name: expected string, received number; items[0].note: expected string, received boolean, or expected null, received boolean',
  )
  const toolCall = await validToolCalls().judge(calling('whether', '{}'), judgeContext(offersWeather))
  expect(toolCall?.repair).toBe('The tool call is not valid: no tool is called "whether", there is weather')
  const many = matches(z.record(z.string(), z.string()))
  const faults = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key ${index}`, index]))
  expect((await many.judge(answered(JSON.stringify(faults)), judgeContext()))?.repair?.length).toBeLessThan(800)
})

test('how sure a model was does not depend on how long it spoke', async () => {
  const score = async (tokens: number) =>
    (await confident().judge(answered('', { logprobs: likely(...Array<number>(tokens).fill(0.9)) }), judgeContext()))?.score
  expect(await score(1)).toBeCloseTo(0.9, 12)
  expect(await score(2_000)).toBeCloseTo(0.9, 12)
})

test('a token that the provider gives no figure for does not sink the answer', async () => {
  const logprobs = [...likely(...Array<number>(99).fill(0.99)), { token: 'x', logprob: -9999 }, { token: 'x', logprob: Number.NaN }]
  expect(await confident({ mean: 0.7 }).judge(answered('', { logprobs }), judgeContext())).toMatchObject({ accepted: true })
})

test('the margin is the smallest lead of the first over the second, where both are named', async () => {
  const place = (...top: number[]) => ({ token: 'x', logprob: Math.log(0.9), top: likely(...top) })
  const judge = confident({ mean: 0, margin: 0.3 })
  const verdict = async (...logprobs: Answer['logprobs']) => judge.judge(answered('', { logprobs }), judgeContext())
  expect(await verdict(place(0.9, 0.05), place(0.6, 0.2))).toMatchObject({ accepted: true })
  expect(await verdict(place(0.9, 0.05), place(0.5, 0.4))).toMatchObject({ accepted: false, score: expect.closeTo(0.1, 6) })
  expect(await verdict(place(), place(0.9))).toMatchObject({ accepted: true })
})

test('a score out of range is a mistake, not a good answer', async () => {
  await expect(async () => judgeWith('percent', () => 85).judge(answered(''), judgeContext())).rejects.toThrow(
    'percent scored 85: a score is a number from 0 to 1.',
  )
})

test.each([
  ['an unknown option', () => confident({ median: 0.5 } as never), /unknown option `median` \(allowed: mean, min, margin\)/],
  ['a probability in percent', () => confident({ mean: 80 }), /option `mean` is 80/],
  ['an empty band', () => lengthBetween({ minChars: 10, maxChars: 5 }), /minChars must not be over maxChars/],
  ['a schema that is none', () => matches({ type: 'object' } as never), /expected a schema/],
  ['a function that is none', () => judgeWith('mine', true as never), /option `fn` is true: expected a function/],
])('%s is refused where the judge is made', (_, make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: 'invalid_option', message: expect.stringMatching(message) }))
})
