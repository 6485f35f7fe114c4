import type { LanguageModelV4 } from '@ai-sdk/provider'
import type { FaultEffect } from '@routewise/simulator'
import { isStepCount, Output } from 'ai'
import { expect, test } from 'vitest'
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

const city = Output.object({ schema: z.object({ city: z.string() }) })
const withTools: Settings = { tools: { look: tools['look'] }, stopWhen: isStepCount(3) }
const observations: Readonly<Record<string, (model: LanguageModelV4) => Promise<unknown>>> = {
  'a plain answer, streamed with its raw chunks': model => observeStream(model, { includeRawChunks: true, include: { rawChunks: true } }),
  'a plain answer': model => observeGenerate(model),
  'tool calls and their steps, streamed': model => observeStream(model, withTools),
  'tool calls and their steps': model => observeGenerate(model, withTools),
  'structured output, streamed': model => observeStream(model, { output: city }),
}
const faults: Readonly<Record<string, FaultEffect>> = {
  'a stream that is cut midway': { type: 'cut', at: 'midway' },
  'a stream that tells of a fault midway': { type: 'stream-error', at: 'midway', kind: 'server' },
  'a request that is refused': { type: 'http-error', kind: 'bad-request' },
}

/** All observations, one after another, of a model that this is made of. */
const observeAll = (vendor: Vendor, wrap: (model: LanguageModelV4) => LanguageModelV4) =>
  withVendor(vendor, async world => {
    const model = wrap(world[vendor]())
    const seen: Record<string, unknown> = {}
    for (const [name, observe] of Object.entries(observations)) seen[name] = comparable(await observe(model))
    for (const [name, effect] of Object.entries(faults)) {
      const lift = world.sim.fault({ effect })
      seen[name] = comparable(await observeStream(model))
      lift()
    }
    return seen
  })

test.each(Object.keys(vendors) as Vendor[])('%s: whatever comes of a call is the same', async vendor => {
  const bare = await observeAll(vendor, model => model)
  expect(await observeAll(vendor, model => routedAlone(model, { promptCache: false }))).toEqual(bare)
  expect(bare).toMatchObject({
    'a plain answer, streamed with its raw chunks': { text: expect.stringContaining('sunny') as string },
    'tool calls and their steps, streamed': { steps: [{}, {}] },
    'structured output, streamed': { output: { city: 'Oslo' } },
  })
})

test.each(Object.keys(vendors) as Vendor[])('%s: of the requests the key of the prompt cache is all that is new', vendor =>
  withVendor(vendor, async world => {
    const bodies = async (model: LanguageModelV4) => {
      const before = world.sim.requests.length
      await observeGenerate(model, withTools)
      return world.sim.requests.slice(before).map(({ http }) => http.body as Record<string, unknown>)
    }
    const bare = await bodies(world[vendor]())
    const routed = await bodies(routedAlone(world[vendor]()))
    expect(routed.map(({ prompt_cache_key: _, ...body }) => withoutIds(body))).toEqual(bare.map(withoutIds))
  }),
)

/** Ids and signatures of one answer are not those of another. */
const withoutIds = (body: unknown): unknown =>
  JSON.parse(
    JSON.stringify(body, (key, field: unknown) =>
      /^(id|call_id|tool_call_id|tool_use_id|thoughtSignature)$/.test(key) ? undefined : field,
    ),
  )

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
