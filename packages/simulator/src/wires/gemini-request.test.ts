import type { ModelCard } from '@routewise/core'
import { expect, test } from 'vitest'
import { geminiError } from './gemini-errors.ts'
import { parseGeminiRequest } from './gemini-request.ts'
import { generationOf } from './gemini-rules.ts'
import { createServerStore } from '../store.ts'
import { ProblemError } from '../types.ts'
import type { OperationContext, SimRequest } from '../types.ts'
import { sign } from './signature.ts'

const card = { tokenFactor: 1, capabilities: { reasoning: true, logprobs: 'no' } } as ModelCard
const context = { findModel: (id: string) => ({ ...card, id }), store: createServerStore() } as unknown as OperationContext

function parse(body: object, model = 'gemini-3.8-flash'): SimRequest {
  const request = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }], ...body }
  const headers = { 'x-goog-api-key': 'key' }
  return parseGeminiRequest({ method: 'POST', path: '', query: new URLSearchParams(), headers, body: request }, model, false, context)
}

function refusal(body: object, model?: string): string {
  try {
    parse(body, model)
  } catch (error) {
    if (error instanceof ProblemError) return error.message
    throw error
  }
  throw new Error('the request was taken')
}

const user = (...parts: object[]) => ({ role: 'user', parts })
const model = (...parts: object[]) => ({ role: 'model', parts })
const signed = sign('gemini', 'x')
const call = (name: string, thoughtSignature?: string) => ({
  functionCall: { name, args: {} },
  ...(thoughtSignature === undefined ? {} : { thoughtSignature }),
})
const response = (name: string) => ({ functionResponse: { name, response: { result: 'fine' } } })
const declare = (...declarations: object[]) => ({ tools: [{ functionDeclarations: declarations }] })

test('lays the prompt out as tools, system, contents', () => {
  const request = parse({ ...declare({ name: 'look' }), systemInstruction: { parts: [{ text: 'Be brief.' }] } })
  expect(request.blocks.map(block => [block.section, block.role, block.text])).toEqual([
    ['tools', 'system', '{"name":"look"}'],
    ['system', 'system', 'Be brief.'],
    ['messages', 'user', 'Hello'],
  ])
  expect(request).toMatchObject({ prompt: 'Hello', turn: 'user', promptCache: { mode: 'automatic' } })
})

test('takes names in snake case too', () => {
  const request = parse({
    system_instruction: { parts: { text: 'Be brief.' } },
    generation_config: { max_output_tokens: 9, thinking_config: { include_thoughts: true } },
  })
  expect(request).toMatchObject({ maxOutputTokens: 9, showReasoning: true })
  expect(request.blocks[0]).toMatchObject({ section: 'system', text: 'Be brief.' })
})

test('all responses to one model turn are in one content right after it, as many as there were calls', () => {
  const count =
    'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.'
  const calls = model(call('look', signed), call('hear'))
  expect(parse({ contents: [user({ text: 'Hi' }), calls, user(response('look'), response('hear'))] }).turn).toBe('tool')
  expect(refusal({ contents: [user({ text: 'Hi' }), calls, user(response('look'))] })).toBe(count)
  expect(refusal({ contents: [user({ text: 'Hi' }), calls, user(response('look')), user(response('hear'))] })).toBe(count)
  expect(refusal({ contents: [user({ text: 'Hi' }), user(response('look'))] })).toMatch(
    'function response turn comes immediately after a function call turn',
  )
  expect(refusal({ contents: [calls, user(response('look'), response('hear'))] })).toMatch(
    'function call turn comes immediately after a user turn',
  )
})

test('Gemini 3 takes neither text beside a function response nor a last word of the model', () => {
  const mixed = { contents: [user({ text: 'Hi' }), model(call('look', signed)), user(response('look'), { text: 'And now?' })] }
  const prefill = { contents: [user({ text: 'Hi' }), model({ text: 'Well,' })] }
  for (const body of [mixed, prefill]) {
    expect(refusal(body)).toBe('Requests ending with a model turn are not supported.')
    expect(parse(body, 'gemini-2.5-flash')).toBeDefined()
  }
})

test('Gemini 3 wants the signature of the first call of every step of the current turn', () => {
  const steps = (first?: string, second?: string) => ({
    contents: [
      user({ text: 'Hi' }),
      model(call('look', first)),
      user(response('look')),
      model(call('hear', second)),
      user(response('hear')),
    ],
  })
  expect(parse(steps(signed, signed)).turn).toBe('tool')
  expect(parse(steps('skip_thought_signature_validator', signed)).turn).toBe('tool')
  expect(refusal(steps(signed))).toMatch('Function call is missing a thought_signature in functionCall parts. ')
  expect(refusal(steps(signed))).toMatch('function call `default_api:hear` , position 4.')
  expect(parse(steps(), 'gemini-2.5-flash').turn).toBe('tool')
  // An earlier turn of the user's is not looked at.
  expect(parse({ contents: [...steps().contents, model({ text: 'Done' }), user({ text: 'More' })] }).prompt).toBe('More')
})

test('a signature of another vendor is corrupted', () => {
  for (const signature of [sign('anthropic', 'x'), 'no base64!']) {
    expect(refusal({ contents: [user({ text: 'Hi' }), model(call('look', signature)), user(response('look'))] })).toBe(
      'Corrupted thought signature.',
    )
  }
})

test('reads a Schema as JSON Schema and refuses what is none', () => {
  const schema = (fields: object) => ({
    generationConfig: { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT', ...fields } },
  })
  const properties = { tags: { type: 'ARRAY', items: { type: 'STRING', nullable: true }, maxItems: '3' } }
  expect(parse(schema({ properties, required: ['tags'], propertyOrdering: ['tags'] })).responseSchema).toEqual({
    type: 'object',
    properties: { tags: { type: 'array', items: { type: ['string', 'null'] }, maxItems: 3 } },
    required: ['tags'],
  })
  expect(refusal(schema({ additionalProperties: false }))).toBe(
    'Invalid JSON payload received. Unknown name "additionalProperties" at \'generation_config.response_schema\': Cannot find field.',
  )
  expect(refusal(schema({ properties: { tag: { type: 'STRING', enum: [''] } } }))).toMatch(
    'response_schema.properties[tag].enum[0]: cannot be empty',
  )
})

test('calling modes become tool choices', () => {
  const tools = declare(
    { name: 'look', parameters: { type: 'OBJECT', properties: {} } },
    { name: 'hear', parametersJsonSchema: { type: 'object' } },
  )
  const choice = (functionCallingConfig: object) => parse({ ...tools, toolConfig: { functionCallingConfig } })
  expect(choice({ mode: 'ANY' })).toMatchObject({ toolChoice: { type: 'required' }, tools: [{ name: 'look' }, { name: 'hear' }] })
  expect(choice({ mode: 'ANY', allowedFunctionNames: ['hear'] })).toMatchObject({ toolChoice: { type: 'tool', name: 'hear' } })
  expect(choice({ mode: 'NONE' }).toolChoice).toEqual({ type: 'none' })
  expect(parse(tools).toolChoice).toEqual({ type: 'auto' })
  expect(() => choice({ mode: 'AUTO', allowedFunctionNames: ['hear'] })).toThrow('only be set when mode is ANY')
})

test.each([
  [{ contents: [] }, undefined, 'contents is not specified'],
  [{ contents: [{ role: 'assistant', parts: [{ text: 'Hi' }] }] }, undefined, 'Please use a valid role: user, model.'],
  [{ messages: [] }, undefined, 'Invalid JSON payload received. Unknown name "messages": Cannot find field.'],
  [{ generationConfig: { maxTokens: 1 } }, undefined, 'Unknown name "maxTokens" at \'generation_config\': Cannot find field.'],
  [declare({ name: 'a b' }), undefined, 'Invalid function name.'],
  [declare({ name: 'look' }, { name: 'look' }), undefined, 'Duplicate function declaration found: look'],
  [
    { generationConfig: { thinkingConfig: { thinkingBudget: 1, thinkingLevel: 'LOW' } } },
    undefined,
    'only one of thinking budget and thinking level',
  ],
  [{ generationConfig: { thinkingConfig: { thinkingBudget: 0 } } }, 'gemini-2.5-pro', 'This model only works in thinking mode.'],
  [
    { ...declare({ name: 'look' }), generationConfig: { responseMimeType: 'application/json' } },
    'gemini-2.5-flash',
    'Function calling with a response mime type',
  ],
  [{ generationConfig: { responseLogprobs: true } }, undefined, 'Logprobs is not supported for the current model.'],
  [{ cachedContent: 'cachedContents/1' }, undefined, 'CachedContent not found'],
])('refuses %j on %s', (body, id, message) => {
  expect(refusal(body, id)).toMatch(message)
})

test('images cost a fixed count from Gemini 3 on', () => {
  const image = { contents: [user({ inlineData: { mimeType: 'image/png', data: 'AAAA' } })] }
  expect(parse(image).blocks[0]).toMatchObject({ text: '', extraTokens: 1089 + 2 })
  expect(parse(image, 'gemini-2.5-flash').blocks[0]).toMatchObject({ extraTokens: 258 + 2 })
})

test('errors carry code, status and details of the API', () => {
  expect(geminiError({ kind: 'rate-limit', retryAfterMs: 46_000, model: 'gemini-3.8-flash' })).toMatchObject({
    status: 429,
    body: {
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: expect.stringMatching(/Please retry in 46s\.$/),
        details: [
          { '@type': 'type.googleapis.com/google.rpc.QuotaFailure' },
          {},
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '46s' },
        ],
      },
    },
  })
  expect(geminiError({ kind: 'quota' }).body).toMatchObject({ error: { message: expect.stringMatching(/limit: 0$/) } })
  expect(geminiError({ kind: 'overloaded' })).toMatchObject({
    status: 503,
    body: { error: { status: 'UNAVAILABLE', message: 'The model is overloaded. Please try again later.' } },
  })
  expect(geminiError({ kind: 'auth' })).toMatchObject({ status: 400, body: { error: { details: [{ reason: 'API_KEY_INVALID' }, {}] } } })
  expect(geminiError({ kind: 'context-overflow', inputTokens: 12, limitTokens: 10 }).body).toMatchObject({
    error: { message: 'The input token count (12) exceeds the maximum number of tokens allowed (10).' },
  })
})

test('reads the generation of a model from its id', () => {
  expect(['gemini-2.5-flash', 'gemini-3.1-pro-preview', 'gemini-4-pro', 'learnlm'].map(generationOf)).toEqual([2.5, 3.1, 4, 3])
})
