import { request } from 'node:http'
import { costOf } from '@routewise/core'
import { defaultCatalog, defineModel } from '@routewise/catalog'
import { expect, test } from 'vitest'
import { startSimulator } from './start.ts'
import type { Fault } from './fault.ts'

const ask = (url: string, body: object, key = 'k') =>
  fetch(`${url}/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify(body) })
const question = (content: string, model = 'gpt-4.1') => ({ model, messages: [{ role: 'user', content }] })

test('names the option that is wrong', async () => {
  await expect(startSimulator({ timescale: 5 } as never)).rejects.toThrow(/timescale/)
  await expect(startSimulator({ providers: ['nobody'] })).rejects.toThrow(/providers/)
  await expect(startSimulator({ timeScale: 0 })).rejects.toThrow(/timeScale/)
  await expect(startSimulator({ models: ['claude-sonnet-99'] })).rejects.toThrow(/models/)
})

test('serves models of one’s own, and where ids are given no others', async () => {
  const own = defineModel({ like: 'gpt-6-luna', id: 'my-finetune', input: 0.2, output: 1 })
  await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'], models: ['gpt-4.1', own] })
  const status = async (model: string) => (await ask(sim.url('openai'), question('hello', model))).status
  expect([await status('my-finetune'), await status('gpt-4.1'), await status('gpt-4o')]).toEqual([200, 200, 404])
})

test('the same seed gives the same answers, another seed others', async () => {
  const answers = async (seed: number) => {
    await using sim = await startSimulator({ seed, timeScale: 1000, providers: ['openai'] })
    const bodies = await Promise.all(['one', 'two'].map(async prompt => (await ask(sim.url('openai'), question(prompt))).json()))
    return bodies.map(body => (body as { choices: [{ message: unknown }] }).choices[0].message)
  }
  expect(await answers(1)).toEqual(await answers(1))
  expect(await answers(1)).not.toEqual(await answers(2))
})

test('the bill is what the catalog’s prices say of the reported usage', async () => {
  await using sim = await startSimulator({
    timeScale: 1000,
    providers: ['openai', 'deepseek'],
    recordings: { match: () => ({ answer: { text: 'ok', inputTokens: 300_000, outputTokens: 1_000 } }) },
  })
  await ask(sim.url('openai'), question('a', 'gpt-6-sol'))
  await ask(sim.url('deepseek'), question('a', 'deepseek-v4-flash'))
  await sim.settled()
  for (const row of sim.bill.rows) {
    const card = defaultCatalog.find(row.model)
    expect(row.costNanoUsd).toBe(card && costOf(card, row.usage, Date.now()))
  }
  // Past 272,000 tokens the whole prompt costs double, the answer half as much again.
  expect(sim.bill.rows[0]?.costNanoUsd).toBe((300_000 * 4 + 1_000 * 15) * 1_000)
  expect(sim.bill.totalNanoUsd).toBe(sim.bill.rows.reduce((sum, row) => sum + (row.costNanoUsd ?? 0), 0))
  expect(sim.bill.byModel.map(({ model }) => model)).toEqual(['gpt-6-sol', 'deepseek-v4-flash'])
})

test('rows are bounded, totals are not', async () => {
  await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'], ledgerRows: 3, requestRows: 2 })
  for (let count = 0; count < 8; count += 1) await ask(sim.url('openai'), question(`prompt ${count}`))
  await sim.settled()
  expect(sim.bill.rows).toHaveLength(3)
  expect(sim.bill.requests).toBe(8)
  expect(sim.requests.map(({ parsed }) => parsed?.prompt)).toEqual(['prompt 6', 'prompt 7'])
})

test('right and wrong follow the skill, and repeats agree', async () => {
  const recordings = Array.from({ length: 40 }, (_, index) => ({
    prompt: `task ${index}`,
    difficulty: 0.5,
    right: { text: 'right' },
    wrong: { text: 'wrong' },
  }))
  await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'], recordings, skills: { 'gpt-4.1': 1, 'gpt-4o': 0 } })
  const texts = (model: string) =>
    Promise.all(
      recordings.map(async ({ prompt }) => {
        const body = (await (await ask(sim.url('openai'), question(prompt, model))).json()) as {
          choices: [{ message: { content: string } }]
        }
        return body.choices[0].message.content
      }),
    )
  const able = await texts('gpt-4.1')
  expect(able.filter(text => text === 'right').length).toBeGreaterThan(36)
  expect((await texts('gpt-4o')).filter(text => text === 'right').length).toBeLessThan(4)
  expect(await texts('gpt-4.1')).toEqual(able)
  await sim.settled()
  expect(sim.bill.rows[0]?.right).toBe(able[0] === 'right')
})

test('recorded latency is kept', async () => {
  // A timer of the machine may be a millisecond early, which is a tenth of a second here.
  await using sim = await startSimulator({
    timeScale: 100,
    providers: ['openai'],
    recordings: [{ prompt: 'slow', answer: { text: 'ok then', latencyMs: 20_000, firstTokenMs: 15_000 } }],
  })
  await ask(sim.url('openai'), question('slow'))
  await sim.settled()
  const [row] = sim.bill.rows
  expect(row?.firstTokenMs).toBe(15_000)
  expect((row?.endMs ?? 0) - (row?.startMs ?? 0)).toBeGreaterThanOrEqual(19_500)
})

test('a slow provider is slow all along', async () => {
  const firstToken = async (faults: Fault[]) => {
    await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'], faults })
    await ask(sim.url('openai'), question('hello'))
    await sim.settled()
    return sim.bill.rows[0]?.firstTokenMs ?? 0
  }
  expect(await firstToken([{ effect: { type: 'slow', factor: 4 } }])).toBeCloseTo(4 * (await firstToken([])), 6)
})

test('unknown paths are not found in the vendor’s words, unknown providers throw', async () => {
  await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'] })
  const response = await fetch(`${sim.origin('openai')}/v1/nothing`)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ error: { message: 'Invalid URL (GET /v1/nothing)' } })
  expect(() => sim.url('xai')).toThrow(/not running/)
})

test('closing cuts what is open', async () => {
  const sim = await startSimulator({ providers: ['openai'], faults: [{ effect: { type: 'hang', at: 'headers' } }] })
  const open = ask(sim.url('openai'), question('wait')).catch((error: unknown) => error)
  await expect.poll(() => sim.requests.length).toBe(1)
  await sim.close()
  expect(await open).toBeInstanceOf(Error)
})

test('says how many sockets and requests are open', async () => {
  await using sim = await startSimulator({ timeScale: 1000, providers: ['openai'], faults: [{ effect: { type: 'hang', at: 'headers' } }] })
  expect(sim.connections('openai')).toBe(0)
  const open = request(`${sim.url('openai')}/chat/completions`, { method: 'POST', agent: false, headers: { authorization: 'Bearer k' } })
  open.on('error', () => {}).end(JSON.stringify(question('wait')))
  await expect.poll(() => sim.requests.length).toBe(1)
  expect(sim.connections('openai')).toBe(1)
  expect(sim.openRequests).toBe(1)
  open.destroy()
  await expect.poll(() => sim.connections('openai')).toBe(0)
  await sim.settled()
  expect(sim.openRequests).toBe(0)
})
