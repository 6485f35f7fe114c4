import { expect, test } from 'vitest'
import { answer, type ManualClock, scriptedCard, scriptedDialect, scriptedTarget } from '../testing/index.ts'
import { setUp } from '../testing/scripted-router.ts'
import type { CallOptions } from '../router.ts'
import type { LintNotice } from './live.ts'

const RULES = Array.from({ length: 300 }, (_, at) => `Rule ${at}: be exact, be kind, and say where a figure comes from.`).join('\n')
const cache = { ...scriptedCard('m').cache, kind: 'auto-prefix' as const, minTokens: 1_024 }
const prices = [{ rates: { input: 1, output: 2, cacheRead: 0.1 } }]
const targets = (clock: ManualClock) => [scriptedTarget('m', clock, answer('fine'), { card: { cache, prices } })]

function listening(blocks: NonNullable<typeof scriptedDialect.blocks>, lint = true) {
  let read = 0
  const dialect = {
    ...scriptedDialect,
    blocks: (call: { prompt: string }) => {
      read += 1
      return blocks(call)
    },
  }
  const { router, start, clock } = setUp(targets, { dialect, promptCache: { lint } })
  const notices: LintNotice[] = []
  router.on('lint', notice => notices.push(notice))
  const ask = async (prompt: string, options?: CallOptions) => {
    const { result } = start({ prompt }, options)
    await clock.advance(1)
    return result.text
  }
  return { ask, notices, read: () => read }
}

const systemAndQuestion: NonNullable<typeof scriptedDialect.blocks> = ({ prompt }) => [
  { role: 'system', texts: [`${prompt}\n${RULES}`] },
  { role: 'user', texts: ['go on'] },
]

test('a notice names call, tenant, session, model and cost', async () => {
  const { ask, notices } = listening(systemAndQuestion)
  for (const time of ['10:01', '10:02']) await ask(time, { tenant: 'acme', session: 's1' })
  expect(notices).toMatchObject([{ id: 'call-2', tenant: 'acme', session: 's1', model: 'm', reason: { type: 'timestamp' } }])
  expect(notices[0]!.costUsd).toBeCloseTo((notices[0]!.lostTokens * 0.9) / 1e6, 12)
})

test('tenants and sessions are never compared with one another', async () => {
  const { ask, notices } = listening(systemAndQuestion)
  await ask('10:01', { tenant: 'acme', session: 's1' })
  await ask('10:02', { tenant: 'globex', session: 's1' })
  await ask('10:03', { tenant: 'acme', session: 's2' })
  expect(notices).toEqual([])
})

test('nothing is read of a call where the lint is off', async () => {
  const { ask, read } = listening(systemAndQuestion, false)
  await ask('10:01')
  expect(read()).toBe(0)
})

test('a call goes on where its blocks cannot be read', async () => {
  const { ask, notices } = listening(() => {
    throw new TypeError('no blocks')
  })
  expect(await ask('10:01')).toBe('fine')
  expect(notices).toEqual([])
})
