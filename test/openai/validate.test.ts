import { expect, test } from 'vitest'
import { sampleOf, without } from './sample.ts'
import { $defs, validateAs, validateChat, validateChatChunk, validateEmbeddings, validateResponseEvent } from './validate.ts'

const objects = Object.entries($defs).filter(([, { type, allOf }]) => type === 'object' || allOf !== undefined)

test('every object of the API is known', () => {
  expect(objects.length).toBeGreaterThan(300)
})

test('an object with what is required is right, and without any one of it is wrong', () => {
  const wrong: string[] = []
  let removed = 0
  for (const [name, schema] of objects) {
    const validate = validateAs(name)
    const sample = sampleOf(schema, $defs)
    wrong.push(...validate(sample).map(line => `${name}: ${line}`))
    for (const member of Object.keys(sample as object)) {
      removed += 1
      if (validate(without(sample, [member])).length === 0) wrong.push(`${name} does not miss ${member}`)
    }
  }
  expect(wrong).toEqual([])
  expect(removed).toBeGreaterThan(1_000)
})

test('a member of another type is wrong', () => {
  const choice = { index: 0, finish_reason: 'stop', logprobs: null, message: { role: 'assistant', content: 'Hi', refusal: null } }
  const body = { id: 'chatcmpl-1', object: 'chat.completion', created: 1_790_000_000, model: 'gpt-6-luna', choices: [choice] }
  expect(validateChat(body)).toEqual([])
  expect(validateChat({ ...body, choices: [{ ...choice, index: 0.5 }] })).toEqual(['/choices/0/index must be integer'])
  expect(validateChat({ ...body, choices: [{ ...choice, finish_reason: null }] })).toEqual([
    expect.stringMatching(/^\/choices\/0\/finish_reason must be equal/),
  ])
  expect(validateChat({ ...body, choices: [{ ...choice, message: { ...choice.message, content: ['Hi'] } }] })).toContain(
    '/choices/0/message/content must be string',
  )
})

test('an event is held to its own type', () => {
  expect(validateResponseEvent({ type: 'response.text.delta', sequence_number: 1 })).toEqual([
    expect.stringMatching(/^\/type must be equal to one of/),
  ])
  expect(
    validateResponseEvent({ type: 'response.refusal.delta', sequence_number: 1, item_id: 'msg_1', output_index: 0, content_index: 0 }),
  ).toEqual(["the body must have required property 'delta'"])
})

test('members that OpenAI does not know are let through', () => {
  const delta = { role: 'assistant', content: 'Hi', reasoning_content: 'Hm' }
  expect(
    validateChatChunk({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: 'deepseek-v4',
      choices: [{ index: 0, delta, finish_reason: null }],
      'x-vendor': 1,
    }),
  ).toEqual([])
})

test('a vector is a list of numbers or base64', () => {
  const body = (embedding: unknown) => ({
    object: 'list',
    data: [{ object: 'embedding', index: 0, embedding }],
    model: 'text-embedding-3-small',
    usage: { prompt_tokens: 1, total_tokens: 1 },
  })
  expect([validateEmbeddings(body([0.5])), validateEmbeddings(body('AAAAPw=='))]).toEqual([[], []])
  expect(validateEmbeddings(body({ 0: 0.5 }))).toContain('/data/0/embedding must be array')
})
