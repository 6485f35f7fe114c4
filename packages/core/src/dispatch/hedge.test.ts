import { expect, test } from 'vitest'
import { answer, scriptedTarget } from '../testing/index.ts'
import { setUp } from '../testing/scripted-router.ts'

const generous = { hedge: { budget: 1, delayMs: 200 }, timeouts: { totalMs: 60_000 } }
const slow = answer('slow', { afterMs: 10_000 })

test('a second hedge starts when the first is silent too, and the first to speak wins', async () => {
  const { clock, start, targets } = setUp(
    clock => [
      scriptedTarget('a', clock, [answer('soon'), answer('soon'), slow]),
      scriptedTarget('b', clock, slow),
      scriptedTarget('c', clock, answer('c', { afterMs: 50 })),
    ],
    generous,
  )
  for (let call = 0; call < 2; call += 1) start()
  await clock.advance(0)
  const { result } = start()
  await clock.advance(450)
  expect(result.text).toBe('c')
  expect(result.receipt?.attempts.map(({ target, reason, startedMs, end }) => [target, reason, startedMs, end.type])).toEqual([
    ['a', 'first', 0, 'superseded'],
    ['b', 'hedge', 200, 'superseded'],
    ['c', 'hedge', 400, 'answered'],
  ])
  expect(targets.every(({ signals }) => signals.at(-1)!.aborted || signals.length > 0)).toBe(true)
  expect(clock.pending()).toBe(0)
})

test('a hedge that fails at once does not harm the attempt it was to help', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, answer('late but right', { afterMs: 1_000 })),
      scriptedTarget('b', clock, [{ fail: { kind: 'bad_request', message: 'no' } }]),
    ],
    generous,
  )
  const { result } = start()
  await clock.advance(1_000)
  expect(result.text).toBe('late but right')
})

test.each([
  ['an empty answer', [{ finish: 'stop' as const }]],
  ['a refusal', [{ role: true as const }, { finish: 'refusal' as const }]],
  ['a stream without an end', [{ role: true as const }]],
])('a hedge that gives %s does not beat an attempt that may still answer', async (_, script) => {
  const { clock, start } = setUp(
    clock => [scriptedTarget('a', clock, answer('words', { afterMs: 1_000 })), scriptedTarget('b', clock, script)],
    generous,
  )
  const { result } = start()
  await clock.advance(1_000)
  expect(result.text).toBe('words')
  expect(result.receipt?.target).toBe('a')
})

test('an empty answer is given after all when the other attempt fails', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ afterMs: 1_000, fail: { kind: 'auth', message: '' } }]),
      scriptedTarget('b', clock, [{ finish: 'stop' }]),
    ],
    generous,
  )
  const { result } = start()
  await clock.advance(1_000)
  expect(result.receipt).toMatchObject({ target: 'b', attempts: [{ end: { type: 'failed' } }, { end: { type: 'answered' } }] })
})

test('a hedge that would cost more than the time it saves is not bought, and why is told', async () => {
  const { clock, start, router } = setUp(
    clock => [
      scriptedTarget('a', clock, answer('a', { afterMs: 400 })),
      scriptedTarget('b', clock, answer('b'), { card: { prices: [{ rates: { input: 1_000_000, output: 2 } }] } }),
    ],
    generous,
  )
  const told: unknown[] = []
  router.on('silence', event => told.push(event))
  const { result } = start({ prompt: 'x'.repeat(4_000) })
  await clock.advance(500)
  expect(result.receipt?.attempts).toHaveLength(1)
  expect(told[0]).toMatchObject({ targets: ['a'], silentMs: 200, refused: 'not worth its cost' })
})

test('a hedge is weighed with what its cold cache has to write, and a warm one without', async () => {
  const rates = { input: 20, cacheRead: 0.02, cacheWrite: 25, output: 0.01 }
  const card = {
    prices: [{ rates }],
    contextTokens: 200_000,
    cache: {
      kind: 'auto-prefix',
      minTokens: 1_024,
      ttls: [{ id: '5m', seconds: 300, sliding: true }],
      readableAfter: 'first-token',
      scope: 'org',
      guaranteed: true,
    },
  } as const
  const usage = { inputTokens: 10_000, outputTokens: 5 }
  const { clock, start, router } = setUp(
    clock => [
      scriptedTarget('a', clock, [answer('a', { usage }), answer('a', { afterMs: 400, usage })], { card }),
      scriptedTarget('b', clock, answer('b', { usage }), { card }),
    ],
    generous,
  )
  const told: unknown[] = []
  router.on('silence', ({ refused, hedge }) => told.push(refused ?? hedge))
  const prompt = 'x'.repeat(40_000)
  start({ prompt }, { allow: ['a'] })
  await clock.advance(500)
  start({ prompt })
  await clock.advance(500)
  start({ prompt }, { allow: ['b'] })
  await clock.advance(500)
  start({ prompt })
  await clock.advance(500)
  expect(told).toEqual(['not worth its cost', 'b'])
})

test('a hedge that was refused is weighed again when the silence has doubled', async () => {
  const { clock, start, router } = setUp(clock => [scriptedTarget('a', clock, slow), scriptedTarget('b', clock, answer('b'))], {
    hedge: { budget: 0.5, delayMs: 200 },
  })
  const told: unknown[] = []
  router.on('silence', ({ id, silentMs, refused, hedge }) => told.push([id, silentMs, refused ?? hedge]))
  const { result } = start()
  await clock.advance(300)
  start()
  await clock.advance(100)
  expect(result.text).toBe('b')
  expect(told).toEqual([
    ['call-1', 200, 'budget'],
    ['call-1', 400, 'b'],
  ])
})

test('the hedge goes to another provider, and among equals to the one that stops billing when it loses', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('first', clock, slow, { card: { provider: 'x' } }),
      scriptedTarget('same provider', clock, slow, { card: { provider: 'x' } }),
      scriptedTarget('bills on', clock, slow, { card: { provider: 'y', cancelStopsBilling: false } }),
      scriptedTarget('stops', clock, answer('stops'), { card: { provider: 'z' } }),
    ],
    generous,
  )
  const { result } = start()
  await clock.advance(200)
  expect(result.receipt?.attempts.map(({ target }) => target)).toEqual(['first', 'stops'])
})

test('no hedge is bought when the call would be over before it could speak', async () => {
  const { clock, start, router } = setUp(
    clock => [
      scriptedTarget('a', clock, slow),
      scriptedTarget('b', clock, answer('b'), { card: { firstToken: { baseMs: 900, msPerInputToken: 0 } } }),
    ],
    { hedge: { budget: 1, delayMs: 200 }, timeouts: { totalMs: 1_000 } },
  )
  const told: unknown[] = []
  router.on('silence', ({ refused }) => told.push(refused))
  start()
  await clock.advance(300)
  expect(told).toEqual(['deadline'])
})

test('a hedge that fails is replaced at once where another can be paid for, and not where none can', async () => {
  const failing = [{ fail: { kind: 'auth' as const, message: 'no' } }]
  const run = async (budget: number) => {
    const { clock, start } = setUp(
      clock => [
        scriptedTarget('a', clock, [answer('soon'), slow]),
        scriptedTarget('b', clock, failing),
        scriptedTarget('c', clock, answer('c')),
      ],
      { hedge: { budget, delayMs: 200 } },
    )
    start()
    await clock.advance(0)
    const { result } = start()
    await clock.advance(200)
    return result.receipt?.attempts.map(({ target, reason }) => `${target} ${reason}`)
  }
  expect(await run(1)).toEqual(['a first', 'b hedge', 'c hedge'])
  expect(await run(0.5)).toBeUndefined()
})

test('an attempt that fails while its hedge is under way is replaced at once', async () => {
  const { clock, start } = setUp(
    clock => [
      scriptedTarget('a', clock, [{ afterMs: 300, fail: { kind: 'server', message: '' } }]),
      scriptedTarget('b', clock, slow),
      scriptedTarget('c', clock, answer('c')),
    ],
    generous,
  )
  const { result } = start()
  await clock.advance(300)
  expect(result.text).toBe('c')
  expect(result.receipt?.attempts.map(({ target, reason }) => `${target} ${reason}`)).toEqual(['a first', 'b hedge', 'c fallback'])
})
