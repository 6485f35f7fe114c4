import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPartJoin } from './continuation.ts'
import { createRouted } from '../index.ts'
import { simulated, type Simulated } from '../testing/simulated.ts'

const usage = { inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 1, text: 1, reasoning: 0 } }
const finish: Part = { type: 'finish', usage, finishReason: { unified: 'stop', raw: 'stop' } }
const start: Part = { type: 'stream-start', warnings: [{ type: 'other', message: 'mind the gap' }] }
const text = (id: string, ...deltas: string[]): Part[] => [
  { type: 'text-start', id },
  ...deltas.map((delta): Part => ({ type: 'text-delta', id, delta })),
]
const endOfText = (id: string): Part => ({ type: 'text-end', id })

/** The parts as a caller gets them: those of the first stream as they are, those of the others joined. */
function join(first: readonly Part[], ...others: readonly (readonly Part[])[]): Part[] {
  const { note, endsBefore, goOn } = createPartJoin()
  const parts = [...first]
  for (const part of first) note(part)
  for (const part of others.flat()) {
    parts.push(...endsBefore(part))
    const own = goOn(part)
    if (own !== undefined) parts.push(own)
  }
  return parts
}

/** Texts of the blocks in the order in which they began, as the SDK puts them together; throws where the stream is not well-formed. */
function textsOf(parts: readonly Part[], { whole = true } = {}): string[] {
  const blocks = new Map<string, { kind: string; text: string; isOpen: boolean }>()
  let finishes = 0
  for (const part of parts) {
    if (finishes > 0) throw new Error(`${part.type} after the end`)
    if (part.type === 'finish') finishes += 1
    const [, kind, step] = /^(text|reasoning|tool-input)-(start|delta|end)$/.exec(part.type) ?? []
    if (kind === undefined || !('id' in part)) continue
    const block = blocks.get(part.id)
    if (step === 'start') {
      if (block !== undefined) throw new Error(`${part.id} begins twice`)
      blocks.set(part.id, { kind, text: '', isOpen: true })
    } else if (block?.kind !== kind || !block.isOpen) throw new Error(`${part.type} outside of ${part.id}`)
    else if ('delta' in part) block.text += part.delta
    else block.isOpen = false
  }
  if (whole && finishes !== 1) throw new Error(`${finishes} ends`)
  const list = [...blocks.values()]
  if (whole && list.some(({ isOpen }) => isOpen)) throw new Error('a block has no end')
  return list.filter(({ kind }) => kind === 'text').map(block => block.text)
}

/** What a model may stream: blocks of every kind, beside one another or in turn, and parts that are no blocks. */
const steps = fc.array(fc.record({ verb: fc.nat(9), pick: fc.nat(5), delta: fc.string({ maxLength: 3 }) }), { maxLength: 30 })
const kinds = ['text', 'text', 'text', 'reasoning', 'tool-input'] as const
const others: readonly Part[] = [
  { type: 'response-metadata', id: 'r', modelId: 'm' },
  { type: 'source', sourceType: 'url', id: '0', url: 'https://example.com' },
  { type: 'ping' },
  { type: 'raw', rawValue: {} },
]
const parts = steps.map(list => {
  const open: { kind: (typeof kinds)[number]; id: string }[] = []
  const said: Part[] = [start]
  let next = 0
  for (const { verb, pick, delta } of list) {
    const block = open[pick % (open.length || 1)]
    if (verb < 3 || block === undefined) {
      const kind = kinds[pick % kinds.length]!
      open.push({ kind, id: String(next) })
      said.push({ type: `${kind}-start`, id: String(next), toolName: 'search' })
      next += 1
    } else if (verb < 7) said.push({ type: `${block.kind}-delta`, id: block.id, delta })
    else if (verb < 9) {
      open.splice(open.indexOf(block), 1)
      said.push({ type: `${block.kind}-end`, id: block.id })
    } else said.push(others[pick % others.length]!)
  }
  return [...said, ...open.map(({ kind, id }): Part => ({ type: `${kind}-end`, id })), finish]
})
const cut = fc.tuple(parts, fc.nat()).map(([all, at]) => all.slice(0, at % all.length))

describe('an answer that broke off and what goes on with it', () => {
  test('are one well-formed stream, and their texts one text, wherever it broke and whatever follows', () => {
    fc.assert(
      fc.property(cut, fc.array(cut, { maxLength: 2 }), parts, (first, between, last) => {
        const texts = [first, ...between].flatMap(each => textsOf(each, { whole: false }))
        const joined = join(first, ...between, last)
        expect(textsOf(joined).join('')).toBe([...texts, ...textsOf(last)].join(''))
      }),
      { numRuns: 2_000 },
    )
  })

  test('share the text block that is open', () => {
    expect(join([start, ...text('0', 'The par')], [start, ...text('a', 'cel', ' left.'), endOfText('a'), finish])).toEqual([
      start,
      ...text('0', 'The par', 'cel', ' left.'),
      { type: 'text-end', id: '0', providerMetadata: {} },
      finish,
    ])
  })

  test('share it as often as one breaks off', () => {
    const joined = join(text('0', 'The '), [start, ...text('0', 'par')], [start, ...text('0', 'cel'), endOfText('0'), finish])
    expect(joined.slice(0, -2)).toEqual(text('0', 'The ', 'par', 'cel'))
  })

  test('have blocks of their own where none is open, under ids that do not clash', () => {
    const joined = join([start, ...text('0', 'One.'), endOfText('0')], [start, ...text('0', 'Two.'), endOfText('0'), finish])
    expect(joined.slice(-4)).toEqual([...text('0-2', 'Two.'), endOfText('0-2'), finish])
  })

  test('are one model’s, but for the text and the end: thoughts, sources, warnings and metadata of another are not passed on', () => {
    const second: Part[] = [
      start,
      { type: 'response-metadata', id: 'r2' },
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com' },
      ...text('a', 'cel'),
      endOfText('a'),
      { type: 'raw', rawValue: 1 },
      finish,
    ]
    const types = join(text('0', 'The par'), second).map(({ type }) => type)
    expect(types).toEqual(['text-start', 'text-delta', 'text-delta', 'text-end', 'raw', 'finish'])
  })

  test('end what the first had begun and nothing goes on with, before the first word of the second', () => {
    const first: Part[] = [...text('0', 'Let me see.'), endOfText('0'), { type: 'reasoning-start', id: 'r' }]
    const joined = join(first, [...text('a', 'It is'), endOfText('a'), finish])
    expect(joined[first.length]).toEqual({ type: 'reasoning-end', id: 'r', providerMetadata: {} })
  })

  test('end the open text where the second says nothing', () => {
    expect(join(text('0', 'Hi'), [start, finish]).slice(2)).toEqual([{ type: 'text-end', id: '0', providerMetadata: {} }, finish])
  })

  test('take back the id under which a provider knows the part it broke off in: it would stand for half of the text', () => {
    const itemOf = (itemId: string) => ({ providerMetadata: { openai: { itemId } } })
    const first: Part[] = [{ type: 'text-start', id: 'msg_1', ...itemOf('msg_1') }]
    const second: Part[] = [
      { type: 'text-start', id: 'msg_2', ...itemOf('msg_2') },
      { type: 'text-delta', id: 'msg_2', delta: 'Hi', ...itemOf('msg_2') },
      { type: 'text-end', id: 'msg_2', ...itemOf('msg_2') },
      finish,
    ]
    const joined = join(first, second).slice(1)
    expect(JSON.stringify(joined)).not.toContain('itemId')
    expect(joined.at(-2)).toEqual({ type: 'text-end', id: 'msg_1', providerMetadata: {} })
  })
})

describe('over the wires of providers', () => {
  const words = 'The parcel left the warehouse on Monday and should be with you by Thursday, if nothing comes between.'
  const rest = ' (and so on).'
  let world: Simulated
  beforeAll(async () => {
    const match = ({ prompt }: { prompt: string }) => ({ answer: { text: prompt.includes('cut off') ? rest : words, outputTokens: 40 } })
    world = await simulated({ recordings: { match } })
  })
  afterAll(() => world.sim.close())

  test.each([
    ['openai', 'anthropic', 'openai'],
    ['responses', 'mistral', 'openai'],
    ['anthropic', 'google', 'anthropic'],
    ['google', 'responses', 'google'],
  ] as const)('an answer that %s breaks off and %s goes on with is one well-formed stream', async (broken, other, provider) => {
    world.sim.fault({ when: { provider }, effect: { type: 'cut', at: 'midway' }, times: 1 })
    const models = { first: world[broken](), second: world[other]() }
    const routed = createRouted({ models, policy: candidates => candidates, hedge: false, retry: false, onStall: 'continue' })
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Where is it?' }] }]
    const { stream } = await routed('auto').doStream({ prompt })
    const got: Part[] = []
    for await (const part of stream) got.push(part)
    const joined = textsOf(got).join('')
    const begun = joined.slice(0, -rest.length)
    expect(begun.length).toBeGreaterThan(10)
    expect(words.startsWith(begun)).toBe(true)
    expect(joined.endsWith(rest)).toBe(true)
  })
})
