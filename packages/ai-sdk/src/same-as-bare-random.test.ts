import type { LanguageModelV4 } from '@ai-sdk/provider'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createRouted } from './create-routed.ts'
import { expectSame } from './testing/bare-and-routed.ts'
import { observeStream } from './testing/observe.ts'
import { finish, hello, metadata, type Part, scriptedModel, start, tools } from './testing/scripted-model.ts'

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  globalThis.AI_SDK_LOG_WARNINGS = false
})
afterAll(() => {
  vi.useRealTimers()
  globalThis.AI_SDK_LOG_WARNINGS = undefined
})

const id = fc.constantFrom('1', '2')
const delta = fc.constantFrom('', 'a', 'bc', '{"city":', '"Oslo"}')
const call = fc.constantFrom('c1', 'c2')
/** No two are alike: which of two equal errors the SDK takes for handled is a matter of microtasks. */
const fault = fc
  .tuple(
    fc.constantFrom<(number: number) => unknown>(
      number => new Error(`fault ${number}`),
      number => `fault ${number}`,
      number => ({ message: `fault ${number}` }),
      number => ({ error: { message: `fault ${number}` } }),
    ),
    fc.noBias(fc.nat()),
  )
  .map(([make, number]) => make(number))

/** Any part at any place: most lists of them are no stream that a model should give. */
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.constant(start),
  fc.constant<Part>(metadata),
  fc.constant<Part>({ type: 'response-metadata', modelId: 'mock-model-2026' }),
  fc.constant<Part>({ type: 'ping' }),
  fc.constant<Part>({ type: 'raw', rawValue: { a: 1 } }),
  fc.constant<Part>({ type: 'custom', kind: 'mock.note' }),
  fc.constant<Part>({ type: 'file', mediaType: 'text/plain', data: { type: 'data', data: 'SGk=' } }),
  fc.constant<Part>({ type: 'source', sourceType: 'url', id: 's', url: 'https://example.com' }),
  id.map((id): Part => ({ type: 'text-start', id })),
  fc.record({ type: fc.constant('text-delta' as const), id, delta }),
  id.map((id): Part => ({ type: 'text-end', id })),
  id.map((id): Part => ({ type: 'reasoning-start', id })),
  fc.record({ type: fc.constant('reasoning-delta' as const), id, delta }),
  id.map((id): Part => ({ type: 'reasoning-end', id })),
  call.map((id): Part => ({ type: 'tool-input-start', id, toolName: 'look' })),
  fc.record({ type: fc.constant('tool-input-delta' as const), id: call, delta }),
  call.map((id): Part => ({ type: 'tool-input-end', id })),
  fc.record({
    type: fc.constant('tool-call' as const),
    toolCallId: call,
    toolName: fc.constantFrom('look', 'ask', 'fail', 'unknown'),
    input: fc.constantFrom('{"city":"Oslo"}', '{}', '{'),
  }),
  fault.map((error): Part => ({ type: 'error', error })),
  fc.constantFrom(finish('stop', 'stop'), finish('tool-calls'), finish('error'), finish('other'), finish('interrupted')),
)

/** Parts of a plain answer with any others among them, cut anywhere. */
const nearlyWell = fc.tuple(fc.array(fc.tuple(fc.nat(7), part), { maxLength: 4 }), fc.nat(12)).map(([extra, length]) => {
  const parts: Part[] = [start, metadata, ...hello, finish('stop', 'stop')]
  for (const [at, more] of extra) parts.splice(at, 0, more)
  return parts.slice(0, length)
})
const parts = fc.oneof(nearlyWell, fc.array(part, { maxLength: 8 }))

test('whatever parts a model streams, in whatever order, all that comes of them is the same', async () => {
  const said = fc.record({ parts, breaks: fc.option(fc.constant({ error: new Error('the line is cut') }), { freq: 4, nil: undefined }) })
  const property = fc.asyncProperty(said, async ({ parts, breaks }) => {
    // An answer that has said its end is whole, whatever becomes of its line then: that is meant.
    fc.pre(breaks === undefined || !parts.some(({ type }) => type === 'finish'))
    await expectSame(
      () => scriptedModel({ streamed: [{ parts, ...(breaks !== undefined && { breaks }) }] }),
      model => observeStream(model, { tools }),
    )
  })
  await fc.assert(property, { numRuns: 60 })
})

test('so it is with a second model that is never needed', async () => {
  const whole = nearlyWell.filter(parts => {
    const first = parts.find(part => part.type === 'error' || (part.type === 'text-delta' && part.delta !== ''))
    return first?.type === 'text-delta' && parts.some(({ type }) => type === 'finish')
  })
  const property = fc.asyncProperty(whole, async parts => {
    const bare = await observeStream(scriptedModel({ streamed: [{ parts }] }), { tools })
    const other = scriptedModel({ streamed: [{ throws: new Error('nobody should ask') }] })
    const routed = createRouted({
      // Of equals, either may be asked: these are none.
      models: { 'mock-model-id': scriptedModel({ streamed: [{ parts }] }), other: { model: other, group: 'other' } },
      name: 'mock-provider',
      policy: candidates => candidates,
    })
    // What calls itself `auto` elsewhere is named as its first model here, so that the names are the same.
    const model: LanguageModelV4 = Object.assign(Object.create(routed('auto')), { modelId: 'mock-model-id' })
    expect(await observeStream(model, { tools })).toEqual(bare)
    expect(other.doStreamCalls).toEqual([])
  })
  await fc.assert(property, { numRuns: 20 })
})
