import type { LintReport } from '@routewise/core'
import { expect, test } from 'vitest'
import { cli, gzipped, jsonl, temporaryDirectory } from '../testing/fixtures.ts'

const RULES = Array.from({ length: 400 }, (_, at) => `Rule ${at}: be exact, be kind, and say where a figure comes from.`).join('\n')
const QUESTIONS = ['Where is my parcel?', 'And the invoice?', 'Thanks, and the refund?']
const now = (turn: number) => `Now: 2026-11-22T03:1${turn}:07Z.\n${RULES}`

/** The same conversation as each API's bodies; the system prompt begins with the time. */
const wires: Record<string, (turn: number) => object> = {
  'OpenAI Chat Completions': turn => ({
    model: 'gpt-6-sol',
    messages: [
      { role: 'system', content: now(turn) },
      ...QUESTIONS.slice(0, turn + 1)
        .flatMap((content, at) => [
          { role: 'user', content },
          { role: 'assistant', content: `Answer ${at}.` },
        ])
        .slice(0, -1),
    ],
  }),
  'OpenAI Responses': turn => ({
    model: 'gpt-6-sol',
    instructions: now(turn),
    input: QUESTIONS.slice(0, turn + 1)
      .flatMap((content, at) => [
        { role: 'user', content },
        { role: 'assistant', content: `Answer ${at}.` },
      ])
      .slice(0, -1),
  }),
  'Anthropic Messages': turn => ({
    model: 'claude-opus-5-5',
    system: [{ type: 'text', text: now(turn), cache_control: { type: 'ephemeral' } }],
    messages: QUESTIONS.slice(0, turn + 1)
      .flatMap((content, at) => [
        { role: 'user', content },
        { role: 'assistant', content: [{ type: 'text', text: `Answer ${at}.` }] },
      ])
      .slice(0, -1),
  }),
  'Gemini generateContent': turn => ({
    systemInstruction: { parts: [{ text: now(turn) }] },
    contents: QUESTIONS.slice(0, turn + 1)
      .flatMap((text, at) => [
        { role: 'user', parts: [{ text }] },
        { role: 'model', parts: [{ text: `Answer ${at}.` }] },
      ])
      .slice(0, -1),
  }),
}

async function lint(content: string | Buffer, ...args: readonly string[]) {
  await using directory = await temporaryDirectory()
  const file = await directory.write('requests.jsonl', content)
  return await cli(['lint-prefix', file, ...args])
}
const reportOf = async (content: string | Buffer, ...args: readonly string[]): Promise<LintReport> => {
  const { code, stdout, stderr } = await lint(content, '--json', ...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as LintReport
}

test.each(Object.entries(wires))('finds the time in the system prompt of %s', async (_, body) => {
  const report = await reportOf(jsonl(...[0, 1, 2].map(body)), '--model', 'gemini-3.8-flash')
  expect(report).toMatchObject({ requests: 3, sessions: 1, compared: 2 })
  expect(report.findings).toMatchObject([{ reason: { type: 'timestamp' }, place: { type: 'system' }, times: 2, line: 3 }])
  expect(report.usdPerDay).toBeGreaterThan(0)
})

test('prints what is lost, the worst first, and what to do', async () => {
  const { code, stdout, stderr } = await lint(jsonl(...[0, 1, 2].map(wires['OpenAI Chat Completions']!)))
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('3 requests in 1 conversation')
  expect(stdout).toMatch(/1\. \$[\d.]+ a day: a date or time in the system prompt/)
  expect(stdout).toContain('- Now: 2026-11-22T03:11:07Z.')
  expect(stdout).toContain('+ Now: 2026-11-22T03:12:07Z.')
  expect(stdout).toContain('Move the time out of the system prompt')
  expect(stdout.split('\n').every(line => line.length <= 110)).toBe(true)
})

test('reads log lines with times and sessions, bodies as text, gzip, arrays and standard input', async () => {
  const body = wires['OpenAI Chat Completions']!
  const rows = [0, 1, 2].map(turn => ({
    timestamp: `2026-11-22T0${turn}:00:00Z`,
    session: 's',
    tenant: 't',
    model: 'claude-opus-5-5',
    body: JSON.stringify(body(turn)),
  }))
  expect(await reportOf(gzipped(jsonl(...rows)))).toMatchObject({ days: 2 / 24, daysFrom: 'times', requests: 3 })
  const array = JSON.stringify([0, 1, 2].map(body), undefined, 2)
  const [fromFile, fromStdin] = [await reportOf(array), await cli(['lint-prefix', '-', '--json'], { stdin: array })]
  expect(fromFile.findings).toHaveLength(1)
  expect(JSON.parse(fromStdin.stdout)).toEqual(fromFile)
  expect(await reportOf(jsonl(...[0, 1, 2].map(body)), '--requests-per-day', '3000')).toMatchObject({ days: 0.001 })
})

test('tool calls and results of Anthropic and Gemini are part of the conversation', async () => {
  const system = RULES
  const tools = ['b', 'a'].map(name => ({ name, description: RULES.slice(0, 2_000), input_schema: { type: 'object' } }))
  const messages = [
    { role: 'user', content: 'go' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'a', input: { x: 1 } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'done' }] }] },
  ]
  const anthropic = [
    { model: 'claude-opus-5-5', system, tools, messages: messages.slice(0, 1) },
    { model: 'claude-opus-5-5', system, tools: tools.toReversed(), messages },
  ]
  expect((await reportOf(jsonl(...anthropic))).findings).toMatchObject([{ reason: { type: 'tool-order' }, before: 'b, a', after: 'a, b' }])
  const contents = [
    { role: 'user', parts: [{ text: 'go' }] },
    { role: 'model', parts: [{ functionCall: { name: 'a', args: { x: 1, y: 2 } } }] },
    { role: 'user', parts: [{ functionResponse: { name: 'a', response: { text: RULES } } }] },
  ]
  const edited = [
    contents[0],
    { role: 'model', parts: [{ functionCall: { name: 'a', args: { y: 2, x: 1 } } }] },
    contents[2],
    { role: 'user', parts: [{ text: 'more' }] },
  ]
  const gemini = [contents, edited].map(list => ({ system_instruction: { parts: [{ text: RULES }] }, contents: list }))
  expect((await reportOf(jsonl(...gemini), '--model', 'gemini-3.8-flash')).findings).toMatchObject([
    { reason: { type: 'key-order' }, place: { type: 'message', role: 'assistant' } },
  ])
})

test('is a gate: code 1 from so much a day on, or on any finding', async () => {
  const bad = jsonl(...[0, 1, 2].map(wires['OpenAI Chat Completions']!))
  expect(await lint(bad, '--fail-on', '0.0001')).toMatchObject({ code: 1, stderr: expect.stringContaining('a day is lost') })
  expect((await lint(bad, '--fail-on', '1000')).code).toBe(0)
  expect((await lint(bad, '--fail-on', 'any')).code).toBe(1)
  const good = jsonl({
    model: 'gpt-6-sol',
    messages: [
      { role: 'system', content: RULES },
      { role: 'user', content: 'Hello' },
    ],
  })
  expect(await lint(good, '--fail-on', 'any')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing keeps these prompts') })
  const unpriced = jsonl(...[0, 1, 2].map(wires['Gemini generateContent']!))
  expect(await lint(unpriced, '--fail-on', '1')).toMatchObject({ code: 2, stderr: expect.stringContaining('give --model') })
})

test.each([
  ['{"messages": [', 'line 2: not JSON'],
  ['{"foo": 1}', 'line 2: expected a request body'],
  ['{"time": "yesterday", "body": {"messages": [{"role": "user", "content": "x"}]}}', '`time` is "yesterday"'],
  ['{"body": "nonsense"}', '`body` is neither an object nor the JSON of one'],
  ['7', 'line 2: not a JSON object'],
])('names file, line and reason of what it cannot read: %s', async (line, problem) => {
  const good = jsonl({ messages: [{ role: 'user', content: 'Hello' }] })
  const { code, stderr } = await lint(`${good}${line}\n`)
  expect(code).toBe(2)
  expect(stderr).toContain('requests.jsonl: line 2')
  expect(stderr).toContain(problem)
  expect(await lint(`${good}${line}\n`, '--skip-bad')).toMatchObject({ code: 0, stderr: expect.stringContaining('left out') })
})

test('says what is wrong with a model, a file or an option', async () => {
  expect(await lint('', '--model', 'no-such-thing')).toMatchObject({ code: 2, stderr: expect.stringContaining('knows no model') })
  expect(await lint('')).toMatchObject({ code: 2, stderr: expect.stringContaining('holds no requests') })
  expect(await cli(['lint-prefix', 'nowhere.jsonl'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nowhere.jsonl: no such file'),
  })
  expect(await lint('', '--fail-on', 'much')).toMatchObject({ code: 2, stderr: expect.stringContaining('dollars a day') })
  expect((await cli(['lint-prefix', '--help'])).stdout).toContain('routewise lint-prefix requests.jsonl --model gpt-6-sol')
})
