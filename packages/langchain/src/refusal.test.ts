import type { FinishReason, Receipt } from '@routewise/core'
import { HumanMessage } from '@langchain/core/messages'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RoutedChatModel, type RoutedChatModelOptions } from './index.ts'
import { simulated, type Simulated } from './testing/simulated.ts'

let world: Simulated
beforeEach(async () => {
  world = await simulated({ recordings: { match: () => ({ answer: { text: 'Gladly.' } }) } })
})
afterEach(() => world.sim.close())

const vendors = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'deepseek', 'xai', 'groq'] as const
type Vendor = (typeof vendors)[number]
const kinds = ['invoke', 'stream', 'events'] as const
type Kind = (typeof kinds)[number]

const build = (vendor: Vendor, options: Partial<RoutedChatModelOptions> = {}) =>
  new RoutedChatModel({
    models: { it: world[vendor](), other: world.openai('gpt-4.1') },
    policy: candidates => candidates,
    hedge: false,
    retry: false,
    ...options,
  })

/** Asks in one of the three ways; gives the receipt, and why the last event says it is over. */
async function ask(model: RoutedChatModel, kind: Kind): Promise<{ receipt: Receipt; reason?: string | undefined }> {
  const metadata: Record<string, unknown> = {}
  let reason: string | undefined
  if (kind === 'invoke') Object.assign(metadata, (await model.invoke('Hi')).response_metadata)
  if (kind === 'stream') for await (const chunk of await model.stream('Hi')) Object.assign(metadata, chunk.response_metadata)
  if (kind === 'events') {
    for await (const event of model._streamChatModelEvents([new HumanMessage('Hi')], {})) {
      if (event.event !== 'message-finish') continue
      reason = event.reason
      Object.assign(metadata, event.responseMetadata)
    }
  }
  return { receipt: metadata['routewise'] as Receipt, reason }
}

const strike = (vendor: Vendor, type: 'refusal' | 'content-filter') =>
  world.sim.fault({ when: { provider: vendor === 'responses' ? 'openai' : vendor }, effect: { type }, times: 1 })

/** Those whose wire tells a refusal from an answer; the others refuse in words. */
const refusals: Partial<Record<Vendor, FinishReason>> = {
  openai: 'refusal',
  responses: 'refusal',
  anthropic: 'refusal',
  google: 'content-filter',
}
const tell = vendors.filter(vendor => refusals[vendor] !== undefined)
const answered = (finish: FinishReason) => [{ target: 'it', end: { type: 'answered', finish } }]

describe.each(kinds)('asked by %s', kind => {
  // Of a whole answer that is empty, Google's integration makes an error.
  const returned = (list: readonly Vendor[]) => list.filter(vendor => vendor !== 'google' || kind !== 'invoke')

  test.each(returned(tell))('a refusal of %s is known as one', async vendor => {
    strike(vendor, 'refusal')
    const { receipt } = await ask(build(vendor), kind)
    expect(receipt.attempts).toMatchObject(answered(refusals[vendor]!))
  })

  test.each(returned(vendors))('what the filter of %s stops is known as such', async vendor => {
    strike(vendor, 'content-filter')
    const { receipt } = await ask(build(vendor), kind)
    expect(receipt.attempts).toMatchObject(answered(vendor === 'anthropic' ? 'refusal' : 'content-filter'))
  })

  test.each(tell)('`onRefusal: "fallback"` asks another when %s will not', async vendor => {
    strike(vendor, 'refusal')
    const { receipt } = await ask(build(vendor, { onRefusal: 'fallback' }), kind)
    expect(receipt).toMatchObject({
      target: 'other',
      attempts: [{ target: 'it', end: { type: 'failed', failure: { kind: 'content_filter' } } }, { reason: 'fallback' }],
    })
  })
})

test('what Google’s integration makes an error of is known as a filter’s doing, and asked of nobody else', async () => {
  strike('google', 'refusal')
  await expect(build('google').invoke('Hi')).rejects.toMatchObject({
    code: 'all_attempts_failed',
    failures: [{ kind: 'content_filter' }],
    receipt: { attempts: [{ target: 'it' }] },
  })
})

test('a refusal of Anthropic is no stop among events, as its integration has it', async () => {
  strike('anthropic', 'refusal')
  expect((await ask(build('anthropic'), 'events')).reason).toBe('content_filter')
})
