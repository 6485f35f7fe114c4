import { expect, test } from 'vitest'
import { createRouter } from '../router.ts'
import { send } from '../testing/exchange.ts'
import { chatBody, ProviderFailure, scriptedTarget } from '../testing/scripted-target.ts'
import { createHandler } from './create-handler.ts'

const messages = [{ role: 'user', content: 'hi' }]

test.each([
  ['/chat/completions', { messages }, 'model', 'missing_required_parameter', "Missing required parameter: 'model'."],
  [
    '/chat/completions',
    { model: 4, messages },
    'model',
    'invalid_type',
    "Invalid type for 'model': expected a string, but got an integer instead.",
  ],
  ['/chat/completions', { model: 'auto' }, 'messages', 'missing_required_parameter', "Missing required parameter: 'messages'."],
  ['/chat/completions', { model: 'auto', messages: 'hi' }, 'messages', 'invalid_type', 'expected an array of objects, but got a string'],
  ['/chat/completions', { model: 'auto', messages: [] }, 'messages', 'empty_array', 'Expected an array with minimum length 1'],
  ['/chat/completions', { model: 'auto', messages: ['hi'] }, 'messages[0]', 'invalid_type', 'expected an object, but got a string'],
  ['/chat/completions', { model: 'auto', messages: [{}] }, 'messages[0].role', 'missing_required_parameter', "'messages[0].role'"],
  ['/chat/completions', { model: 'auto', messages, stream: 'yes' }, 'stream', 'invalid_type', 'expected a boolean, but got a string'],
  ['/chat/completions', { model: 'auto', messages, n: 2 }, 'n', 'unsupported_value', "'n' does not support 2"],
  ['/chat/completions', { model: 'auto', messages, modalities: ['text', 'audio'] }, 'modalities', 'unsupported_value', 'audio'],
  ['/responses', { model: 'auto' }, 'input', 'missing_required_parameter', "Missing required parameter: 'input'."],
  ['/responses', { model: 'auto', input: [] }, 'input', 'empty_array', 'empty array'],
  ['/responses', { model: 'auto', input: 'hi', previous_response_id: 'r' }, 'previous_response_id', 'unsupported_parameter', 'keeps no'],
  ['/embeddings', { model: 'vectors', input: '' }, 'input', null, 'cannot be an empty string'],
  ['/embeddings', { model: 'vectors', input: [] }, 'input', 'empty_array', 'empty array'],
  ['/embeddings', { model: 'auto', input: 'hi' }, 'model', 'ambiguous_model', 'could be any of vectors, others'],
  ['/embeddings', { model: 'one', input: 'hi' }, 'model', 'model_not_found', 'There are vectors, others'],
])('%s with %j is refused for its %s', async (path, body, param, code, words) => {
  const one = scriptedTarget('one', { says: chatBody('hello') })
  const vectors = scriptedTarget('vectors', { says: ['{"data":[]}'] }, { kind: 'embedding' })
  const others = scriptedTarget('others', { says: ['{"data":[]}'] }, { kind: 'embedding' })
  const handler = createHandler(createRouter({ targets: [one], embeddings: [vectors, others] }))
  const { status, error } = await send(handler, path, body)
  expect(status).toBe(code === 'model_not_found' ? 404 : 400)
  expect(error).toEqual({ message: expect.stringContaining(words), type: 'invalid_request_error', param, code })
  expect([...one.calls, ...vectors.calls, ...others.calls]).toEqual([])
})

test.each(['', '{', '[]', '"hi"', 'null', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, '{"__proto__":{}}'])(
  'the body %j is refused',
  async body => {
    const one = scriptedTarget('one', { says: chatBody('hello') })
    const { status, error } = await send(createHandler(createRouter({ targets: [one] })), '/chat/completions', body)
    expect(status).toBe(400)
    expect(error['message']).toContain('We could not parse the JSON body of your request.')
    expect(one.calls).toEqual([])
  },
)

test('vectors of one space are asked for by its name, by a target or, where there is no other, by auto', async () => {
  const says = ['{"object":"list","data":[],"usage":{"prompt_tokens":3,"total_tokens":3}}']
  const here = scriptedTarget(
    'here',
    { fails: new ProviderFailure(500, { message: 'down' }) },
    { kind: 'embedding', model: 'small', space: 'small' },
  )
  const there = scriptedTarget('there', { says }, { kind: 'embedding', model: 'small-eu', space: 'small' })
  const handler = createHandler(createRouter({ embeddings: [here, there], retry: false }))
  const targetOf = async (model: string) => (await send(handler, '/embeddings', { model, input: 'hi' })).headers['x-routewise-target']
  expect(await targetOf('there')).toBe('there')
  expect(await targetOf('small-eu')).toBe('there')
  expect(await targetOf('auto')).toBe('there')
  expect(await targetOf('small')).toBe('there')
  expect(here.calls.length).toBe(2)
  // Vectors are never streamed, whatever is asked.
  const { headers } = await send(handler, '/embeddings', { model: 'there', input: 'hi', stream: true })
  expect([headers['content-type'], there.calls.at(-1)!.stream]).toEqual(['application/json', false])
  expect((await send(handler, '/chat/completions', { model: 'auto', messages })).status).toBe(404)
})
