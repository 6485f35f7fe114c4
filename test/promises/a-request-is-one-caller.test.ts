import type { AddressInfo } from 'node:net'
import { toUsd } from '@routewise/core'
import type { RequestScopeOptions, RoutewiseRequest } from '@routewise/http'
import { type SimulatorOptions, startSimulator } from '@routewise/simulator'
import fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Face, faces, type Framework, frameworks, type Handle, MODEL } from './request-scopes.ts'

const pairs = frameworks.flatMap(framework => faces.map(face => ({ name: `${face.name} on ${framework.name}`, framework, face })))

/** An app that answers with what its handler makes of a prompt, by default the model's own words. */
async function start(
  { framework, face }: { framework: Framework; face: Face },
  options: RequestScopeOptions<unknown> = {},
  {
    handle,
    ...simulator
  }: SimulatorOptions & {
    handle?: (ask: (prompt: string) => Promise<string>, routewise: RoutewiseRequest, prompt: string) => Promise<unknown>
  } = {},
) {
  const sim = await startSimulator({
    providers: ['openai'],
    timeScale: 100,
    recordings: { match: ({ prompt }) => ({ answer: { text: prompt } }) },
    ...simulator,
  })
  const { router, ask } = face.open(sim)
  const work: Handle = (routewise, prompt) => {
    const say = (text: string) => ask(text, routewise)
    return handle === undefined ? say(prompt) : handle(say, routewise, prompt)
  }
  const server = framework.serve({ ...options, ...(router && { router }) }, work)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await sim.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`
  const post = (prompt: string, { tenant = 'acme', signal = null as AbortSignal | null } = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-tenant': tenant, 'x-session': `session of ${tenant}` },
      body: JSON.stringify({ prompt }),
      signal,
    })
  return { sim, post }
}

test.each(pairs)('$name: the calls of a request are its own, and it knows what they came to', async pair => {
  const { sim, post } = await start(
    pair,
    { task: 'chat' },
    {
      async handle(ask, routewise, prompt) {
        const texts = [await ask(`${prompt} One.`), await ask(`${prompt} Two.`)]
        const { tenant, session, task, costUsd, receipts } = routewise
        return { texts, tenant, session, task, costUsd, receipts }
      },
    },
  )
  const answer = await post('Hello.')
  await sim.settled()
  const costUsd = toUsd(sim.bill.totalNanoUsd)
  const caller = { tenant: 'acme', session: 'session of acme', task: 'chat' }
  expect(await answer.json()).toMatchObject({ texts: ['Hello. One.', 'Hello. Two.'], ...caller, costUsd, receipts: [caller, caller] })
  const header = (name: string) => answer.headers.get(name)
  expect(Number(header('x-routewise-cost-usd'))).toBe(costUsd)
  expect([header('x-routewise-model'), header('x-routewise-attempts'), header('x-routewise-cached-tokens')]).toEqual([MODEL, '2', '0'])
  expect(header('server-timing')).toMatch(/^routewise;dur=[\d.]+, llm;dur=[\d.]+$/)
})

test.each(pairs)('$name: a call that costs more than the request has left is not made', async pair => {
  const { sim, post } = await start(pair, { maxUsd: 0.000_001 })
  expect(await (await post('Hello.')).json()).toMatchObject({ code: pair.face.overBudget })
  expect(sim.requests).toEqual([])
})

test.each(pairs)('$name: when the time of the request is over, its calls are', async pair => {
  const { sim, post } = await start(pair, { deadlineMs: 300 }, { faults: [{ effect: { type: 'hang', at: 'first-token' } }] })
  expect((await post('Hello.')).status).toBe(500)
  await sim.settled()
  expect(sim.bill.rows).toMatchObject([{ end: 'cancelled' }])
})

test.each(pairs)('$name: when the client has left, its calls are given up', async pair => {
  const { sim, post } = await start(pair, {}, { faults: [{ effect: { type: 'hang', at: 'first-token' } }] })
  const leaving = new AbortController()
  const asking = post('Hello.', { signal: leaving.signal })
  await vi.waitUntil(() => sim.requests.length === 1, { interval: 1 })
  leaving.abort()
  await expect(asking).rejects.toThrow('abort')
  await sim.settled()
  expect(sim.bill.rows).toMatchObject([{ end: 'cancelled' }])
})

test.each(pairs)('$name: work that is to outlive its client goes on', async pair => {
  const { sim, post } = await start(
    pair,
    { cancelOnClose: false },
    { faults: [{ effect: { type: 'hang', at: 'first-token', ms: 10_000 } }] },
  )
  const leaving = new AbortController()
  const asking = post('Hello.', { signal: leaving.signal })
  await vi.waitUntil(() => sim.requests.length === 1, { interval: 1 })
  leaving.abort()
  await expect(asking).rejects.toThrow('abort')
  await sim.settled()
  expect(sim.bill.rows).toMatchObject([{ end: 'answered' }])
})

test.each(pairs)('$name: requests at once, however they interleave, never mix', async pair => {
  const { post } = await start(
    pair,
    {},
    {
      async handle(ask, routewise, prompt) {
        const texts: string[] = []
        for (const wait of JSON.parse(prompt) as number[]) {
          for (let turn = 0; turn < wait; turn += 1) await new Promise(resolve => setImmediate(resolve))
          texts.push(await ask(`${routewise.tenant} asks.`))
        }
        return { texts, tenants: routewise.receipts.map(({ tenant }) => tenant) }
      },
    },
  )
  const waits = fc.array(fc.nat(3), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(fc.array(waits, { minLength: 2, maxLength: 5 }), async requests => {
      const answers = await Promise.all(requests.map(async (calls, n) => (await post(JSON.stringify(calls), { tenant: `t${n}` })).json()))
      expect(answers).toEqual(requests.map((calls, n) => ({ texts: calls.map(() => `t${n} asks.`), tenants: calls.map(() => `t${n}`) })))
    }),
    { numRuns: 12 },
  )
})
