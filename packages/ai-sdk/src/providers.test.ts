import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { FaultEffect } from '@routewise/simulator'
import { isStepCount, Output } from 'ai'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { createRouted, type Receipt } from './index.ts'
import { routedAlone } from './testing/bare-and-routed.ts'
import { observeGenerate, observeStream } from './testing/observe.ts'
import { type Settings, tools } from './testing/scripted-model.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

// With the provider packages themselves, over HTTP, a routed model with one candidate must be told from the bare one by nothing but the receipt.

const vendors = {
  openai: 'openai',
  responses: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  mistral: 'mistral',
  deepseek: 'deepseek',
  xai: 'xai',
  groq: 'groq',
  moonshot: 'moonshotai',
} as const
type Vendor = keyof typeof vendors

/** A provider of its own for every call, so that its ids and figures are the same each time. */
async function withVendor<Result>(vendor: Vendor, use: (world: Simulated) => Promise<Result>): Promise<Result> {
  const world = await simulated({
    providers: [vendors[vendor]],
    timeScale: 1_000,
    recordings: {
      match: ({ prompt, turn, tools: offered, responseSchema }) => {
        if (responseSchema !== undefined) return { answer: { text: '{"city":"Oslo"}' } }
        if (offered.length > 0 && turn === 'user') return { answer: { toolCalls: [{ name: 'look', input: { city: 'Oslo' } }] } }
        return { answer: { text: `You asked: ${prompt}. It is sunny there, as it often is.`, reasoning: 'Hm, the weather.' } }
      },
    },
  })
  try {
    return await use(world)
  } finally {
    await world.sim.close()
  }
}

// Moments, and where a socket was.
const perCall = /^(socket|timestamp|date|created|created_at|completed_at|url|.*-reset.*|.*processing-ms)$/

function comparable(value: unknown): unknown {
  const json = JSON.stringify(value, (key, field: unknown) => (perCall.test(key) ? undefined : field))
  return JSON.parse(json)
}

describe.each(Object.keys(vendors) as Vendor[])('%s', vendor => {
  const both = async (observe: (model: LanguageModelV4) => Promise<unknown>, effect?: FaultEffect) => {
    const observed = async (wrap: (model: LanguageModelV4) => LanguageModelV4) =>
      withVendor(vendor, async world => {
        if (effect !== undefined) world.sim.fault({ effect })
        return comparable(await observe(wrap(world[vendor]())))
      })
    const bare = await observed(model => model)
    expect(await observed(routedAlone)).toEqual(bare)
    return bare
  }
  const object: Settings = { output: Output.object({ schema: z.object({ city: z.string() }) }) }
  const withTools: Settings = { tools: { look: tools['look'] }, stopWhen: isStepCount(3) }

  test('a plain answer, streamed with its raw chunks and whole', async () => {
    const raw: Settings = { includeRawChunks: true, include: { rawChunks: true } }
    expect(await both(model => observeStream(model, raw))).toMatchObject({ text: expect.stringContaining('sunny') as string })
    await both(model => observeGenerate(model))
  })
  test('tool calls and their steps, streamed and whole', async () => {
    expect(await both(model => observeStream(model, withTools))).toMatchObject({ steps: [{}, {}] })
    await both(model => observeGenerate(model, withTools))
  })
  test('structured output', async () => {
    expect(await both(model => observeStream(model, object))).toMatchObject({ output: { city: 'Oslo' } })
  })

  test.each(['cut', 'stream-error'] as const)('a stream that fails midway: %s', async type => {
    await both(model => observeStream(model), type === 'cut' ? { type, at: 'midway' } : { type, at: 'midway', kind: 'server' })
  })
  test('a request that is refused', async () => {
    const effect = { type: 'http-error', kind: 'bad-request' } as const
    await both(model => observeGenerate(model), effect)
  })
})

test.each(Object.keys(vendors) as Vendor[])(
  '%s: what the provider bills is on the receipts to the nano-dollar, streamed and whole',
  vendor =>
    withVendor(vendor, async world => {
      const routed = createRouted({ models: [world[vendor]()] })
      const receipts: Receipt[] = []
      routed.on('receipt', receipt => receipts.push(receipt))
      for (const observe of [observeStream, observeGenerate]) {
        await observe(routed('auto'), { tools: { look: tools['look'] }, stopWhen: isStepCount(3) })
      }
      await world.sim.settled()
      expect(receipts.map(({ estimated }) => estimated)).toEqual([false, false, false, false])
      expect(receipts.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)).toBe(world.sim.bill.totalNanoUsd)
    }),
)
