import { APICallError } from '@ai-sdk/provider'
import { finish, hello, metadata, once, type Part, start, type StreamScenario } from './scripted-model.ts'

const fault = () => new Error('the model has failed')
const told = (error: unknown): Part => ({ type: 'error', error })
const thrown = (error: () => unknown): StreamScenario => ({ turns: () => [{ throws: error() }], settings: { maxRetries: 0 } })
const broken = (...parts: readonly Part[]): StreamScenario => ({ turns: () => [{ parts, breaks: { error: fault() } }] })
const refused = () =>
  new APICallError({ message: 'Bad request', url: 'https://models.example', requestBodyValues: {}, statusCode: 400, isRetryable: false })

/** Streams that no model should give, and some do. */
export const faultyStreams: Readonly<Record<string, StreamScenario>> = {
  'no end': once(start, metadata, ...hello),
  'no end, in the middle of a block': once(start, ...hello.slice(0, 2)),
  'no end and no content': once(start, metadata),
  'nothing at all': once(),
  'a delta without a start': once(start, { type: 'text-delta', id: '9', delta: 'Hi' }, finish('stop')),
  'an end of a block without a start': once(start, { type: 'text-end', id: '9' }, ...hello, finish('stop')),
  'a thought without a start': once({ type: 'reasoning-delta', id: '__proto__', delta: 'Hm' }, ...hello, finish('stop')),
  'a block that never ends': once({ type: 'text-start', id: '1' }, { type: 'text-delta', id: '1', delta: 'Hi' }, finish('stop')),

  'a model that throws': thrown(fault),
  'a model that throws a word': thrown(() => 'out of order'),
  'a model that throws an object': thrown(() => ({ code: 7, message: 'odd' })),
  'a model that refuses the request': thrown(refused),
  'a model that says it was aborted': thrown(() => new DOMException('Stopped.', 'AbortError')),
  'an error that is told first': once(told(fault())),
  'an error that is told after the start': once(start, metadata, told(fault())),
  'an error that is told first, and an end': once(start, told(fault()), finish('error')),
  'an error that is told first, and then an answer': once(start, told(fault()), ...hello, finish('stop')),
  'an error in the middle, and nothing else': once(start, metadata, ...hello.slice(0, 2), told(fault())),
  'an error in the middle, and an end': once(start, metadata, ...hello.slice(0, 2), told(fault()), finish('error')),
  'an error in the middle, and the rest': once(start, ...hello.slice(0, 2), told(fault()), ...hello.slice(2), finish('stop')),
  'an error after the text': once(start, ...hello, told(fault()), finish('error')),
  'an error after the end': once(start, ...hello, finish('stop'), told(fault())),
  'several errors': once(
    start,
    ...hello.slice(0, 2),
    told('one'),
    told({ message: 'two', type: 'overloaded_error' }),
    told(fault()),
    finish('error'),
  ),
  'several errors and no text': once(start, told('one'), told('two'), finish('error', 'x')),
  'a word for an error': once(told('out of order')),
  'an error that is undefined': once(told(undefined)),
  'an event of a provider for an error': once(
    ...hello,
    told({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    finish('error'),
  ),
  'an error of a request, told': once(start, told(refused()), finish('error')),
  'a stream that breaks at once': broken(),
  'a stream that breaks after its metadata': broken(start, metadata),
  'a stream that breaks in the middle': broken(start, metadata, ...hello.slice(0, 2)),
  'a stream that breaks after the text': broken(start, ...hello),
  'an error that is told before the stream breaks': broken(start, ...hello, told('told')),

  'an error that the SDK is to retry': {
    turns: () => [{ parts: [start, ...hello.slice(0, 2), told(fault())] }, { parts: [start, ...hello, finish('stop')] }],
    settings: { streamRetries: 1 },
  },
  'an error that the SDK is to retry, with nothing said': {
    turns: () => [{ parts: [start, told(fault()), finish('error')] }, { parts: [start, ...hello, finish('stop')] }],
    settings: { streamRetries: 2 },
  },
  'an error that `onError` wants to be retried': {
    turns: () => [{ parts: [start, ...hello.slice(0, 2), told(fault())] }, { parts: [start, ...hello, finish('stop')] }],
    settings: { streamRetries: 0, onError: () => ({ retry: true }) },
  },
}
