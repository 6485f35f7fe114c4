import { createHmac } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { integrators } from './conversations-integrators.ts'
import { programs } from './conversations-programs.ts'

// The code in the answers is run here: a check of its text alone could not tell that it works.
// Each caller says what the code exports; a wrong answer may well not keep to it.
async function load<Exports>(conversation: string, about: string, which: Which, before = ''): Promise<Exports> {
  const turn = [...integrators, ...programs].find(({ id }) => id === conversation)?.turns.find(({ user }) => user.includes(about))
  const source = /```js\n([\s\S]*?)```/.exec(turn?.[which].text ?? '')?.[1]
  if (source === undefined) throw new Error(`No code about "${about}" in ${conversation}`)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written in the answer, not in a file with types
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(before + source)}`)) as Exports
}

type Which = 'right' | 'wrong'
type Tokens = {
  createTokens: (options: { fetchToken: () => Promise<string>; now: () => number }) => { get: () => Promise<string> }
}

async function verdicts(which: Which) {
  type Signing = { verify: (header: string, rawBody: string, secret: string, nowSeconds: number) => boolean }
  const { verify } = await load<Signing>('api-webhook-signature', 'function verify', which)
  const body = '{"event_id":"e1"}'
  const v1 = createHmac('sha256', 'secret').update(`1000.${body}`).digest('hex')
  return [
    verify(`t=1000,v1=${v1}`, body, 'secret', 1_300),
    verify(`t=1000,v1=${v1}`, `${body} `, 'secret', 1_300),
    verify(`t=1000,v1=${v1}`, body, 'secret', 1_301),
    verify('t=1000,v1=00', body, 'secret', 1_000),
    verify(`v1=${v1}`, body, 'secret', 1_000),
  ]
}

test('the webhook check lets in what is genuine and fresh, and nothing else', async () => {
  expect(await verdicts('right')).toEqual([true, false, false, false, false])
  expect(await verdicts('wrong')).not.toEqual([true, false, false, false, false])
})

async function devices(which: Which) {
  type Paging = { allDevices: (get: (path: string) => Promise<unknown>) => AsyncIterable<string> }
  const { allDevices } = await load<Paging>('api-all-pages', 'async generator', which)
  const pages: Record<string, unknown> = {
    first: { items: ['a', 'b'], next_cursor: 'x&y' },
    'x&y': { items: [], next_cursor: 'z' },
    z: { items: ['c'], next_cursor: null },
  }
  const get = async (path: string) => pages[new URL(path, 'https://api.northlatch.example').searchParams.get('cursor') ?? 'first']
  const seen: string[] = []
  for await (const device of allDevices(get)) seen.push(device)
  return seen
}

test('the pages of a list are followed to the last one, over an empty one', async () => {
  expect(await devices('right')).toEqual(['a', 'b', 'c'])
  expect(await devices('wrong')).not.toEqual(['a', 'b', 'c'])
})

const ok = () => new Response('')
const limited = () => new Response('', { status: 429, headers: { 'retry-after': '7' } })

async function tries(which: Which, ...answers: (Response | Error)[]) {
  type Retrying = { request: (url: string, init: RequestInit, options: { wait: (ms: number) => Promise<void> }) => Promise<Response> }
  const { request } = await load<Retrying>('api-retries', 'request(url', which)
  const pausesMs: number[] = []
  let calls = 0
  vi.stubGlobal('fetch', async () => {
    const answer = answers[calls++]
    if (answer instanceof Error) throw answer
    return answer
  })
  const end = await request('https://api.northlatch.example', {}, { wait: async ms => void pausesMs.push(ms) }).then(
    ({ status }) => status,
    () => 'thrown',
  )
  vi.unstubAllGlobals()
  return { end, calls, pausesMs }
}

test('a request is tried again for 429, 503 and network errors, as Retry-After says, and for nothing else', async () => {
  expect(await tries('right', limited(), ok())).toEqual({ end: 200, calls: 2, pausesMs: [7_000] })
  expect(await tries('right', new Error('reset'), ok())).toEqual({ end: 200, calls: 2, pausesMs: [500] })
  expect(await tries('right', new Response('', { status: 400 }))).toEqual({ end: 400, calls: 1, pausesMs: [] })
  expect(await tries('wrong', limited(), ok())).not.toEqual({ end: 200, calls: 2, pausesMs: [7_000] })
})

async function tokensOverTime(which: Which) {
  let nowMs = 1_000_000
  let fetches = 0
  const { createTokens } = await load<Tokens>('api-token-cache', 'createTokens', which)
  const tokens = createTokens({ fetchToken: async () => `token ${(fetches += 1)}`, now: () => nowMs })
  const seen = [await tokens.get()]
  nowMs += 3_000_000
  seen.push(await tokens.get())
  nowMs += 599_000
  seen.push(await tokens.get())
  return seen
}

test('the token cache renews before a token expires', async () => {
  expect(await tokensOverTime('right')).toEqual(['token 1', 'token 1', 'token 2'])
  expect(await tokensOverTime('wrong')).not.toEqual(['token 1', 'token 1', 'token 2'])
})

async function tokensAtOnce(which: Which) {
  const limits = 'const LIFETIME_MS = 3_600_000\nconst MARGIN_MS = 60_000\n'
  const { createTokens } = await load<Tokens>('api-token-cache', 'forty requests', which, limits)
  let fetches = 0
  const fetchToken = async () => {
    fetches += 1
    if (fetches === 1) throw new Error('down')
    return 'token'
  }
  const tokens = createTokens({ fetchToken, now: () => 1 })
  await Promise.allSettled(Array.from({ length: 40 }, () => tokens.get()))
  return { again: await tokens.get(), fetches }
}

test('forty callers at once fetch one token, and a failed fetch is not kept', async () => {
  expect(await tokensAtOnce('right')).toEqual({ again: 'token', fetches: 2 })
  expect(await tokensAtOnce('wrong')).not.toEqual({ again: 'token', fetches: 2 })
})

async function quietTimes(which: Which) {
  const { isQuiet } = await load<{ isQuiet: (date: Date) => boolean }>('js-bugs-in-a-bridge', 'isQuiet', which)
  return ['22:00', '00:30', '05:59', '06:00', '21:59'].filter(time => isQuiet(new Date(`2026-03-10T${time}Z`)))
}

test('quiet hours cross midnight', async () => {
  expect(await quietTimes('right')).toEqual(['22:00', '00:30', '05:59'])
  expect(await quietTimes('wrong')).not.toEqual(['22:00', '00:30', '05:59'])
})
