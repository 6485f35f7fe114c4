import { type Receipt, systemClock } from '@routewise/core'
import { expect, test } from 'vitest'
import type { App } from './face.ts'
import { type FaceName, faces } from './faces.ts'
import { planWorkload } from './plan-workload.ts'
import { runApp } from './run.ts'
import { startSimulation } from './simulation.ts'
import { loadWorkload } from './workload/workload.ts'

globalThis.AI_SDK_LOG_WARNINGS = false

const SEED = 1
/** Slow enough that no prompt cache expires while a busy machine thinks. */
const TIME_SCALE = 80

/** The receipts of a small demo, one conversation after the other, during which every fifth request to OpenAI fails. */
async function receiptsOn(face: FaceName): Promise<Map<string, readonly Receipt[]>> {
  const { source, pool, policy, skills, flagship } = planWorkload(loadWorkload(), { limit: 12, seed: SEED })
  const simulation = await startSimulation({ cards: pool, skills, seed: SEED, timeScale: TIME_SCALE })
  const { simulator, reach, inFlight } = simulation
  let app: App | undefined
  try {
    simulator.fault({ when: { provider: 'openai', nth: { every: 5 } }, effect: { type: 'http-error', kind: 'overloaded', status: 503 } })
    // Silence is bought by the machine's own time, which no two runs have alike.
    const { routed } = await faces[face].load()
    app = routed(pool.map(reach), { policy, hedge: false })
    const receipts = new Map<string, readonly Receipt[]>()
    await runApp({
      source,
      app,
      modelId: flagship.id,
      clock: systemClock,
      concurrency: 1,
      signal: new AbortController().signal,
      inFlight,
      onTurnStart() {},
      onTurnEnd: record => void receipts.set(record.id, record.receipts),
    })
    return receipts
  } finally {
    await app?.close()
    await simulator.close()
  }
}

/** What a receipt says without ids and times. OpenAI's tier is left out: its chat stream names it, the AI SDK does not hand it on. */
const gist = ({ target, model, task, considered, costNanoUsd, usage, attempts }: Receipt) => ({
  considered: considered.map(one => [one.target, one.rank, one.inputTokens, one.outputTokens]),
  target,
  model,
  task,
  costNanoUsd,
  usage: { ...usage, serviceTier: undefined },
  attempts: attempts.map(attempt => ({
    target: attempt.target,
    reason: attempt.reason,
    end: attempt.end.type === 'failed' ? [attempt.end.failure.kind, attempt.end.failure.status] : attempt.end,
    usage: { ...attempt.usage, serviceTier: undefined },
    usageSource: attempt.usageSource,
    costNanoUsd: attempt.costNanoUsd,
  })),
})

const gists = async (face: FaceName) => [...(await receiptsOn(face))].map(([id, receipts]) => ({ id, receipts: receipts.map(gist) }))

/** What the others are compared with. */
let shared: ReturnType<typeof gists> | undefined
const names = Object.keys(faces) as FaceName[]
const others = names.filter(name => name !== 'langchain')

test.each(others)('%s has the same receipts as LangChain: model, attempts, tokens and cost of every call', async face => {
  const [onLangChain, onThis] = await Promise.all([(shared ??= gists('langchain')), gists(face)])
  expect(onThis).toEqual(onLangChain)
  const calls = onLangChain.flatMap(({ receipts }) => receipts)
  expect(calls.length).toBeGreaterThan(40)
  expect(new Set(calls.map(({ target }) => target)).size).toBeGreaterThan(2)
  expect(calls.filter(({ attempts }) => attempts.length > 1).length).toBeGreaterThan(4)
  expect(calls.every(({ attempts }) => attempts.at(-1)?.usageSource === 'provider')).toBe(true)
})

test.each(others)('%s expects the same of a call as LangChain before anybody is asked', async face => {
  const { source, pool, policy } = planWorkload(loadWorkload(), { limit: 12, seed: SEED })
  const reached = pool.map(card => ({ card, apiKey: 'none' }))
  const apps = await Promise.all(['langchain' as const, face].map(async name => (await faces[name].load()).routed(reached, { policy })))
  for await (const conversation of source.open(new AbortController().signal)) {
    const first = conversation.turns[0]?.steps[0]?.ask
    const asked = first?.type === 'messages' ? first.messages : []
    const [onLangChain, onThis] = await Promise.all(apps.map(app => app.begin(conversation, systemClock).with(asked).consider()))
    expect(onLangChain?.filter(({ rank }) => rank !== undefined).length).toBeGreaterThan(1)
    expect(onThis).toEqual(onLangChain)
  }
})
