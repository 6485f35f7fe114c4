import { expect, test } from 'vitest'
import { schemaViolations } from './schema-violations.ts'
import { scoreAnswer } from './score.ts'
import type { AfterTools, Conversation, Reply, Turn } from './types.ts'
import { loadWorkload } from './workload.ts'

const workload = loadWorkload()
const { conversations } = workload
const turns = conversations.flatMap(conversation => conversation.turns)
const replies = conversations.flatMap(conversation => conversation.turns.flatMap(turn => repliesOf(conversation, turn)))

interface Place {
  at: string
  conversation: Conversation
  reply: Reply & { afterTools?: AfterTools }
}

function repliesOf(conversation: Conversation, turn: Turn): Place[] {
  const places: Place[] = []
  for (let reply: Place['reply'] | undefined = turn; reply; reply = reply.afterTools) {
    places.push({ at: `${conversation.id}: ${turn.user.slice(0, 60)} [${places.length}]`, conversation, reply })
  }
  return places
}

const failing = (isBad: (place: Place) => boolean) => replies.filter(place => isBad(place)).map(({ at }) => at)
const share = (isOne: (turn: Turn) => boolean) => turns.filter(turn => isOne(turn)).length / turns.length

test('every right answer scores 1', () => {
  expect(failing(({ reply }) => scoreAnswer(reply.check, reply.right) !== 1)).toEqual([])
})

test('every wrong answer scores less', () => {
  expect(failing(({ reply }) => scoreAnswer(reply.check, reply.wrong) >= 1)).toEqual([])
})

test('no check is passed by an empty answer', () => {
  expect(failing(({ reply }) => scoreAnswer(reply.check, { text: '', toolCalls: [] }) > 0)).toEqual([])
})

// Labels and calls are few, so they repeat between conversations; what is written does not.
test('no check of a text is so loose that one in twenty answers of other conversations passes', () => {
  const loose = failing(({ conversation, reply }) => {
    if (reply.check.type === 'label' || reply.check.type === 'tool-calls') return false
    const others = replies.filter(other => other.conversation !== conversation)
    return others.filter(other => scoreAnswer(reply.check, other.reply.right) === 1).length > others.length / 20
  })
  expect(loose).toEqual([])
})

test('ids are unique, and prompts, tools and schemas exist and are all used', () => {
  const used = (names: (conversation: Conversation) => readonly string[]) => [...new Set(conversations.flatMap(names))].toSorted()
  expect(used(({ id }) => [id])).toHaveLength(conversations.length)
  expect(used(({ system }) => [system])).toEqual(Object.keys(workload.systems).toSorted())
  expect(used(({ tools = [] }) => tools)).toEqual(Object.keys(workload.tools).toSorted())
  expect(used(({ schema }) => (schema === undefined ? [] : [schema]))).toEqual(Object.keys(workload.schemas).toSorted())
})

test('no two turns of a conversation ask the same, so that a history names one answer', () => {
  const repeating = conversations.filter(({ turns: asked }) => new Set(asked.map(({ user }) => user)).size < asked.length)
  expect(repeating.map(({ id }) => id)).toEqual([])
})

test('right tool calls are offered to the conversation and satisfy the schema of the tool', () => {
  const violations = replies.flatMap(({ at, conversation, reply }) =>
    reply.right.toolCalls.flatMap(({ name, arguments: args }) => {
      const tool = conversation.tools?.includes(name) ? workload.tools[name] : undefined
      return tool ? schemaViolations(tool.parameters, args, at) : [`${at}: ${name} is not offered`]
    }),
  )
  expect(violations).toEqual([])
})

test('each right tool call has one result, and a reply follows exactly where tools were called', () => {
  expect(failing(({ reply }) => reply.right.toolCalls.length !== (reply.afterTools?.toolResults.length ?? 0))).toEqual([])
  expect(failing(({ reply }) => (reply.right.text === '') !== (reply.afterTools !== undefined))).toEqual([])
})

test('right JSON satisfies the schema of its conversation', () => {
  const violations = replies.flatMap(({ at, conversation, reply }) => {
    const answer = workload.schemas[conversation.schema ?? '']
    return answer ? schemaViolations(answer.schema, JSON.parse(reply.right.text), at) : []
  })
  expect(violations).toEqual([])
})

test('the validator of this test refuses what it should', () => {
  const schema = workload.tools['schedule_visit']!.parameters
  const visit = { serial: 'TH55120986', date: '2026-03-13', slot: 'evening', postal_code: '3581 KP' }
  expect(schemaViolations(schema, visit)).toEqual([])
  expect(schemaViolations(schema, { ...visit, serial: 'TH1' })).toHaveLength(1)
  expect(schemaViolations(schema, { ...visit, slot: 'night', price: 0 })).toHaveLength(2)
  expect(schemaViolations(schema, { ...visit, date: null })).toHaveLength(1)
  expect(schemaViolations(schema, { serial: 'TH55120986' })).toHaveLength(3)
})

test('the mix is that of a desk: much is easy, some is not', () => {
  expect(conversations.length).toBeGreaterThanOrEqual(60)
  expect(turns.length).toBeGreaterThanOrEqual(200)
  expect(turns.length).toBeLessThanOrEqual(260)
  expect(turns.every(({ difficulty }) => difficulty >= 0 && difficulty <= 1)).toBe(true)
  expect(share(({ difficulty }) => difficulty < 0.4)).toBeCloseTo(0.7, 1)
  expect(share(({ difficulty }) => difficulty >= 0.4 && difficulty < 0.7)).toBeCloseTo(0.2, 1)
  expect(share(({ difficulty }) => difficulty >= 0.7)).toBeCloseTo(0.1, 1)
})

test.each([
  ['chat', 0.2],
  ['agent', 0.12],
  ['classification', 0.1],
  ['code', 0.1],
  ['reasoning', 0.1],
  ['translation', 0.07],
  ['extraction', 0.06],
  ['summarization', 0.02],
])('%s is at least %d of the turns', (task, least) => {
  expect(share(turn => turn.task === task)).toBeGreaterThanOrEqual(least)
})

test('each long prompt is shared by many conversations', () => {
  for (const [id, text] of Object.entries(workload.systems)) {
    expect(conversations.filter(({ system }) => system === id).length).toBeGreaterThanOrEqual(15)
    // Four characters to a token, roughly.
    expect(text.length / 4).toBeGreaterThan(1_500)
    expect(text.length / 4).toBeLessThan(3_000)
  }
})
