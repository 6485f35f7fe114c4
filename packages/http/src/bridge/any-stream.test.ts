import type { Json } from '@routewise/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WireChunk } from '../call.ts'
import { calling, hear, lastOf, type Event } from '../testing/bridged.ts'
import { chatChunks, joined, type ChatScript } from '../testing/chat-script.ts'

const text = fc.string({ minLength: 1, maxLength: 8 })
const delta: fc.Arbitrary<Json> = fc.oneof(
  text.map(content => ({ content })),
  text.map(reasoning_content => ({ reasoning_content })),
  text.map(reasoning => ({ reasoning })),
  text.map(refusal => ({ refusal })),
  fc.record({ at: fc.nat(2), json: text }).map(({ at, json }) => calling(at, `call_${at}`, `tool${at}`, json)),
  fc.constant({}),
)
const script: fc.Arbitrary<ChatScript> = fc.record({
  deltas: fc.array(delta, { maxLength: 30 }),
  finish: fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter'),
})
const LAST = new Set(['response.completed', 'response.incomplete', 'response.failed'])

/** Chunks of random sizes, as reads of a network are. */
function batched(chunks: readonly WireChunk[], sizes: readonly number[]): WireChunk[] {
  const batches: WireChunk[] = []
  for (let at = 0, turn = 0; at < chunks.length; turn += 1) {
    const size = sizes[turn % sizes.length]!
    batches.push(joined(chunks.slice(at, at + size)))
    at += size
  }
  return batches
}

test('whatever a chat says, in whatever order and batches, the deltas add up to the response', async () => {
  await fc.assert(
    fc.asyncProperty(script, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }), async (said, sizes) => {
      const { events, thrown } = await hear(batched(chatChunks(said), sizes))
      expect(thrown).toBeUndefined()
      expect(events.filter(({ type }) => LAST.has(type))).toEqual([lastOf(events)])
      const { response } = lastOf(events) as unknown as { response: { output: Json[] } }
      expect(response.output).toEqual(addUp(events))
      expect(textsOf(response.output, 'message', 'content', 'text')).toBe(all(said, 'content'))
      expect(textsOf(response.output, 'message', 'content', 'refusal')).toBe(all(said, 'refusal'))
      expect(textsOf(response.output, 'reasoning', 'summary', 'text')).toBe(thoughtsOf(said))
      for (const at of [0, 1, 2]) {
        const item = response.output.find(({ call_id: id }) => id === `call_${at}`)
        expect(item?.['arguments'] ?? '').toBe(argumentsOf(said, at))
      }
    }),
  )
})

test('a chat that is cut never ends cleanly', async () => {
  await fc.assert(
    fc.asyncProperty(script, fc.nat(40), fc.boolean(), async (said, at, throws) => {
      const chunks = chatChunks(said)
      const { events, thrown } = await hear(chunks.slice(0, Math.min(at, chunks.length - 2)), throws ? { error: new Error('cut') } : {})
      expect(events.filter(({ type }) => LAST.has(type))).toEqual([])
      expect(thrown !== undefined).toBe(throws)
    }),
  )
})

const textAt = (from: Json, field: string): string => (typeof from[field] === 'string' ? from[field] : '')
const all = ({ deltas }: ChatScript, field: string): string => deltas.map(said => textAt(said, field)).join('')
const thoughtsOf = ({ deltas }: ChatScript): string =>
  deltas.map(said => textAt(said, 'reasoning_content') || textAt(said, 'reasoning')).join('')
const argumentsOf = ({ deltas }: ChatScript, at: number): string =>
  deltas
    .flatMap(said => (said['tool_calls'] as { index: number; function: { arguments: string } }[] | undefined) ?? [])
    .filter(({ index }) => index === at)
    .map(call => call.function.arguments)
    .join('')
const textsOf = (output: readonly Json[], type: string, list: string, field: string): string =>
  output
    .filter(item => item['type'] === type)
    .flatMap(item => item[list] as Json[])
    .map(part => textAt(part, field))
    .join('')

/** The output as a client adds it up of deltas alone, with the status that the end of each item tells. */
function addUp(events: readonly Event[]): Json[] {
  const items = new Map<unknown, Record<string, unknown>>()
  const part = (event: Event, list: string, index: string): Record<string, unknown> =>
    (items.get(event['output_index'])![list] as Record<string, unknown>[])[event[index] as number]!
  for (const event of events) {
    const { type, output_index: at, delta } = event
    if (type === 'response.output_item.added') items.set(at, structuredClone(event['item']) as Record<string, unknown>)
    const item = items.get(at)
    if (type === 'response.content_part.added') (item!['content'] as unknown[]).push(structuredClone(event['part']))
    if (type === 'response.reasoning_summary_part.added') (item!['summary'] as unknown[]).push(structuredClone(event['part']))
    if (type === 'response.output_text.delta') part(event, 'content', 'content_index')['text'] += String(delta)
    if (type === 'response.refusal.delta') part(event, 'content', 'content_index')['refusal'] += String(delta)
    if (type === 'response.reasoning_summary_text.delta') part(event, 'summary', 'summary_index')['text'] += String(delta)
    if (type === 'response.function_call_arguments.delta') item!['arguments'] += String(delta)
    if (type === 'response.output_item.done') item!['status'] = (event['item'] as Json)['status']
  }
  return [...items].sort(([one], [other]) => Number(one) - Number(other)).map(([, item]) => item)
}
