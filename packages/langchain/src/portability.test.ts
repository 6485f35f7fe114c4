import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'
import type { CandidateModel } from './options.ts'
import { RoutedChatModel } from './routed-chat-model.ts'
import { simulated, type Simulated } from './testing/simulated.ts'
import { imageNotations, PIXEL, vendors } from './testing/spoken-turns.ts'

let world: Simulated
beforeAll(async () => {
  world = await simulated()
})
afterAll(() => world.sim.close())

const weather = { name: 'weather', description: 'The weather of a city.', schema: z.object({ city: z.string() }) }
const body = () => world.sim.requests.at(-1)!.http.body as Record<string, unknown>
const routed = (model: CandidateModel) => new RoutedChatModel({ models: [model], hedge: false, retry: false })

/** What Claude really says when it is offered a tool, thoughts and signature included. */
async function claudeTurn(): Promise<AIMessage> {
  const claude = world.anthropic()
  return await claude.bindTools([weather]).invoke('Weather?')
}
const resultOf = (turn: AIMessage) => turn.tool_calls!.map(({ id, name }) => new ToolMessage({ tool_call_id: id!, name, content: 'sunny' }))

describe('a conversation that began with Claude', () => {
  let messages: BaseMessage[]
  let callId: string
  beforeAll(async () => {
    const turn = await claudeTurn()
    callId = turn.tool_calls![0]!.id!
    messages = [new HumanMessage('Weather?'), turn, ...resultOf(turn)]
  })

  test('Gemini: the bare class sends the call twice and the thought with its signature, which is refused; routed it is one call', async () => {
    const gemini = world.google()
    await expect(gemini.bindTools([weather]).invoke(messages)).rejects.toThrow('400 Bad Request')
    const sent = (body()['contents'] as { parts: Record<string, unknown>[] }[])[1]!.parts
    expect(sent.filter(part => 'functionCall' in part)).toHaveLength(2)
    expect(sent.some(part => 'thought' in part && 'thoughtSignature' in part)).toBe(true)
    const answer = await routed(gemini).bindTools([weather]).invoke(messages)
    expect(answer.text).not.toBe('')
    const contents = body()['contents'] as { role: string; parts: Record<string, unknown>[] }[]
    expect(contents[1]!.parts).toMatchObject([{ functionCall: { name: 'weather' } }])
  })

  test('Mistral: the bare class throws for blocks that it does not know; routed it takes the call by an id of nine characters', async () => {
    const mistral = world.mistral()
    await expect(mistral.bindTools([weather]).invoke(messages)).rejects.toThrow('Mistral only supports types "text" or "image_url"')
    const answer = await routed(mistral).bindTools([weather]).invoke(messages)
    expect(answer.text).not.toBe('')
    const [, called, answered] = body()['messages'] as { tool_calls?: { id: string }[]; tool_call_id?: string }[]
    expect(called!.tool_calls![0]!.id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(answered!.tool_call_id).toBe(called!.tool_calls![0]!.id)
  })

  test.each(['openai', 'responses', 'deepseek', 'xai', 'groq'] as const)('%s: it goes on with text and calls alone', async vendor => {
    const answer = await routed(world[vendor]()).bindTools([weather]).invoke(messages)
    expect(answer.text).not.toBe('')
    expect(JSON.stringify(body())).not.toMatch(/thinking|signature/)
    expect(JSON.stringify(body())).toContain(callId)
  })

  test('Claude itself hears its thoughts again, signed', async () => {
    expect(messages[1]!.content).toMatchObject([{ type: 'thinking', signature: expect.any(String) as string }, { type: 'tool_use' }])
    await routed(world.anthropic()).bindTools([weather]).invoke(messages)
    expect((body()['messages'] as { content: unknown }[])[1]!.content).toMatchObject([
      { type: 'thinking' },
      { type: 'tool_use', id: callId },
    ])
  })
})

test('a later system message: the bare classes of Gemini and Claude fail, routed the user says it', async () => {
  const messages = [
    new SystemMessage('Be kind.'),
    new HumanMessage('Hi'),
    new AIMessage('Hello.'),
    new SystemMessage('Be brief.'),
    new HumanMessage('And?'),
  ]
  await expect(world.google().invoke(messages)).rejects.toThrow('System message should be the first one')
  await expect(routed(world.google()).invoke(messages)).resolves.toMatchObject({ text: expect.stringMatching(/./) as string })
  await expect(world.anthropic().invoke(messages)).rejects.toThrow('Unexpected role')
  await expect(routed(world.anthropic()).invoke(messages)).resolves.toMatchObject({ text: expect.stringMatching(/./) as string })
})

describe('sealed reasoning of OpenAI', () => {
  test('goes back to the account that it was sealed for, and not to another', async () => {
    const models = { own: world.responses(), other: world.responsesOf('other') }
    const model = new RoutedChatModel({ models, hedge: false, retry: false })
    const question = new HumanMessage('Why is the sky blue?')
    const answer = await model.invoke([question], { routing: { allow: ['own'] }, include: ['reasoning.encrypted_content'] })
    const sealed = answer.additional_kwargs['reasoning'] as { encrypted_content?: string } | undefined
    expect(sealed?.encrypted_content).toMatch(/^gAAAA/)
    const history = [question, answer, new HumanMessage('And at night?')]
    await expect(world.responsesOf('other').invoke(history)).rejects.toThrow('could not be verified')
    await model.invoke(history, { routing: { allow: ['other'] } })
    expect(JSON.stringify(body()['input'])).not.toMatch(/encrypted_content|"rs_|"msg_/)
    await model.invoke(history, { routing: { allow: ['own'] } })
    expect(JSON.stringify(body()['input'])).toContain('encrypted_content')
  })
})

describe('what a failed turn leaves behind', () => {
  const call = (id: string) => ({ type: 'tool_call' as const, id, name: 'weather', args: { city: 'Oslo' } })

  const unanswered = [
    new HumanMessage('Weather?'),
    new AIMessage({ content: '', tool_calls: [call('call_abcdef')] }),
    new HumanMessage('Never mind.'),
  ]
  test.each(vendors)('a call without a result gets one for %s', async vendor => {
    await expect(routed(world[vendor]()).invoke(unanswered)).resolves.toMatchObject({ text: expect.stringMatching(/./) as string })
  })
  // Mistral's class leaves such calls out by itself.
  test.each(vendors.filter(vendor => vendor !== 'mistral'))('a call without a result: the bare class of %s is refused', async vendor => {
    await expect(world[vendor]().invoke(unanswered)).rejects.toThrow(/tool|function/i)
  })

  test.each(vendors)('a result without a call, an empty answer and a call that is no JSON are mended for %s', async vendor => {
    const messages = [
      new HumanMessage('Weather?'),
      new ToolMessage({ tool_call_id: 'call_lost', name: 'weather', content: 'rain' }),
      new AIMessage(''),
      new AIMessage({
        content: '',
        invalid_tool_calls: [{ type: 'invalid_tool_call', id: 'call_broken', name: 'weather', args: '{"city":', error: 'no JSON' }],
      }),
      new HumanMessage('Again?'),
      new AIMessage({ content: '', tool_calls: [call('call_abcdef')] }),
      new ToolMessage({ tool_call_id: 'call_abcdef', name: 'weather', content: 'sun' }),
      new HumanMessage('And now?'),
      new AIMessage({ content: '', tool_calls: [call('call_abcdef')] }),
      new ToolMessage({ tool_call_id: 'call_abcdef', name: 'weather', content: 'snow' }),
    ]
    await expect(world[vendor]().invoke(messages)).rejects.toThrow(/tool|function|content|type/i)
    await expect(routed(world[vendor]()).invoke(messages)).resolves.toMatchObject({ text: expect.stringMatching(/./) as string })
  })
})

describe('an image', () => {
  const sighted = ['openai', 'responses', 'anthropic', 'google', 'mistral', 'xai'] as const
  const cases = Object.entries(imageNotations).flatMap(([notation, block]) => sighted.map(vendor => ({ notation, block, vendor })))
  test.each(cases)('in $notation notation is seen once by $vendor', async ({ block, vendor }) => {
    const message = new HumanMessage({ content: [{ type: 'text', text: 'What is this?' }, block] })
    await routed(world[vendor]()).invoke([message])
    const sent = JSON.stringify(body())
    expect(sent.split(PIXEL)).toHaveLength(2)
  })

  test.each(sighted)('that a tool has shown is seen once by %s, and its call is answered', async vendor => {
    const turn = new AIMessage({
      content: '',
      tool_calls: [{ type: 'tool_call', id: 'call_photo', name: 'weather', args: { city: 'Oslo' } }],
    })
    const shown = new ToolMessage({
      tool_call_id: 'call_photo',
      name: 'weather',
      content: [{ type: 'text', text: 'A photo:' }, imageNotations.image_url],
    })
    await routed(world[vendor]())
      .bindTools([weather])
      .invoke([new HumanMessage('Show me.'), turn, shown])
    expect(JSON.stringify(body()).split(PIXEL)).toHaveLength(2)
  })

  test('in the older notation, the bare class of Claude sends it twice', async () => {
    await world.anthropic().invoke([new HumanMessage({ content: [imageNotations['source_type base64']] })])
    expect(JSON.stringify(body()).split(PIXEL)).toHaveLength(3)
  })

  test('that a class cannot be given is no reason to ask it: another answers, and once it is history a word stands for it', async () => {
    const uploaded = { type: 'image', fileId: 'file_011CNha8iCJcU1wXNR6q4V8w' }
    const model = new RoutedChatModel({ models: { mistral: world.mistral(), claude: world.anthropic() }, hedge: false, retry: false })
    const question = new HumanMessage({ content: [{ type: 'text', text: 'What is this?' }, uploaded] })
    expect(model.decide([question]).considered).toContainEqual(
      expect.objectContaining({ target: 'mistral', excluded: 'unsupported: an image as it is given here' }),
    )
    const later = [question, new AIMessage('A cat.'), new HumanMessage('Of what colour?')]
    expect(model.decide(later).plan.map(({ id }) => id)).toContain('mistral')
    await model.invoke(later, { routing: { allow: ['mistral'] } })
    expect(JSON.stringify(body())).toContain('(An image was shown here.)')
  })
})
