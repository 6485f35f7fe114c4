import { startSimulator } from '@routewise/simulator'
import { expect, test } from 'vitest'
import type { DemoReport } from '../demo/report-data.ts'
import { cli, gzipped, jsonl, temporaryDirectory } from '../testing/fixtures.ts'

const FAST = ['--time-scale', '100', '--json']

async function demo(...args: readonly string[]): Promise<DemoReport> {
  const { code, stdout, stderr } = await cli(['demo', ...FAST, ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.trimEnd().split('\n')).toHaveLength(1)
  return JSON.parse(stdout) as DemoReport
}

test('prints one JSON object: cheaper after, and no turn without an answer while a provider is down', async () => {
  const report = await demo('--limit', '12', '--time-scale', '20')
  expect(report.before.failed).toBeGreaterThan(0)
  expect(report.after.failed).toBe(0)
  expect(report.usdRatio).toBeLessThan(1)
  expect(report.after.score).toBeGreaterThan(0.5)
  expect(report.before.firstTokenMs.p50).toBeGreaterThan(0)
  expect(report.tasks.reduce((sum, { turns }) => sum + turns, 0)).toBe(report.before.turns)
  expect(report.tasks.reduce((sum, { after }) => sum + after.usd, 0)).toBeCloseTo(report.after.usd, 9)
  // Receipts may only differ from the bill by what nobody reports: the usage of cancelled attempts.
  expect(Math.abs(report.after.billMinusReceiptsNanoUsd) / 1e9).toBeLessThan(0.25 * report.after.usd)
  expect(report.receipt?.attempts.length).toBeGreaterThan(0)
})

const keysOf = (value: unknown): string[] => Object.keys(value as object).toSorted()

/** By the app's own conversations where it runs over a server: nobody else names any. */
const withoutSession = (keys: readonly string[]) => keys.filter(key => key !== 'session')

test.each([
  ['ai-sdk', 'createRouted'],
  ['express', 'openaiEndpoint'],
  ['koa', 'openaiEndpoint'],
  ['fetch', 'routedFetch'],
])('the report of an app on %s has the same shape as on LangChain, and names its router, %s', async (face, router) => {
  const [onLangChain, onThis] = [await demo('--limit', '3'), await demo('--limit', '3', '--face', face)]
  expect([onLangChain.face, onThis.face]).toEqual(['langchain', face])
  expect([onLangChain.after.model, onThis.after.model]).toEqual(['RoutedChatModel over 6 models', `${router} over 6 models`])
  const parts: ((report: DemoReport) => unknown)[] = [
    report => report,
    report => report.before,
    report => report.after,
    report => report.after.models[0],
    report => report.answeredByBoth,
    report => report.tasks[0],
    report => report.receipt,
    report => report.receipt?.considered.find(({ rank }) => rank === 1),
    report => report.receipt?.attempts.find(({ end }) => end.type === 'answered'),
  ]
  for (const part of parts) expect(withoutSession(keysOf(part(onThis)))).toEqual(keysOf(part(onLangChain)))
  expect(onThis.before.turns).toBe(onLangChain.before.turns)
  expect(onThis.after.failed).toBe(0)
  expect(onThis.after.score).toBeGreaterThan(0.5)
  expect(onThis.before.firstTokenMs.p50).toBeGreaterThan(0)
})

test.each([
  ['ai-sdk', 'the AI SDK', 'as its package for the AI SDK gives it'],
  ['express', 'Express', 'as the only target of the same endpoint'],
  ['fetch', 'routedFetch', 'as the only target of the same fetch'],
])('progress and report of %s say what the app is written on', async (face, framework, before) => {
  const { code, stdout, stderr } = await cli(['demo', '--time-scale', '100', '--limit', '1', '--face', face])
  expect(code).toBe(0)
  expect(stderr).toContain(`before on ${framework}`)
  expect(stdout).toContain(`Before and after on ${framework}`)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`Before: claude-opus-5 alone, ${before}`)
})

test('an unknown face is wrong usage, and there are five', async () => {
  const message = expect.stringMatching(/--face.*'vue' is invalid.*langchain, ai-sdk, express, koa, fetch/)
  expect(await cli(['demo', '--face', 'vue'])).toMatchObject({ code: 2, stdout: '', stderr: message })
  expect((await cli(['demo', '--help'])).stdout).toMatch(/--face <name> .*langchain.*ai-sdk.*express.*koa.*fetch/s)
})

test.each([
  [
    'prompts',
    [
      { prompt: 'Why is the sky blue?', category: 'physics' },
      { question: 'Which?', options: ['a', 'b'] },
    ],
  ],
  ['turns', [{ turns: ['Write a haiku.', 'Now in French.'] }, { turns: ['Name a city.'] }]],
  [
    'messages with tools',
    [
      {
        messages: [[{ role: 'user', content: 'Ride to the station' }]],
        functions: [{ name: 'uber.ride', parameters: { type: 'dict', properties: { to: { type: 'string' } }, required: ['to'] } }],
      },
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hello' },
        ],
      },
      {
        messages: [
          { role: 'user', content: 'Weather and time?' },
          { role: 'assistant', content: null, tool_calls: ['weather', 'time'].map(name => ({ id: `${name}1234`, function: { name } })) },
          { role: 'tool', tool_call_id: 'weather1234', content: 'Rain' },
          { role: 'tool', tool_call_id: 'time1234', content: 'Noon' },
        ],
        tools: ['weather', 'time'].map(name => ({ type: 'function', function: { name } })),
      },
    ],
  ],
  [
    'conversations',
    [
      {
        msgs: [
          ['s', 'Rules.'],
          ['u', 'First?'],
          ['a', 'First.'],
          ['u', 'Second?'],
          ['a', 'Second.'],
        ],
      },
    ],
  ],
])('takes %s, and gives no score where nobody has judged', async (_, rows) => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('input.jsonl.gz', gzipped(jsonl(...rows, ...rows)))
  for (const face of ['langchain', 'ai-sdk', 'fetch']) {
    const report = await demo('--input', path, '--face', face)
    expect(report.after.failed).toBe(0)
    expect(report.before.score).toBeNull()
    expect(report.after.score).toBeNull()
    expect(report.before.usd).toBeGreaterThan(0)
  }
})

const recorded = (at: number) => ({
  id: `row-${at}`,
  task: 'sums',
  prompt: `What is ${at} + ${at}?`,
  it: 40 + at,
  out: {
    'big-one': { s: 1, ot: 100 + at, c: ((40 + at) * 10 + (100 + at) * 30) / 1e6, text: `It is ${2 * at}.` },
    'gpt-4o-mini-2024-07-18': { s: at % 20 === 0 ? 0 : 1, ot: 50, text: `${2 * at}` },
    'small-one': { s: at % 2, ot: 20, c: ((40 + at) * 0.1 + 20 * 0.4 * (1 + (at % 3))) / 1e6 },
  },
})

test('replays recorded rows: real tokens, real scores, prices from the catalog or from the rows, quality from rows left out', async () => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('recorded.jsonl', jsonl(...Array.from({ length: 40 }, (_, at) => recorded(at))))
  const report = await demo('--input', path, '--calibrate', '0.25', '--keep-quality', '0.7', '--models', 'big-one,gpt-4o-mini-2024-07-18')
  expect(report.before.model).toBe('big-one')
  expect(report.before.turns).toBe(30)
  expect(report.before.score).toBe(1)
  expect(report.after.failed).toBe(0)
  expect(report.after.score).toBeGreaterThan(0.85)
  expect(report.usdRatio).toBeLessThan(0.2)
  // All that was answered is billed by the recorded tokens and the solved price.
  expect(report.before.usd / (report.before.turns - report.before.failed)).toBeGreaterThan((40 * 10 + 100 * 30) / 1e6)
  expect(report.notes.join('\n')).toContain("big-one ($10/$30 per million from the rows' own costs")
  expect(report.notes.join('\n')).toContain('measured on 10 other rows')
})

test.each(['langchain', 'ai-sdk', 'express'])('on %s the receipts of models whose maker nobody knows agree with the bill', async face => {
  await using directory = await temporaryDirectory()
  const path = await directory.write('recorded.jsonl', jsonl(...Array.from({ length: 30 }, (_, at) => recorded(at))))
  const { after } = await demo('--input', path, '--face', face, '--models', 'big-one,small-one', '--price', 'small-one=0.1,0.4')
  expect(after.models[0]?.model).toBe('big-one')
  expect(Math.abs(after.billMinusReceiptsNanoUsd) / 1e9).toBeLessThan(0.25 * after.usd)
})

test('names what is missing of recorded rows', async () => {
  await using directory = await temporaryDirectory()
  const rows = Array.from({ length: 5 }, (_, at) => ({ prompt: `Question ${at}`, out: { mystery: { s: 1 }, riddle: { s: 0 } } }))
  const path = await directory.write('priceless.jsonl', jsonl(...rows))
  expect(await cli(['demo', '--input', path])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--price "mystery=0.5,1.5"'),
  })
  expect(await cli(['demo', '--input', path, '--models', 'absent,mystery'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('No row has an outcome of "absent"'),
  })
  const report = await demo('--input', path, '--price', 'mystery=5,10', '--price', 'riddle=1,2')
  expect(report.before.model).toBe('mystery')
})

test('wrong usage and wrong input end with code 2, a reason on standard error and nothing on standard output', async () => {
  await using directory = await temporaryDirectory()
  const bad = await directory.write('bad.jsonl', 'nonsense\n')
  expect(await cli(['demo', '--sed', '1'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Did you mean --seed?') })
  expect(await cli(['demo', '--seed', 'x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected a whole number') })
  expect(await cli(['demo', '--json', '--input', bad])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('line 1: not JSON'),
  })
  expect(await cli(['demo', '--models', 'a,b'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--models goes with --input') })
  expect(await cli(['demo', '--live'])).toMatchObject({ code: 2, stderr: expect.stringContaining('ANTHROPIC_API_KEY') })
})

test('stops when told to, with the code of Ctrl-C', async () => {
  const controller = new AbortController()
  const running = cli(['demo', '--time-scale', '1'], { signal: controller.signal })
  setImmediate(() => controller.abort(new DOMException('Stopped by Ctrl-C.', 'AbortError')))
  expect(await running).toMatchObject({ code: 130, stdout: '' })
})

test.each(['langchain', 'ai-sdk', 'koa', 'fetch'])('live on %s says what it would spend and spends nothing unless it may', async face => {
  await using simulator = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 100 })
  const env = {
    OPENAI_API_KEY: 'any',
    ANTHROPIC_API_KEY: 'any',
    OPENAI_BASE_URL: simulator.url('openai'),
    ANTHROPIC_BASE_URL: simulator.url('anthropic'),
  }
  await using directory = await temporaryDirectory()
  const path = await directory.write('two.jsonl', jsonl({ prompt: 'Hello there' }, { prompt: 'What is 2 + 2?' }))
  const refused = await cli(['demo', '--face', face, '--live', '--input', path], { env })
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/will spend about \$.*before .*claude-opus-5 alone.*\n.*--yes/s) })
  expect(simulator.bill.requests).toBe(0)
  const { code, stdout } = await cli(['demo', '--face', face, '--live', '--yes', '--json', '--input', path], { env })
  await simulator.settled()
  const report = JSON.parse(stdout) as DemoReport
  expect(code).toBe(0)
  expect(report.before.failed + report.after.failed).toBe(0)
  expect(report.before.usd + report.after.usd).toBeCloseTo(simulator.bill.totalUsd, 9)
})
