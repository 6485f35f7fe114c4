import { isStepCount, Output } from 'ai'
import * as z from 'zod'
import { finish, hello, metadata, once, type Part, start, type StreamScenario, text, tools } from './scripted-model.ts'

const call = (toolCallId: string, input = '{"city":"Oslo"}', toolName = 'look'): Part => ({
  type: 'tool-call',
  toolCallId,
  toolName,
  input,
})
const pieces = (id: string, ...deltas: readonly string[]): Part[] => [
  { type: 'tool-input-start', id, toolName: 'look' },
  ...deltas.map((delta): Part => ({ type: 'tool-input-delta', id, delta })),
  { type: 'tool-input-end', id },
]
const inSteps = (...steps: readonly (readonly Part[])[]): StreamScenario => ({
  turns: () => steps.map(parts => ({ parts })),
  settings: { tools, stopWhen: isStepCount(4) },
})
const fault = () => new Error('the model has failed')
const city = z.object({ city: z.string() })

/** Streams with tool calls, step after step, and with structured output. */
export const stepwiseStreams: Readonly<Record<string, StreamScenario>> = {
  'a tool call': inSteps([start, call('c1'), finish('tool-calls')], [start, ...hello, finish('stop')]),
  'a tool call in pieces': inSteps([...pieces('c1', '{"ci', 'ty":"Oslo"}'), call('c1'), finish('tool-calls')], [...hello, finish('stop')]),
  'pieces of a tool call and no call': inSteps([...pieces('c1', '{"city":"Os'), finish('length')]),
  'a tool call after text': inSteps(
    [...hello, call('c1'), call('c2', '{"city":"Bergen"}'), finish('tool-calls')],
    [...hello, finish('stop')],
  ),
  'a tool call with the wrong end': inSteps([call('c1'), finish('stop')], [...hello, finish('stop')]),
  'a tool call that is no JSON': inSteps([call('c1', '{"city":'), finish('tool-calls')], [...hello, finish('stop')]),
  'a tool call of another shape': inSteps([call('c1', '{"town":"Oslo"}'), finish('tool-calls')], [...hello, finish('stop')]),
  'a tool that nobody offered': inSteps([call('c1', '{}', 'unknown'), finish('tool-calls')], [...hello, finish('stop')]),
  'a tool that the caller runs': inSteps([call('c1', '{"city":"Oslo"}', 'ask'), finish('tool-calls')]),
  'a tool that the provider runs': inSteps([
    { ...call('c1'), providerExecuted: true } as Part,
    { type: 'tool-result', toolCallId: 'c1', toolName: 'look', result: 'sunny' },
    ...hello,
    finish('stop'),
  ]),
  'a tool that fails at the provider': inSteps([
    { ...call('c1'), providerExecuted: true } as Part,
    { type: 'tool-result', toolCallId: 'c1', toolName: 'look', result: 'no', isError: true },
    ...hello,
    finish('stop'),
  ]),
  'a result without a call': inSteps([
    { type: 'tool-result', toolCallId: 'c9', toolName: 'look', result: 'sunny' },
    ...hello,
    finish('stop'),
  ]),
  'an approval that is asked for': inSteps([
    { ...call('c1'), providerExecuted: true } as Part,
    { type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c1' },
    finish('stop'),
  ]),
  'an approval of no call': inSteps([{ type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c9' }, finish('stop')]),
  'an error in the second step': {
    turns: () => [{ parts: [call('c1'), finish('tool-calls')] }, { throws: fault() }],
    settings: { tools, stopWhen: isStepCount(3), maxRetries: 0 },
  },
  'no end in the second step': inSteps([call('c1'), finish('tool-calls')], [start, metadata]),
  'a tool call, then an error, told': inSteps([call('c1'), { type: 'error', error: fault() }, finish('error')]),
  'a tool call against the choice': { ...once(call('c1'), finish('tool-calls')), settings: { tools, toolChoice: 'none' } },
  'no tool call against the choice': { ...once(...hello, finish('stop')), settings: { tools, toolChoice: 'required' } },

  'an object': {
    ...once(...text('1', '{"city":', '"Oslo"}'), finish('stop')),
    settings: { output: Output.object({ schema: city }) },
  },
  'an object of another shape': {
    ...once(...text('1', '{"town":1}'), finish('stop')),
    settings: { output: Output.object({ schema: city }) },
  },
  'an object that is cut': {
    ...once(...text('1', '{"city":'), finish('length')),
    settings: { output: Output.object({ schema: city }) },
  },
  'a list': {
    ...once(...text('1', '{"elements":["a",', '"b"]}'), finish('stop')),
    settings: { output: Output.array({ element: z.string() }) },
  },
  'a choice': {
    ...once(...text('1', '{"result":"', 'sun"}'), finish('stop')),
    settings: { output: Output.choice({ options: ['sun', 'rain'] }) },
  },
}
