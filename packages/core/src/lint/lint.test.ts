import { expect, test } from 'vitest'
import { scriptedCard } from '../testing/index.ts'
import type { LintBlock, LintFinding, LintRequest } from './finding.ts'
import { lintPrefix, type LintOptions } from './prefix-lint.ts'

const words = (seed: string, count = 900): string => Array.from({ length: count }, (_, at) => `${seed} clause ${at} holds.`).join('\n')
const system = (text: string): LintBlock => ({ role: 'system', texts: [text] })
const user = (text: string): LintBlock => ({ role: 'user', texts: [text] })
const assistant = (text: string): LintBlock => ({ role: 'assistant', texts: [text] })
const tool = (name: string, schema: object = { type: 'object', properties: { path: { type: 'string' } } }): LintBlock => ({
  role: 'tools',
  texts: [name, words(`${name} docs`, 60), JSON.stringify(schema)],
})
const RULES = words('policy')

/** Prompts of one conversation that grows by a question and an answer on each turn. */
function conversation(turns: number, head: (turn: number) => readonly LintBlock[], name = 'first'): LintRequest[] {
  const history: LintBlock[] = []
  return Array.from({ length: turns }, (_, turn) => {
    history.push(user(`${name} question ${turn}: ${words(`${name} q${turn}`, 20)}`))
    const blocks = [...head(turn), ...history]
    history.push(assistant(`${name} answer ${turn}: ${words(`${name} a${turn}`, 20)}`))
    return { blocks }
  })
}

const lint = (requests: readonly LintRequest[], options?: LintOptions) => lintPrefix(requests, options)
const only = (requests: readonly LintRequest[]): LintFinding => {
  const { findings } = lint(requests)
  expect(findings.map(({ reason, place }) => `${reason.type} in ${place.type}`)).toHaveLength(1)
  return findings[0]!
}

test('a conversation that only grows has nothing to mend', () => {
  const report = lint(conversation(10, () => [tool('read'), system(RULES)]))
  expect(report).toMatchObject({ requests: 10, sessions: 1, compared: 9, findings: [], lostTokens: 0 })
  expect(report.readableTokens).toBeGreaterThan(0.8 * report.inputTokens)
})

test.each([
  ['an ISO time', (turn: number) => `Now: 2026-11-22T03:${10 + turn}:07Z.`, 'timestamp'],
  ['a written date', (turn: number) => `Today is Sunday, November ${10 + turn}, 2026.`, 'timestamp'],
  ['a time of day', (turn: number) => `It is ${1 + turn}:59 PM.`, 'timestamp'],
  ['Unix milliseconds', (turn: number) => `ts=${1_790_000_000_000 + turn * 61_337}`, 'timestamp'],
  ['a UUID', (turn: number) => `Request 3f2b8c1e-9d4a-4c7b-8a2e-0000000000${10 + turn}`, 'random-id'],
  ['a hash', (turn: number) => `build ${(0x9f8e7d6c5b + turn * 7_919_111).toString(16)}a1`, 'random-id'],
  ['a nanoid', (turn: number) => `trace V1StGXR8_Z5jdHi6B-my${turn}T`, 'random-id'],
  ['a counter', (turn: number) => `This is message ${turn + 1} of the conversation.`, 'counter'],
])('%s in the system prompt is named, with what follows it as the loss', (_, volatile, reason) => {
  const requests = conversation(6, turn => [system(`${volatile(turn)}\n${RULES}`)])
  const found = only(requests)
  expect(found).toMatchObject({ reason: { type: reason }, place: { type: 'system', index: 0 }, between: 'turns', times: 5, sessions: 1 })
  const { inputTokens, readableTokens } = lint(requests)
  // All but what is new in each turn could have been read.
  expect(readableTokens).toBe(0)
  expect(found.lostTokens).toBeGreaterThan(0.75 * inputTokens)
  expect(found.mend).toContain('the system prompt')
})

test('two times in one text are one finding, and what lies between them counts', () => {
  const found = only(conversation(2, turn => [system(`Now 10:0${turn}.\n${RULES}\nDone at 10:0${turn}, really.`)]))
  expect(found.reason).toEqual({ type: 'timestamp' })
  expect(found.lostTokens).toBeGreaterThan(5_000)
})

test('tools in another order, other tools, and the same schema in another key order are told apart', () => {
  const abc = ['a', 'b', 'c'].map(name => tool(name))
  const order = only(conversation(2, turn => [...(turn === 0 ? abc : abc.toReversed()), system(RULES)]))
  expect(order).toMatchObject({ reason: { type: 'tool-order' }, place: { type: 'tools' }, before: 'a, b, c', after: 'c, b, a' })
  expect(order.mend).toContain('promptCache.sortTools')

  const set = only(conversation(2, turn => [...(turn === 0 ? abc : [tool('extra'), ...abc.slice(1)]), system(RULES)]))
  expect(set.reason).toEqual({ type: 'tool-set', added: ['extra'], removed: ['a'] })

  const schemas = [
    { type: 'object', properties: { p: { type: 'string', description: 'x' } }, required: ['p', 'q'] },
    { required: ['q', 'p'], properties: { p: { description: 'x', type: 'string' } }, type: 'object' },
  ]
  const keys = only(conversation(2, turn => [tool('a', schemas[turn]), system(RULES)]))
  expect(keys).toMatchObject({ reason: { type: 'key-order' }, place: { type: 'tools', tool: 'a' } })
})

test('JSON within a text is compared by what it says', () => {
  const data = [`{"user": "x", "plan": {"tier": 1, "seats": [3, 4]}}`, `{"plan": {"seats": [3, 4], "tier": 1}, "user": "x"}`]
  const found = only(conversation(2, turn => [system(`The don'ts, and the context: ${data[turn]}\n${RULES}`)]))
  expect(found).toMatchObject({ reason: { type: 'key-order' }, place: { type: 'system' } })
})

test('documents in another order are told from documents that are new', () => {
  const documents = ['alpha', 'beta', 'gamma', 'delta'].map(name => words(name, 100).replaceAll('\n', ' '))
  const numbered = (list: readonly string[]) => list.map((text, at) => `[${at + 1}] ${text}`).join('\n\n')
  const shuffled = only(conversation(2, turn => [system(`${RULES}\n${numbered(turn === 0 ? documents : documents.toReversed())}`)]))
  expect(shuffled).toMatchObject({ reason: { type: 'document-order' } })
  expect(shuffled.mend).toContain('Sort the documents')

  const fresh = conversation(2, turn => [system(`${RULES}\n${turn === 0 ? documents[0] : documents[1]}\n${documents[2]}`)])
  expect(only(fresh).reason).toEqual({ type: 'text-changed' })
})

test('a window that slides on every turn is named; one cut in a long while is not', () => {
  const full = conversation(24, () => [system(RULES)])
  const keep = (count: (turn: number) => number) =>
    full.map(({ blocks }, turn) => ({ blocks: [blocks[0]!, ...blocks.slice(1).slice(count(turn))] }))
  const sliding = only(keep(turn => 2 * Math.max(0, turn - 6)))
  expect(sliding).toMatchObject({
    reason: { type: 'sliding-window', droppedMessages: 2 },
    place: { type: 'message', index: 1 },
    times: 16,
    sessions: 1,
  })
  expect(sliding.mend).toContain('trimHistory')
  expect(lint(keep(turn => (turn < 12 ? 0 : 12))).findings).toEqual([])
})

test('a summary that is written anew on every turn is named', () => {
  const full = conversation(12, () => [system(RULES)])
  const requests = full.map(({ blocks }, turn) => {
    const cut = 2 * Math.max(0, turn - 4)
    if (cut === 0) return { session: 's', blocks }
    return { session: 's', blocks: [blocks[0]!, user(`Summary, version ${turn}: ${words(`s${turn}`, 10)}`), ...blocks.slice(1 + cut)] }
  })
  expect(lint(requests).findings.map(({ reason }) => reason.type)).toContain('rolling-summary')
})

test('a message that was sent and then changed is named', () => {
  const requests = conversation(3, () => [system(RULES)]).map(({ blocks }, turn) => ({
    session: 's',
    blocks: blocks.map((block, at) =>
      at === 1 ? user(`context of turn number ${['one', 'two', 'three'][turn]}. ${block.texts[0]}`) : block,
    ),
  }))
  expect(only(requests)).toMatchObject({ reason: { type: 'history-edited' }, place: { type: 'message', index: 1, role: 'user' }, times: 2 })
})

test('a conversation is known without ids where context was taken out of its last message, which loses nothing that is sent again', () => {
  const bare = conversation(4, () => [system(RULES)])
  const requests = bare.map(({ blocks }, turn) => ({
    blocks: blocks.toSpliced(-1, 1, user(`${blocks.at(-1)!.texts[0]}\nContext: ${words(`page ${turn}`, 30)}`)),
  }))
  // The first prompt shares no more than the system prompt with those after it.
  expect(lint(requests)).toMatchObject({ sessions: 2, findings: [] })
})

test('spaces and line ends alone are told apart from words', () => {
  const found = only(conversation(2, turn => [system(turn === 0 ? RULES : RULES.replaceAll('\n', '\r\n'))]))
  expect(found.reason).toEqual({ type: 'whitespace' })
})

test('an image whose address is signed anew is another image', () => {
  const image = (turn: number): LintBlock => ({
    ...user('What is this?'),
    media: [{ kind: 'image', reference: `https://files.example/cat.png?signature=${turn}ab` }],
  })
  const requests = conversation(2, turn => [system(RULES), image(turn)]).map(request => ({ ...request, session: 's' }))
  const found = only(requests)
  expect(found).toMatchObject({ reason: { type: 'media-address' }, before: 'https://files.example/cat.png?…' })
})

test('each of several changes is charged with what lies between it and the next', () => {
  const requests = conversation(2, turn => [
    system(`At 10:0${turn}\n${RULES}`),
    system(`Trace 3f2b8c1e-9d4a-4c7b-8a2e-00000000000${turn}\n${RULES}`),
  ])
  const { findings, lostTokens, readableTokens } = lint(requests)
  expect(findings.map(({ reason }) => reason.type).toSorted()).toEqual(['random-id', 'timestamp'])
  const mended = conversation(2, () => [system(`At 10:00\n${RULES}`), system(`Trace 3f2b8c1e-9d4a-4c7b-8a2e-000000000000\n${RULES}`)])
  const best = lint(mended).readableTokens
  expect(Math.abs(lostTokens + readableTokens - best)).toBeLessThan(0.02 * best)
})

test('a name in the head that all conversations share is found between them', () => {
  const requests = ['Anna Schmidt', 'Bert Vogel', 'Carla Fuchs'].flatMap(name =>
    conversation(2, () => [system(`You are talking to ${name}.\n${RULES}`)], name),
  )
  const found = only(requests)
  expect(found).toMatchObject({ reason: { type: 'caller-name' }, between: 'sessions', times: 2, sessions: 2 })
  expect(
    lint(['acme', 'globex'].map(tenant => ({ tenant, blocks: [system(`Workspace=${tenant}\n${RULES}`), user(tenant)] }))).findings[0],
  ).toMatchObject({
    reason: { type: 'caller-name' },
  })
})

test('kinds of conversations that take turns are not taken for one that changes', () => {
  const kinds = ['support', 'billing'].map(kind => system(`You do ${kind}.\n${RULES}`))
  const requests = Array.from({ length: 10 }, (_, at) => ({ blocks: [kinds[at % 2]!, user(`question ${words(`n${at}`, 5)}`)] }))
  expect(lint(requests).findings.reduce((sum, { times }) => sum + times, 0)).toBeLessThanOrEqual(1)
})

test('conversations are known apart without ids, and by their ids where there are some', () => {
  const one = conversation(5, () => [system(RULES)], 'one')
  const two = conversation(5, () => [system(RULES)], 'two')
  const mixed = one.flatMap((request, at) => [request, two[at]!])
  expect(lint(mixed)).toMatchObject({ sessions: 2, findings: [] })
  expect(lint(mixed.map((request, at) => ({ ...request, tenant: String(at % 2) })))).toMatchObject({ sessions: 2, findings: [] })
  // One id for two conversations: their messages take turns in it.
  expect(lint(mixed.map(request => ({ ...request, session: 'one' }))).sessions).toBe(1)
})

test('conversations that begin with the same words under other system prompts are not taken for one', () => {
  const two = ['Translate.', 'Write code.'].map(task => conversation(3, () => [system(`${task}\n${words(task)}`)], 'same'))
  expect(lint(two.flat())).toMatchObject({ sessions: 2, findings: [] })
  expect(lint(two[0]!.flatMap((request, at) => [request, two[1]![at]!]))).toMatchObject({ sessions: 2, findings: [] })
})

test('prompts below the minimum of a cache, and prompts after its lifetime, lose nothing', () => {
  const short = conversation(3, turn => [system(`Now 10:0${turn}. Be kind.`)]).map(({ blocks }) => ({ blocks: [blocks[0]!, user('hi')] }))
  expect(lint(short)).toMatchObject({ findings: [], tooShort: 3 })
  const card = scriptedCard('m', {
    cache: {
      kind: 'auto-prefix',
      minTokens: 1_024,
      ttls: [{ id: '5m', seconds: 300, sliding: true }],
      readableAfter: 'first-token',
      scope: 'org',
      guaranteed: false,
    },
  })
  const requests = conversation(3, turn => [system(`Now 10:0${turn}.\n${RULES}`)])
  const spaced = (ms: number) => requests.map((request, at) => ({ ...request, atMs: at * ms }))
  expect(lint(spaced(299_000), { card }).findings).toHaveLength(1)
  expect(lint(spaced(300_000), { card }).findings).toEqual([])
})

test('money is what reading anew costs over reading, with the write where that costs, for a day at this pace', () => {
  const requests = conversation(3, turn => [system(`Now 10:0${turn}.\n${RULES}`)])
  const rates = { input: 2, output: 10, cacheRead: 0.2 }
  const timed = requests.map((request, at) => ({ ...request, atMs: at * 3_600_000 }))
  const { findings, ...report } = lint(timed, { rates })
  expect(report).toMatchObject({ days: 2 / 24, daysFrom: 'times' })
  expect(findings[0]!.lostUsd).toBeCloseTo((findings[0]!.lostTokens * 1.8) / 1e6, 9)
  expect(findings[0]!.usdPerDay).toBeCloseTo(findings[0]!.lostUsd! * 12, 9)
  expect(report.usdPerDay).toBe(findings[0]!.usdPerDay)
  expect(lint(requests, { rates: { ...rates, cacheWrite: 2.5 } }).lostUsd).toBeCloseTo((findings[0]!.lostTokens * 2.3) / 1e6, 9)
  expect(lint(requests, { rates, requestsPerDay: 300 }).usdPerDay).toBeCloseTo(report.lostUsd! * 100, 9)
  expect(lint(requests)).toMatchObject({ daysFrom: 'assumed', days: 1 })
  expect(lint(requests).usdPerDay).toBeUndefined()
})

test('the dearest comes first', () => {
  const cheap = conversation(2, turn => [system(`${words('short', 250)}\nNow 10:0${turn}.\n${words('tail', 250)}`)], 'cheap')
  const dear = conversation(4, turn => [system(`Request 3f2b8c1e-9d4a-4c7b-8a2e-00000000000${turn}\n${RULES}`)], 'dear')
  const { findings } = lint([...cheap, ...dear], { rates: { input: 2, output: 10, cacheRead: 0.2 } })
  expect(findings.map(({ reason }) => reason.type)).toEqual(['random-id', 'timestamp'])
})

test('excerpts are short and hold no keys', () => {
  const key = 'sk-proj-Ab3dEf6hIj9kLmNoPqRsTuVwXyZ0123456789'
  const { before, after } = only(conversation(2, turn => [system(`Use ${key} at 10:0${turn} for ${key}.\n${RULES}`)]))
  for (const text of [before, after]) {
    expect(text.length).toBeLessThanOrEqual(80)
    expect(text).toContain('10:0')
    expect(text).not.toContain('Ab3dEf6hIj9k')
  }
})

test('long prompts take milliseconds, hostile ones too', () => {
  const base = words('policy', 2_000)
  const requests = Array.from({ length: 200 }, (_, at): LintRequest => ({
    blocks: [system(`Now ${at}:00\n${base}`), user(`${'{['.repeat(50)}${'1'.repeat(200)}${at}`)],
  }))
  expect(lint(requests).requests).toBe(200)
  // What takes quadratic time anywhere does not end before the test is given up.
  for (const piece of ['{', '[{"a":', '} ', '\n', '1', '-', '"', 'Aa1', ' ', '[1] ', '\r\n', 'T10:00', 'sk-']) {
    const text = piece.repeat(100_000)
    const pair = [`x${text}y`, `z${text}`, `${text}1`, `${text}2${text}`, `${text}3${text}`]
    expect(lint(pair.map(long => ({ session: 's', blocks: [system(long), user('go on')] }))).requests).toBe(pair.length)
  }
})
