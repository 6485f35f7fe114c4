import { expect, test } from 'vitest'
import { createDescriber } from './describe.ts'
import type { Block } from './describe.ts'
import { imageTokens } from './media.ts'
import { estimateTokens } from './tokens.ts'

interface Message {
  role: Block['role']
  content: string | { text: string }[]
  media?: Block['media']
  toolCalls?: Block['toolCalls']
}

function setUp() {
  let reads = 0
  const describer = createDescriber<Message>({
    read({ role, content, media, toolCalls }) {
      reads += 1
      const texts = typeof content === 'string' ? [content] : content.map(part => part.text)
      return { role, texts, ...(media !== undefined && { media }), ...(toolCalls !== undefined && { toolCalls }) }
    },
  })
  return { ...describer, reads: () => reads }
}

const user = (content: Message['content']): Message => ({ role: 'user', content })
const assistant = (content: Message['content']): Message => ({ role: 'assistant', content })
const system = (content: Message['content']): Message => ({ role: 'system', content })
const tool = (content: string): Message => ({ role: 'tools', content })
const describeAnew = () => setUp().describe({ tools: [tool('{"a":1}')], messages: [system('Be kind.'), user('Hi')] })
const hashes = ({ prefix }: { prefix: readonly { hash: number }[] }) => prefix.map(({ hash }) => hash)

test('counts text, framing and the start of the reply', () => {
  const { describe } = setUp()
  const features = describe({ messages: [system('Be brief.'), user('Hello there.')] })
  expect(features.inputTokens).toBe(Math.ceil(estimateTokens('Be brief.') + estimateTokens('Hello there.') + 2 * 3) + 3)
})

test('counts 9 for the frame of a tool and 3 for that of a tool call', () => {
  const { describe } = setUp()
  const schema = '{"type":"object","properties":{"city":{"type":"string"}}}'
  const bare = describe({ messages: [user('Hello')] }).inputTokens
  const equipped = describe({ tools: [tool(schema)], messages: [user('Hello')] }).inputTokens
  expect(Math.abs(equipped - bare - estimateTokens(schema) - 9)).toBeLessThanOrEqual(1)
  const said = describe({ messages: [assistant('')] }).inputTokens
  const called = describe({ messages: [{ ...assistant(''), toolCalls: [{ name: 'weather', arguments: '{"city":"Kiel"}' }] }] }).inputTokens
  expect(Math.abs(called - said - estimateTokens('weather') - estimateTokens('{"city":"Kiel"}') - 3)).toBeLessThanOrEqual(1)
})

test('media count by formula and set the needs', () => {
  const { describe } = setUp()
  const picture = { kind: 'image', width: 640, height: 480, reference: 'https://example.com/a.png' } as const
  const bare = describe({ messages: [user('What is this?')] })
  const seen = describe({ messages: [{ ...user('What is this?'), media: [picture] }] })
  expect(seen.inputTokens - bare.inputTokens).toBe(imageTokens(picture))
  expect(seen.needs).toMatchObject({ vision: true, pdf: false, audio: false })
  const heard = describe({
    messages: [
      {
        ...user('x'),
        media: [
          { kind: 'audio', seconds: 2, reference: 'a' },
          { kind: 'pdf', reference: 'b' },
        ],
      },
    ],
  })
  expect(heard.needs).toMatchObject({ vision: false, pdf: true, audio: true })
})

test('needs come from tools, schema and hints', () => {
  const { describe } = setUp()
  const messages = [user('Hello')]
  expect(describe({ messages }).needs).toEqual({
    tools: false,
    forcedTool: false,
    jsonSchema: false,
    vision: false,
    pdf: false,
    audio: false,
    streaming: false,
    logprobs: false,
  })
  const needs = describe({
    messages,
    tools: [tool('{}')],
    schema: '{}',
    needs: { streaming: true, forcedTool: true, logprobs: true },
  }).needs
  expect(needs).toMatchObject({ tools: true, jsonSchema: true, streaming: true, forcedTool: true, logprobs: true })
})

test('has one prefix block for the tools and one for each message, in order, with growing tokens', () => {
  const { describe } = setUp()
  const { prefix } = describe({
    tools: [tool('{"a":1}'), tool('{"b":2}')],
    messages: [system('Be kind.'), user('Hi'), assistant('Hello'), user('Bye')],
  })
  expect(prefix.length).toBe(5)
  expect(prefix.map(({ tokens }) => tokens)).toEqual(prefix.map(({ tokens }) => tokens).toSorted((a, b) => a - b))
  expect(new Set(prefix.map(({ hash }) => hash)).size).toBe(5)
})

test('a conversation that goes on keeps its prefix', () => {
  const { describe } = setUp()
  const turns = [system('Be kind.'), user('Hi'), assistant('Hello')]
  const before = describe({ messages: turns })
  const after = describe({ messages: [...turns, user('And now?')] })
  expect(after.prefix.slice(0, 3)).toEqual(before.prefix)
})

test('equal prompts have equal prefixes, whoever holds the objects', () => {
  expect(describeAnew()).toEqual(describeAnew())
})

test('another order of tools, another role, other text or another picture is another prefix', () => {
  const { describe } = setUp()
  const [first, second] = [tool('{"a":1}'), tool('{"b":2}')]
  const messages = [system('Be kind.'), user('Hi')]
  const base = hashes(describe({ tools: [first, second], messages }))
  expect(hashes(describe({ tools: [second, first], messages }))[0]).not.toBe(base[0])
  expect(hashes(describe({ tools: [first, second], messages, schema: '{}' }))[0]).not.toBe(base[0])
  expect(hashes(describe({ messages: [system('Hi')] }))).not.toEqual(hashes(describe({ messages: [user('Hi')] })))
  const shown = (reference: string) => hashes(describe({ messages: [{ ...user('Hi'), media: [{ kind: 'image', reference }] }] }))
  expect(shown('a')).not.toEqual(shown('b'))
  const inline = 'A'.repeat(10_000)
  expect(shown(`${inline}B`)).not.toEqual(shown(`${inline}C`))
})

test('a change early in the conversation changes every later block', () => {
  const { describe } = setUp()
  const rest = [user('Hi'), assistant('Hello')]
  const first = hashes(describe({ messages: [system('Be kind.'), ...rest] }))
  const second = hashes(describe({ messages: [system('Be curt.'), ...rest] }))
  for (const [index, hash] of first.entries()) expect(second[index]).not.toBe(hash)
  expect(hashes(describe({ messages: [system('Be kind.'), ...rest] }))).toEqual(first)
})

test('appending a turn reads the turn, not the history', () => {
  const { describe, reads } = setUp()
  const history = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? user(`Question ${index}`) : assistant(`Answer ${index}`)))
  describe({ messages: history, task: 'chat' })
  expect(reads()).toBe(100)
  describe({ messages: [...history, user('One more')], task: 'chat' })
  expect(reads()).toBe(101)
})

test('a conversation in new objects is described as it would be for the first time', () => {
  const { describe } = setUp()
  const picture = (end: string) => [{ kind: 'image', reference: `data:image/png;base64,${'A'.repeat(9_000)}${end}` }] as const
  const history = (): Message[] => [
    system('Be kind.'),
    user('Hi'),
    { ...assistant(''), toolCalls: [{ name: 'weather', arguments: '{"city":"Kiel"}' }] },
    { role: 'tool', content: '42' },
    { ...user([{ text: 'What is ' }, { text: 'this?' }]), media: picture('B') },
    { ...user([{ text: 'What is ' }, { text: 'this?' }]), media: picture('C') },
    user('Hi'),
  ]
  for (const count of [3, 7, 5]) {
    for (const tenant of ['acme', 'globex']) {
      const call = () => ({ tools: [tool('{"a":1}')], messages: history().slice(0, count), tenant })
      expect(describe(call())).toEqual(setUp().describe(call()))
    }
  }
})

test('an object changed in place is read again', () => {
  const { describe } = setUp()
  const message = user('Hi')
  const before = describe({ messages: [message] })
  message.content = 'Hi, and something more'
  const after = describe({ messages: [message] })
  expect(after).toEqual(setUp().describe({ messages: [user('Hi, and something more')] }))
  expect(hashes(after)).not.toEqual(hashes(before))
})

test('parts that are pushed, or a last part that grows, are noticed', () => {
  const { describe } = setUp()
  const parts = [{ text: 'One.' }]
  const message = assistant(parts)
  const seen = [hashes(describe({ messages: [message] }))[0]]
  parts.push({ text: 'Two' })
  seen.push(hashes(describe({ messages: [message] }))[0])
  parts[1]!.text += ' and three.'
  seen.push(hashes(describe({ messages: [message] }))[0])
  expect(new Set(seen).size).toBe(3)
})

test('the turn is a tool turn when a tool result came last', () => {
  const { describe } = setUp()
  expect(describe({ messages: [user('Hi')] }).turn).toBe('user')
  expect(describe({ messages: [user('Hi'), assistant(''), { role: 'tool', content: '42' }] }).turn).toBe('tool')
  expect(describe({ messages: [] }).turn).toBe('user')
})

test('the task is hinted from the last question, tools make it an agent, and the caller decides', () => {
  const { describe } = setUp()
  const messages = [user('Write a short story about a fox.'), assistant('Once…'), user('Now translate it into Danish.')]
  expect(describe({ messages }).task).toBe('translation')
  expect(describe({ messages, tools: [tool('{}')] }).task).toBe('agent')
  expect(describe({ messages, tools: [tool('{}')], task: 'support' }).task).toBe('support')
})

test("passes the caller's output limit on, or none", () => {
  const { describe } = setUp()
  expect(describe({ messages: [], maxOutputTokens: 300 }).maxOutputTokens).toBe(300)
  expect(describe({ messages: [] }).maxOutputTokens).toBeUndefined()
})

test('the same prompt of two tenants has no prefix in common', () => {
  const { describe } = setUp()
  const messages = [system('Be kind.'), user('Hi')]
  const of = (tenant: string | undefined) => hashes(describe({ messages, tenant }))
  expect(of('acme')).toEqual(of('acme'))
  for (const hash of of('acme')) expect([...of('globex'), ...of(undefined)]).not.toContain(hash)
})
