import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV4 } from '@ai-sdk/provider'
import { APICallError, generateText, Output, stepCountIs, streamText, tool } from 'ai'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type Place, serveAt } from './servers.ts'
import { upstreams } from './upstreams.ts'

const apiKey = 'test'
const [openai, , , mistral, , , anthropic, google] = upstreams

/** The ways in which the AI SDK speaks to an endpoint of OpenAI's API. */
const clients: Readonly<Record<string, (place: Place) => LanguageModelV4>> = {
  'createOpenAI().chat()': place => createOpenAI({ ...place, apiKey }).chat('auto'),
  'createOpenAI()()': place => createOpenAI({ ...place, apiKey })('auto'),
  'createOpenAICompatible()()': place =>
    createOpenAICompatible({ name: 'routed', ...place, apiKey, includeUsage: true, supportsStructuredOutputs: true })('auto'),
}

const each = Object.keys(clients).flatMap(client =>
  [openai!, mistral!, anthropic!, google!].map(upstream => ({ client, upstream, name: `${client} of ${upstream.name}` })),
)
const ticket = z.object({ title: z.string(), kind: z.enum(['bug', 'feature']) })
const weather = tool({
  description: 'Weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => `sunny in ${city}`,
})

describe.each(each)('$name', ({ client, upstream }) => {
  const open = async () => clients[client]!((await serveAt('Express', sim => ({ targets: [upstream.open(sim)] }))).place)

  test('says the same whole and in a stream, and tells usage', async () => {
    const model = await open()
    const whole = await generateText({ model, prompt: 'hello' })
    const stream = streamText({ model, prompt: 'hello' })
    expect(await stream.text).toBe(whole.text)
    expect(whole.text).toMatch(/\w/)
    const [usage, streamed] = [whole.usage, await stream.usage]
    expect(usage.inputTokens).toBeGreaterThan(0)
    expect([streamed.inputTokens, streamed.outputTokens]).toEqual([usage.inputTokens, usage.outputTokens])
    expect([whole.finishReason, await stream.finishReason]).toEqual(['stop', 'stop'])
  })

  test('calls tools and answers their results, whole and in a stream', async () => {
    const model = await open()
    const request = { model, prompt: 'weather?', tools: { weather }, stopWhen: stepCountIs(3) }
    const stream = streamText(request)
    for (const { text, steps } of [await generateText(request), { text: await stream.text, steps: await stream.steps }]) {
      expect(text).toMatch(/\w/)
      expect(steps.map(step => step.toolResults.map(({ output }) => output))).toEqual([[expect.stringMatching(/^sunny in \w/)], []])
    }
  })

  test('gives an object of the schema', async () => {
    const { output } = await generateText({ model: await open(), prompt: 'extract', output: Output.object({ schema: ticket }) })
    expect(ticket.safeParse(output).success).toBe(true)
  })
})

test.each(Object.keys(clients))('%s hears of errors as of OpenAI', async client => {
  const { place } = await serveAt('Express', sim => ({ targets: [openai!.open(sim)], retry: false }), {
    faults: [{ effect: { type: 'http-error', kind: 'quota' } }],
  })
  const failing = generateText({ model: clients[client]!(place), prompt: 'hello', maxRetries: 0 })
  await expect(failing).rejects.toSatisfy(error => APICallError.isInstance(error) && error.statusCode === 429)
})

test.each(Object.keys(clients))('%s hears of a stream that breaks off', async client => {
  const { place } = await serveAt('Express', sim => ({ targets: [anthropic!.open(sim)] }), {
    timeScale: 20,
    faults: [{ effect: { type: 'cut', at: 'midway' } }],
  })
  const errors: unknown[] = []
  const stream = streamText({ model: clients[client]!(place), prompt: 'hello', maxRetries: 0, onError: ({ error }) => errors.push(error) })
  let said = ''
  for await (const part of stream.fullStream) if (part.type === 'text-delta') said += part.text
  expect(said).toMatch(/\w/)
  expect(errors).toHaveLength(1)
})
