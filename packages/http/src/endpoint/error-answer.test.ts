import { RouterError, type RouterErrorCode } from '@routewise/core'
import { expect, test } from 'vitest'
import { createRouter } from '../router.ts'
import { chat, send } from '../testing/exchange.ts'
import { chatBody, chatEvents, ProviderFailure, scriptedTarget, type Script } from '../testing/scripted-target.ts'
import { createHandler } from './create-handler.ts'
import { errorAnswer, faultResponse } from './error-answer.ts'
import { RequestError } from './request-error.ts'

const path = '/chat/completions'

/** Asks two targets that fail in these ways; with one the other fails alike. */
function ask(first: Script['fails'], second = first) {
  const targets = [first, second].map((fails, at) => scriptedTarget(`m${at + 1}`, { fails: fails! }))
  return send(createHandler(createRouter({ targets, retry: false, newId: () => 'call-1' })), path, chat('auto'))
}

const failure = (status: number | undefined, message: string, more: object = {}, headers = {}) =>
  new ProviderFailure(status, { message, ...more }, headers)

const refusal = failure(400, "Unknown parameter: 'frequency'.", {
  type: 'invalid_request_error',
  param: 'frequency',
  code: 'unknown_parameter',
})
const down = failure(500, 'secret internals at http://10.0.0.7:8000/v1', { type: 'server_error' })
const wrongKey = failure(401, 'Incorrect API key provided: sk-live-1234567890', { code: 'invalid_api_key' })
const limited = failure(429, 'Rate limit reached', { code: 'rate_limit_exceeded' }, { 'retry-after-ms': '90500' })

test('a refusal of the request is given on in the provider’s own words', async () => {
  const { status, error, headers } = await ask(refusal)
  expect(status).toBe(400)
  expect(error).toEqual({
    message: "Unknown parameter: 'frequency'.",
    type: 'invalid_request_error',
    param: 'frequency',
    code: 'unknown_parameter',
  })
  expect(headers).toMatchObject({
    'x-request-id': 'call-1',
    'x-should-retry': 'false',
    'x-routewise-attempts': '2',
    'x-routewise-cost-usd': '0',
  })
})

test.each([
  ['what the client can mend comes before what passes', refusal, down, 400, 'unknown_parameter', 'false'],
  [
    'a prompt that is too long',
    failure(400, 'maximum context length is 10 tokens', { code: 'context_length_exceeded' }),
    down,
    400,
    'context_length_exceeded',
    'false',
  ],
  ['a filter', failure(400, 'blocked', { code: 'content_filter' }), down, 400, 'content_filter', 'false'],
  ['a rate limit with a time', limited, down, 429, 'rate_limit_exceeded', 'true'],
  ['a rate limit without', failure(429, 'Rate limit reached'), down, 429, 'rate_limit_exceeded', 'false'],
  ['a used-up quota', failure(429, 'no credit', { code: 'insufficient_quota' }), down, 429, 'insufficient_quota', 'false'],
  ['overload', failure(503, 'busy'), down, 503, 'overloaded', 'false'],
  ['a timeout', failure(504, 'too slow'), down, 504, 'timeout', 'false'],
  ['a breakdown', down, down, 502, 'upstream_failed', 'false'],
  ['a key of ours that is wrong', wrongKey, wrongKey, 502, 'upstream_failed', 'false'],
  ['a name of ours that is wrong', failure(404, 'no such model', { code: 'model_not_found' }), down, 502, 'upstream_failed', 'false'],
  [
    'a line that is down',
    failure(undefined, 'connect ECONNREFUSED 10.0.0.7:8000', { code: 'ECONNREFUSED' }),
    down,
    502,
    'upstream_failed',
    'false',
  ],
])('%s', async (_, first, second, status, code, retry) => {
  for (const answer of [await ask(first, second), await ask(second, first)]) {
    expect([answer.status, answer.error['code'], answer.headers['x-should-retry']]).toEqual([status, code, retry])
    expect(answer.text).not.toMatch(/sk-live|10\.0\.0\.7|internals/)
  }
})

test('who is rate limited is told when to come back, by the first that is ready again', async () => {
  const sooner = failure(429, 'Rate limit reached', {}, { 'retry-after': '30' })
  const { headers } = await ask(limited, sooner)
  expect(headers).toMatchObject({ 'retry-after': '30', 'retry-after-ms': '30000', 'x-should-retry': 'true' })
  expect((await ask(limited)).headers).toMatchObject({ 'retry-after': '91', 'retry-after-ms': '90500' })
})

test('a provider’s words lose keys and addresses', async () => {
  const { error } = await ask(
    failure(400, 'Bad key sk-live-1234567890 at http://10.0.0.7:8000/v1, see docs', { type: 'invalid_request_error' }),
  )
  expect(error['message']).toBe('Bad key *** at [address] see docs')
})

test('so do the names that it gives', async () => {
  const { error } = await ask(
    failure(400, 'No.', { param: 'sk-live-1234567890', code: `sk-live-1234567890 ${'x'.repeat(300)}`, type: 'invalid_request_error' }),
  )
  expect(error['param']).toBe('***')
  expect(error['code']).toBe(`*** ${'x'.repeat(196)}`)
})

test.each<[RouterErrorCode, number, string]>([
  ['context_overflow', 400, 'context_length_exceeded'],
  ['unsupported', 400, 'unsupported'],
  ['no_candidates', 503, 'no_candidates'],
  ['over_budget', 429, 'insufficient_quota'],
  ['deadline', 504, 'deadline_exceeded'],
  ['aborted', 499, 'cancelled'],
  ['price_unknown', 500, 'price_unknown'],
  ['invalid_option', 500, 'internal_error'],
  ['all_attempts_failed', 500, 'internal_error'],
])('%s is a %i', (code, status, said) => {
  const answer = errorAnswer(new RouterError(code, 'what to do'), { id: 'call-1' })
  expect([answer.status, answer.error.code]).toEqual([status, said])
  expect(answer.headers).toEqual({ 'x-request-id': 'call-1', 'x-should-retry': 'false' })
})

test('where the client itself has narrowed the choice to nothing, it is the client’s to mend', () => {
  const { status, error } = errorAnswer(new RouterError('no_candidates', 'none is left'), { id: 'call-1', narrowed: true })
  expect([status, error.param, error.message]).toEqual([400, 'model', 'none is left'])
})

test('a call that no target can take says why', async () => {
  const small = scriptedTarget('small', { says: chatBody('hi') }, { card: { contextTokens: 10 } })
  const other = scriptedTarget('other', { says: chatBody('hi') }, { card: { contextTokens: 10 } })
  const handler = createHandler(createRouter({ targets: [small, other] }))
  const { status, error } = await send(handler, path, { model: 'auto', messages: [{ role: 'user', content: 'word '.repeat(1_000) }] })
  expect([status, error['code'], error['param']]).toEqual([400, 'context_length_exceeded', 'messages'])
  expect(error['message']).toContain('small (window:')
})

test('an answer that breaks off ends in an error event, never as if it were whole', async () => {
  const targets = [scriptedTarget('m1', { says: chatEvents('hel', 'lo').slice(0, 2), fails: down })]
  const handler = createHandler(createRouter({ targets, newId: () => 'call-1' }))
  const { status, text } = await send(handler, path, chat('auto', { stream: true }))
  expect(status).toBe(200)
  const end = text.split('\n\n').slice(2)
  expect(end[0]).toMatch(/^: routewise \{.*"attempts":1.*"receipt":"call-1"\}$/)
  expect(end[1]).toBe(
    'data: {"error":{"message":"The answer broke off. m1: server.","type":"server_error","param":null,"code":"stream_interrupted"}}',
  )
  expect(end.slice(2)).toEqual([''])
})

test('of the Responses API, the error is its next event', async () => {
  const delta = 'event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":7,"delta":"hel"}\n\n'
  const targets = [scriptedTarget('m1', { says: [delta, ':\n\n'], fails: down })]
  const { text } = await send(createHandler(createRouter({ targets })), '/responses', { model: 'auto', input: 'hi', stream: true })
  const [, data = ''] = /event: error\ndata: (.*)\n\n$/.exec(text) ?? []
  expect(JSON.parse(data)).toMatchObject({ type: 'error', sequence_number: 8, code: 'stream_interrupted', param: null })
  expect(text).not.toContain('[DONE]')
})

test('a fault of the app’s own warns the process and tells the client nothing, unless it is a refusal', async () => {
  const warned = new Promise(resolve => process.once('warning', resolve))
  const fault = faultResponse(new Error('no database'), 'call-1')
  expect(fault.status).toBe(500)
  expect(fault.body).not.toContain('database')
  expect(await warned).toMatchObject({ message: 'no database' })
  const refused = faultResponse(Object.assign(new Error('You are not a member.'), { status: 403 }), 'call-1')
  expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('You are not a member.')])
})

test('an error of a request has the headers that it asks for', () => {
  const { headers } = errorAnswer(new RequestError('no', { status: 405, headers: { allow: 'GET' } }), { id: 'call-1' })
  expect(headers['allow']).toBe('GET')
})
