import { ChatAnthropic } from '@langchain/anthropic'
import type { AIMessageChunk, UsageMetadata } from '@langchain/core/messages'
import { ChatOpenAI } from '@langchain/openai'
import { all, confident, sound } from '@routewise/core'
import { cheapest, type Receipt, receiptOf, RoutedChatModel, type RoutedChatModelOptions } from '@routewise/langchain'
import { type Recording, type SimRequest, startSimulator } from '@routewise/simulator'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'

const DRAFTER = 'gpt-4o-mini'
const VERIFIER = 'gpt-4.1'
const DOUBT = 'I am not sure, it may be Lyon or it may be Marseille, who knows.'
const paris = (): Recording => ({ right: { text: 'Paris.' }, wrong: { text: DOUBT } })

/** A cheap model that drafts, a strong one that is asked when the draft is not sure enough; their skill decides who is right. */
async function startCascade(
  recordings: (request: SimRequest) => Recording | undefined,
  skills: Record<string, number> = {},
  options: Partial<RoutedChatModelOptions> = {},
) {
  const sim = await startSimulator({ providers: ['openai', 'anthropic'], timeScale: 200, skills, recordings: { match: recordings } })
  onTestFinished(() => sim.close())
  const open = (model: string) => new ChatOpenAI({ model, apiKey: 'test', configuration: { baseURL: sim.url('openai') } })
  const model = new RoutedChatModel({
    models: [open(DRAFTER), open(VERIFIER)],
    policy: cheapest(),
    judge: all(sound(), confident()),
    ...options,
  })
  return { sim, model, open }
}

const gather = async (stream: AsyncIterable<AIMessageChunk>): Promise<AIMessageChunk> => {
  let whole: AIMessageChunk | undefined
  for await (const chunk of stream) whole = whole === undefined ? chunk : whole.concat(chunk)
  return whole!
}
const ends = (receipt: Receipt | undefined) => receipt!.attempts.map(({ target, reason, end }) => [target, reason, end.type])

test.each(['invoke', 'stream'] as const)(
  '%s: a short right answer that the model is sure of is accepted, and nobody else is called',
  async how => {
    const { sim, model } = await startCascade(paris, { [DRAFTER]: 1 })
    const answer = how === 'invoke' ? await model.invoke('Capital?') : await gather(await model.stream('Capital?'))
    expect(answer.text).toBe('Paris.')
    const receipt = receiptOf(answer)!
    expect(ends(receipt)).toEqual([[DRAFTER, 'first', 'answered']])
    expect(receipt.attempts[0]!.verdict).toMatchObject({ accepted: true })
    await sim.settled()
    expect(sim.bill.requests).toBe(1)
  },
)

test('of an escalated stream the caller sees the accepted answer alone, with its usage; the receipt bills both', async () => {
  const { sim, model } = await startCascade(paris, { [DRAFTER]: 0, [VERIFIER]: 1 })
  const answer = await gather(await model.stream('Capital?'))
  expect(answer.text).toBe('Paris.')
  const receipt = receiptOf(answer)!
  expect(ends(receipt)).toEqual([
    [DRAFTER, 'first', 'rejected'],
    [VERIFIER, 'escalation', 'answered'],
  ])
  await sim.settled()
  const verified = sim.bill.rows.find(row => row.model === VERIFIER)!
  expect(answer.usage_metadata).toMatchObject({
    input_tokens: verified.usage.inputTokens,
    output_tokens: verified.usage.outputTokens,
  })
  expect(receipt.costNanoUsd).toBe(sim.bill.totalNanoUsd)
})

test('with the drafter down the verifier answers', async () => {
  const { sim, model } = await startCascade(paris, { [VERIFIER]: 1 })
  sim.fault({ when: { model: DRAFTER }, effect: { type: 'http-error', kind: 'overloaded' } })
  for (const answer of [await model.invoke('Capital?'), await gather(await model.stream('Capital?'))]) {
    expect(answer.text).toBe('Paris.')
    expect(receiptOf(answer)!.target).toBe(VERIFIER)
  }
})

test('a drafter that is silent is hedged, not waited for', async () => {
  const { sim, model } = await startCascade(paris, { [VERIFIER]: 1 }, { hedge: { delayMs: 20, budget: 1 } })
  sim.fault({ when: { model: DRAFTER }, effect: { type: 'hang', at: 'headers' } })
  for (const answer of [await model.invoke('Capital?'), await gather(await model.stream('Capital?'))]) {
    expect(answer.text).toBe('Paris.')
    expect(ends(receiptOf(answer))).toEqual([
      [DRAFTER, 'first', 'superseded'],
      [VERIFIER, 'hedge', 'answered'],
    ])
  }
})

test('of twenty calls at once each has its own receipt', async () => {
  // Every other prompt is too hard for the drafter; each is of another length.
  const isEasy = (call: number) => call % 2 === 0
  const { model } = await startCascade(
    ({ prompt, model: id }) => ({ ...paris(), difficulty: id === DRAFTER && !isEasy(Number(prompt.split(' ')[1])) ? 5 : -5 }),
    { [DRAFTER]: 1, [VERIFIER]: 1 },
  )
  const answers = await Promise.all(Array.from({ length: 20 }, (_, call) => model.invoke(`Call ${call} ${'please '.repeat(call)}`)))
  for (const [call, answer] of answers.entries()) {
    const receipt = receiptOf(answer)!
    expect(receipt.target).toBe(isEasy(call) ? DRAFTER : VERIFIER)
    expect(receipt.attempts).toHaveLength(isEasy(call) ? 1 : 2)
    for (const { usage } of receipt.attempts)
      expect(usage.inputTokens).toBe((answer.usage_metadata as UsageMetadata | undefined)!.input_tokens)
  }
  expect(new Set(answers.map(answer => receiptOf(answer)!.usage.inputTokens)).size).toBe(20)
})

test('structured output passes without a second call, and with no key but the schema’s', async () => {
  const { sim, model } = await startCascade(() => undefined, {}, { judge: sound() })
  const city = z.strictObject({ name: z.string(), country: z.string(), people: z.number().int() })
  const answer = await model.withStructuredOutput(city).invoke('Describe Paris.')
  expect(Object.keys(answer).sort()).toEqual(['country', 'name', 'people'])
  city.parse(answer)
  await sim.settled()
  expect(sim.bill.requests).toBe(1)
})

test('tools and streams go together with Anthropic’s model as the drafter', async () => {
  const { sim, open } = await startCascade(() => ({ answer: { toolCalls: [{ name: 'look_up', input: { city: 'Paris' } }] } }))
  const haiku = new ChatAnthropic({ model: 'claude-haiku-4-5', apiKey: 'test', anthropicApiUrl: sim.url('anthropic') })
  const look = { name: 'look_up', description: 'Looks up.', schema: z.object({ city: z.string() }) }
  const model = new RoutedChatModel({ models: [haiku, open('gpt-6-astra')], policy: cheapest(), judge: sound() }).bindTools([look])
  const answer = await gather(await model.stream('Weather in Paris?'))
  expect(answer.tool_calls).toMatchObject([{ name: 'look_up', args: { city: 'Paris' } }])
  expect(ends(receiptOf(answer))).toEqual([['claude-haiku-4-5', 'first', 'answered']])
})
