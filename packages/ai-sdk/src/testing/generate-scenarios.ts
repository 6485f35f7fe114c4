import { APICallError, type LanguageModelV4Content, type LanguageModelV4GenerateResult } from '@ai-sdk/provider'
import { isStepCount, Output } from 'ai'
import * as z from 'zod'
import { type Generated, type Settings, tools, usage } from './scripted-model.ts'

export interface GenerateScenario {
  turns: () => readonly Generated[]
  settings?: Settings
}

const said = (text: string): LanguageModelV4Content => ({ type: 'text', text })
const called = (toolCallId: string, input = '{"city":"Oslo"}', toolName = 'look'): LanguageModelV4Content => ({
  type: 'tool-call',
  toolCallId,
  toolName,
  input,
})
const answer = (content: LanguageModelV4Content[], more: Partial<LanguageModelV4GenerateResult> = {}): LanguageModelV4GenerateResult => ({
  content,
  finishReason: { unified: 'stop', raw: 'stop' },
  usage,
  warnings: [],
  ...more,
})
const once = (content: LanguageModelV4Content[], more?: Partial<LanguageModelV4GenerateResult>): GenerateScenario => ({
  turns: () => [answer(content, more)],
})
const thrown = (error: () => unknown): GenerateScenario => ({ turns: () => [{ throws: error() }], settings: { maxRetries: 0 } })

const calling = { finishReason: { unified: 'tool-calls', raw: undefined } } as const
const inSteps = (...steps: readonly LanguageModelV4Content[][]): GenerateScenario => ({
  turns: () => steps.map((content, at) => answer(content, at < steps.length - 1 ? calling : {})),
  settings: { tools, stopWhen: isStepCount(4) },
})
const city = z.object({ city: z.string() })

/** What a model of unknown make may answer. */
export const generateScenarios: Readonly<Record<string, GenerateScenario>> = {
  'a plain answer': once([said('Hello')]),
  'everything about the response': once([said('Hello')], {
    request: { body: '{"a":1}' },
    response: { id: 'r1', timestamp: new Date(9_000), modelId: 'mock-model-id', headers: { 'x-request-id': 'x' }, body: '{"b":2}' },
    warnings: [{ type: 'unsupported', feature: 'seed', details: 'none' }],
    providerMetadata: { mock: { a: 1 } },
  }),
  'another model’s name': once([said('Hello')], { response: { modelId: 'mock-model-2026' } }),
  nothing: once([]),
  'an empty text': once([said('')]),
  'two texts': once([said('one'), said('two')]),
  'provider metadata of a part': once([{ ...said('Hello'), providerMetadata: { mock: { part: 1 } } }]),
  thoughts: once([{ type: 'reasoning', text: 'Hm.', providerMetadata: { mock: { signature: 's' } } }, said('Hello')]),
  'files and sources': once([
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'SGk=' } },
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2]) } },
    { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com' },
    said('Hello'),
  ]),
  'a custom part': once([{ type: 'custom', kind: 'mock.compaction' }, said('Hello')]),
  'a structured answer beside drafts': once([said('a draft '), said('{"city":"Oslo"}')], { structuredOutputText: '{"city":"Oslo"}' }),
  'an end for every reason: length': once([said('Hel')], { finishReason: { unified: 'length', raw: 'max' } }),
  'an end for every reason: content-filter': once([said('Hel')], { finishReason: { unified: 'content-filter', raw: 'blocked' } }),
  'an end for every reason: error': once([said('Hel')], { finishReason: { unified: 'error', raw: 'broken' } }),
  'an end for every reason: interrupted': once([said('Hel')], { finishReason: { unified: 'interrupted', raw: undefined } }),
  'an end for every reason: other': once([said('Hel')], { finishReason: { unified: 'other', raw: undefined } }),
  'an error as the end of nothing': once([], { finishReason: { unified: 'error', raw: undefined } }),
  'a model that throws': thrown(() => new Error('the model has failed')),
  'a model that throws a word': thrown(() => 'out of order'),
  'a model that throws an error with a cause': thrown(() => new TypeError('odd', { cause: new Error('deep') })),
  'a model that refuses the request': thrown(
    () =>
      new APICallError({
        message: 'Bad request',
        url: 'https://models.example',
        requestBodyValues: { a: 1 },
        statusCode: 400,
        responseHeaders: { 'x-request-id': 'x' },
        responseBody: '{"error":{"message":"Bad request"}}',
      }),
  ),
  'a model that says it was aborted': thrown(() => new DOMException('Stopped.', 'AbortError')),

  'a tool call': inSteps([called('c1')], [said('Done')]),
  'two tool calls and text': inSteps([said('Let me see.'), called('c1'), called('c2', '{"city":"Bergen"}')], [said('Done')]),
  'a tool call that is no JSON': inSteps([called('c1', '{"city":')], [said('Done')]),
  'a tool call of another shape': inSteps([called('c1', '{"town":1}')], [said('Done')]),
  'a tool that nobody offered': inSteps([called('c1', '{}', 'unknown')], [said('Done')]),
  'a tool that fails': inSteps([called('c1', '{}', 'fail')], [said('Done')]),
  'a tool that the caller runs': inSteps([called('c1', '{"city":"Oslo"}', 'ask')], [said('never')]),
  'a tool that the provider runs': inSteps([
    { ...called('c1'), providerExecuted: true } as LanguageModelV4Content,
    { type: 'tool-result', toolCallId: 'c1', toolName: 'look', result: 'sunny' },
    said('Done'),
  ]),
  'an approval that is asked for': inSteps([
    { ...called('c1'), providerExecuted: true } as LanguageModelV4Content,
    { type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c1' },
  ]),
  'an error in the second step': {
    turns: () => [answer([called('c1')], calling), { throws: new Error('the model has failed') }],
    settings: { tools, stopWhen: isStepCount(3), maxRetries: 0 },
  },
  'a tool call against the choice': { ...once([called('c1')], calling), settings: { tools, toolChoice: 'none' } },
  'no tool call against the choice': { ...once([said('Hello')]), settings: { tools, toolChoice: { type: 'tool', toolName: 'look' } } },

  'an object': { ...once([said('{"city":"Oslo"}')]), settings: { output: Output.object({ schema: city }) } },
  'an object of another shape': { ...once([said('{"town":1}')]), settings: { output: Output.object({ schema: city }) } },
  'an object that is no JSON': { ...once([said('Oslo')]), settings: { output: Output.object({ schema: city, name: 'place' }) } },
  'a list': { ...once([said('{"elements":[{"city":"Oslo"}]}')]), settings: { output: Output.array({ element: city }) } },
  'a choice': { ...once([said('{"result":"sun"}')]), settings: { output: Output.choice({ options: ['sun', 'rain'] }) } },
  'any JSON': { ...once([said('[1,2]')]), settings: { output: Output.json() } },

  'every setting': {
    ...once([said('Hello')]),
    settings: {
      maxOutputTokens: 50,
      temperature: 0.2,
      topP: 0.9,
      topK: 3,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      stopSequences: ['END'],
      seed: 7,
      reasoning: 'low',
      headers: { 'x-own': '1' },
      providerOptions: { mock: { a: { b: [1] } } },
      instructions: 'Be brief.',
    },
  },
  'pictures and files in the prompt': {
    ...once([said('Hello')]),
    settings: {
      prompt: undefined,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', image: new Uint8Array([137, 80, 78, 71]) },
            { type: 'file', data: 'SGk=', mediaType: 'application/pdf', filename: 'a.pdf' },
          ],
          providerOptions: { mock: { cache: true } },
        },
      ],
    },
  },
}
