import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answer, Expected, FinishReason, Judge, TokenLogprob } from '../types.ts'
import { all } from './all.ts'
import { any } from './any.ts'
import { confident } from './confident.ts'
import { scoreOf } from './verdict.ts'
import { finished, notRefused, notTruncated } from './finish.ts'
import { answered, judgeContext } from './fixtures/context.ts'
import { lengthBetween } from './length-between.ts'
import { notEmpty } from './not-empty.ts'
import { sound } from './sound.ts'
import { validJson, validOutput } from './valid-json.ts'
import { validToolCalls } from './valid-tool-calls.ts'
import { weighted } from './weighted.ts'

type Piece = { text: string } | { logprob: number; top: number[] } | { tool: number; name: string; arguments: string }

/** The answer after each piece, the last one whole. One object that grows, as the engine's own, or a new one each time. */
function* growing(pieces: readonly Piece[], finish: FinishReason, oneObject: boolean): Generator<Answer> {
  const answer = { ...answered(''), toolCalls: [] as { name: string; arguments: string }[], logprobs: [] as TokenLogprob[] }
  const now = () => (oneObject ? answer : structuredClone(answer))
  answer.finish = undefined
  for (const piece of pieces) {
    if ('text' in piece) answer.text += piece.text
    else if ('logprob' in piece) {
      const top = piece.top.map(logprob => ({ token: 'x', logprob }))
      answer.logprobs.push({ token: 'x', logprob: piece.logprob, top })
    } else {
      const call = answer.toolCalls[piece.tool]
      if (call === undefined) answer.toolCalls.push({ name: piece.name, arguments: piece.arguments })
      else call.arguments += piece.arguments
    }
    yield now()
  }
  answer.finish = finish
  yield now()
}

const logprob = fc.double({ min: -3, max: 0, noNaN: true })
const wellFormed = fc.constantFrom('{"a"', ':1', '}', ' ', '\n', '[', ']', '"', 'true', 'fal', 'se', 'nu', 'll', '-1', '`', '``', 'json\n')
const piece = fc.oneof(
  fc.record({ text: fc.oneof(wellFormed, fc.string({ maxLength: 8 })) }),
  fc.record({ logprob, top: fc.array(logprob, { maxLength: 3 }) }),
)
const toolPiece = fc.record({
  tool: fc.nat(2),
  name: fc.constantFrom('weather', 'whether'),
  arguments: fc.constantFrom('', '{}', '{"city":', '"Paris"}'),
})
const finish = fc.constantFrom<FinishReason>('stop', 'length', 'tool-calls', 'refusal', 'error', 'other')

const leaf = fc.oneof(
  fc.constantFrom(finished(), notTruncated(), notRefused(), notEmpty(), validJson(), validJson({ fence: false }), validOutput()),
  fc.constantFrom(validToolCalls(), sound()),
  fc.nat(20).map(maxChars => lengthBetween({ maxChars: maxChars + 1 })),
  fc.nat(20).map(minChars => lengthBetween({ minChars })),
  fc
    .record({ mean: logprob, min: logprob, margin: logprob })
    .map(({ mean, min, margin }) => confident({ mean: Math.exp(mean), min: Math.exp(min), margin: Math.exp(margin) })),
)
const judge: fc.Arbitrary<Judge> = fc.letrec<{ judge: Judge }>(tie => ({
  judge: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('judge'), { minLength: 1, maxLength: 3 }).map(judges => all(...judges)),
    fc.array(tie('judge'), { minLength: 1, maxLength: 3 }).map(judges => any(...judges)),
    fc
      .tuple(
        fc.array(fc.tuple(tie('judge'), fc.integer({ min: 1, max: 9 })), { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      )
      .map(([pairs, accept]) => weighted(pairs, { accept })),
  ),
})).judge

const expected: Expected = { output: () => undefined, tools: new Map([['weather', () => undefined]]) }

test('what a judge rejects early it rejects whole, however the stream goes on, and no more kindly', async () => {
  let early = 0
  const stream = fc.boolean().chain(tools =>
    fc.record({
      tools: fc.constant(tools),
      pieces: fc.array(tools ? fc.oneof(piece, toolPiece) : piece, { maxLength: 12 }),
      finish,
      oneObject: fc.boolean(),
    }),
  )
  await fc.assert(
    fc.asyncProperty(judge, stream, async (tried, { tools, pieces, finish: end, oneObject }) => {
      const context = judgeContext({ tools, expected })
      let bound: number | undefined
      for (const answer of growing(pieces, end, oneObject)) {
        const verdict = tried.watch?.(answer, context)
        const stands = bound === undefined || verdict?.accepted === false
        expect(stands).toBe(true)
        if (verdict !== undefined) bound = Math.min(bound ?? 1, scoreOf(verdict))
        if (answer.finish === undefined || bound === undefined) continue
        early += 1
        const whole = await tried.judge(answer, context)
        expect(whole?.accepted).toBe(false)
        expect(scoreOf(whole!)).toBeLessThanOrEqual(bound + 1e-9)
      }
    }),
    { numRuns: 2_000 },
  )
  // The law would hold for judges that never speak up.
  expect(early).toBeGreaterThan(200)
})

test.each<[string, Judge, Partial<Answer>, boolean]>([
  ['prose where JSON is due', validJson(), { text: 'S' }, true],
  ['the start of a word of JSON', validJson(), { text: '\n tru' }, false],
  ['a fence', validJson(), { text: '`' }, false],
  ['a fence that is not wanted', validJson({ fence: false }), { text: '`' }, true],
  ['a character too many', lengthBetween({ maxChars: 3 }), { text: 'Pari' }, true],
  ['as many as may be', lengthBetween({ maxChars: 3 }), { text: 'Par' }, false],
  ['a tool nobody offered, once its arguments begin', validToolCalls(), { toolCalls: [{ name: 'whether', arguments: '{' }] }, true],
  ['a name that may still be coming', validToolCalls(), { toolCalls: [{ name: 'wea', arguments: '' }] }, false],
  ['a token too weak', confident({ min: 0.2 }), { logprobs: [{ token: 'x', logprob: -2 }] }, true],
  ['a mean that may still recover', confident({ mean: 0.9 }), { logprobs: [{ token: 'x', logprob: -2 }] }, false],
])('a stream with %s', (_, watcher, said, ends) => {
  const verdict = watcher.watch?.(answered('', { finish: undefined, ...said }), judgeContext({ expected }))
  expect(verdict?.accepted).toBe(ends ? false : undefined)
})

test('prose that may lead up to a tool call goes on', () => {
  const thinking = answered('Let me look that up.', { finish: undefined })
  expect(validOutput().watch?.(thinking, judgeContext({ expected, tools: true }))).toBeUndefined()
  expect(validOutput().watch?.(thinking, judgeContext({ expected }))).toMatchObject({ reason: 'validOutput: not JSON' })
})

test('a long stream is watched in linear time', () => {
  const logprobs: TokenLogprob[] = []
  let reads = 0
  const counted = (): TokenLogprob => ({
    token: 'x',
    get logprob() {
      reads += 1
      return -0.01
    },
  })
  const answer = answered('', { logprobs, finish: undefined })
  const watcher = confident({ min: 0.1 })
  for (let token = 0; token < 2_000; token += 1) {
    logprobs.push(counted())
    watcher.watch?.(answer, judgeContext())
  }
  expect(reads).toBeLessThanOrEqual(2_000)
})
