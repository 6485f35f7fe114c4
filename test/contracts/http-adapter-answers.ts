import { toUsd } from '@routewise/core'
import type OpenAI from 'openai'
import { expect, test } from 'vitest'
import { chat, type HttpAdapter, MODEL, send, sendJson, startWorld } from './http-adapter-world.ts'

const TOOLS: OpenAI.ChatCompletionFunctionTool[] = [
  {
    type: 'function',
    function: { name: 'look_up', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
  },
]

/** What is answered, the way there and back. */
export function testAnswers({ mount, parsed }: HttpAdapter): void {
  test('a whole answer comes with its id and what it cost', async () => {
    const { sim, client, receipts } = await startWorld(mount)
    const { data, response } = await client.chat.completions.create(chat('Grüße aus Köln 🌊')).withResponse()
    expect(data).toMatchObject({ choices: [{ message: { content: 'Grüße aus Köln 🌊' } }] })
    await sim.settled()
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'x-request-id': receipts[0]!.id,
      'x-routewise-model': MODEL,
      'x-routewise-attempts': '1',
      'x-routewise-cached-tokens': '0',
      'x-routewise-decision-ms': expect.stringMatching(/^[\d.]+$/),
    })
    expect(Number(response.headers.get('x-routewise-cost-usd'))).toBe(toUsd(sim.bill.totalNanoUsd))
  })

  test('a stream says the same in pieces, and its end', async () => {
    const { origin, client } = await startWorld(mount)
    const prompt = 'One word after another, and then some more of them. '.repeat(4)
    const { data, response } = await client.chat.completions.create({ ...chat(prompt), stream: true }).withResponse()
    const pieces: string[] = []
    for await (const { choices } of data) pieces.push(choices[0]?.delta.content ?? '')
    expect(pieces.join('')).toBe(prompt)
    expect(pieces.length).toBeGreaterThan(5)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringMatching(/^text\/event-stream/),
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'x-routewise-model': MODEL,
    })
    expect(await (await sendJson(origin, chat(prompt, true))).rest()).toMatch(/data: \[DONE\]\n\n$/)
  })

  test('tools are called, whole and streamed', async () => {
    const toolCalls = [{ name: 'look_up', input: { city: 'Köln' } }]
    const { client } = await startWorld(mount, {}, { recordings: { match: () => ({ answer: { toolCalls } }) } })
    const call = { type: 'function', function: { name: 'look_up', arguments: '{"city":"Köln"}' } }
    const whole = await client.chat.completions.create({ ...chat('Where?'), stream: false, tools: TOOLS })
    expect(whole.choices[0]!.message.tool_calls).toMatchObject([call])
    const streamed = await client.chat.completions.stream({ ...chat('Where?'), stream: true, tools: TOOLS }).finalChatCompletion()
    expect(streamed.choices[0]!.message.tool_calls).toMatchObject([call])
  })

  test('responses, embeddings and the list of models are there, too', async () => {
    const { client } = await startWorld(mount)
    expect((await client.responses.create({ model: 'auto', input: 'Say it.' })).output_text).toBe('Say it.')
    const events = await client.responses.create({ model: 'auto', input: 'Say it.', stream: true })
    let last = ''
    for await (const { type } of events) last = type
    expect(last).toBe('response.completed')
    const { data } = await client.embeddings.create({ model: 'auto', input: ['one', 'two'] })
    expect(data.map(({ embedding }) => embedding.length > 100)).toEqual([true, true])
    const models = await client.models.list()
    expect(models.data.map(({ id }) => id)).toContain(MODEL)
  })

  test('requests at once get each its own answer', async () => {
    const { client, receipts } = await startWorld(mount)
    const prompts = Array.from({ length: 40 }, (_, n) => `This is question ${n}.`)
    const answers = await Promise.all(
      prompts.map(async (prompt, n) => {
        if (n % 2 === 0) return (await client.chat.completions.create({ ...chat(prompt), stream: false })).choices[0]!.message.content
        let said = ''
        for await (const { choices } of await client.chat.completions.create({ ...chat(prompt), stream: true }))
          said += choices[0]?.delta.content ?? ''
        return said
      }),
    )
    expect(answers).toEqual(prompts)
    expect(receipts).toHaveLength(40)
  })

  test('an idempotency key is answered once; with another body it is a conflict', async () => {
    const { sim, origin } = await startWorld(mount)
    const key = { 'idempotency-key': 'one' }
    const first = await (await sendJson(origin, chat('Hello'), key)).rest()
    expect(await (await sendJson(origin, chat('Hello'), key)).rest()).toBe(first)
    expect((await sendJson(origin, chat('Other'), key)).status).toBe(409)
    expect(sim.requests).toHaveLength(1)
  })

  test('HEAD is answered without a body, OPTIONS is left to the app', async () => {
    const { origin } = await startWorld(mount)
    const head = await send(origin, { method: 'HEAD', path: '/v1/models' })
    expect(head).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } })
    expect(await head.rest()).toBe('')
    expect(await (await send(origin, { method: 'OPTIONS' })).rest()).not.toContain('chat.completion')
  })

  if (parsed !== undefined)
    test("what the app's own parser has read is answered the same", async () => {
      const { sim, origin, client } = await startWorld(parsed)
      const whole = await client.chat.completions.create({ ...chat('Whole 🌊'), stream: false })
      expect(whole.choices[0]!.message.content).toBe('Whole 🌊')
      let said = ''
      for await (const { choices } of await client.chat.completions.create({ ...chat('In pieces.'), stream: true }))
        said += choices[0]?.delta.content ?? ''
      expect(said).toBe('In pieces.')
      expect((await sendJson(origin, {})).status).toBe(400)
      expect(sim.requests).toHaveLength(2)
    })
}
