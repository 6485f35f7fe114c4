import { systemClock } from '@routewise/core'
import type { FaultEffect } from '@routewise/simulator'
import { expect, test } from 'vitest'
import { long } from './long.ts'
import { startWorld } from './world.ts'

const CALLS = long ? 2_000 : 240
const AT_ONCE = 4
const OUTAGE_MS = 300_000

const outages: readonly [name: string, effect: FaultEffect][] = [
  ['is overloaded', { type: 'http-error', kind: 'overloaded' }],
  ['cuts every connection', { type: 'cut', at: 'headers' }],
]

test.each(outages)(
  'while a provider %s all are answered, it is left alone after a few failures, and one call in a while asks for it',
  async (_, effect) => {
    let skippedMs = 0
    const clock = { ...systemClock, now: () => systemClock.now() + skippedMs }
    const { sim, model, receipts } = await startWorld({ clock }, { timeScale: 500 })
    const breaker: string[] = []
    const asked = () => sim.requests.filter(({ provider }) => provider === 'openai').length
    let askedByThen: number | undefined
    model.router.on('breaker', ({ target, state }) => {
      breaker.push(`${target} ${state}`)
      askedByThen ??= asked()
    })
    const call = async (prompt: string, number: number) => {
      if (number % 2 === 0) return (await model.invoke(prompt)).text
      let text = ''
      for await (const chunk of await model.stream(prompt)) text += chunk.text
      return text
    }

    const end = sim.outage('openai', { effect })
    const calls = Array.from({ length: CALLS }, (_, number) => number).values()
    const worker = async () => {
      let answered = 0
      for (const number of calls) {
        if ((await call(`Question ${number}`, number)) !== '') answered += 1
        // From the second quarter on a call is made every second or so.
        if (number > CALLS / 4) skippedMs += OUTAGE_MS / (CALLS * 0.75)
      }
      return answered
    }
    const answered = await Promise.all(Array.from({ length: AT_ONCE }, worker))
    expect(answered.reduce((sum, count) => sum + count, 0)).toBe(CALLS)

    const openings = breaker.filter(change => change === 'luna open').length
    const probes = breaker.filter(change => change === 'luna half-open').length
    // It stays open for 5 s, then 10 s, then longer, up to a minute: in five minutes that is nine times at most.
    expect(openings).toBeGreaterThan(3)
    expect(probes).toBeLessThanOrEqual(9)
    expect(askedByThen).toBeLessThanOrEqual(10)
    // Beside the probes only those were sent that were under way when it opened.
    expect(asked() - probes).toBeLessThan(askedByThen! + AT_ONCE)

    end()
    skippedMs += 120_000
    await call('Is it back?', 0)
    await call('It is.', 0)
    expect(receipts.slice(-2).map(({ target }) => target)).toEqual(['luna', 'luna'])
    expect(breaker.at(-1)).toBe('luna closed')
  },
)
