import type { LanguageModelV4 } from '@ai-sdk/provider'
import { generateText, streamText, type Telemetry } from 'ai'
import { mockId } from 'ai/test'
import { plain } from './plain.ts'
import type { Settings } from './scripted-model.ts'

const promises = [
  'content',
  'text',
  'reasoning',
  'reasoningText',
  'files',
  'sources',
  'toolCalls',
  'staticToolCalls',
  'dynamicToolCalls',
  'toolResults',
  'finishReason',
  'rawFinishReason',
  'usage',
  'totalUsage',
  'warnings',
  'steps',
  'finalStep',
  'request',
  'response',
  'responseMessages',
  'providerMetadata',
  'output',
] as const

const moments = [
  'onStart',
  'onStepStart',
  'onLanguageModelCallStart',
  'onLanguageModelCallEnd',
  'onToolExecutionStart',
  'onToolExecutionEnd',
  'onStepEnd',
  'onStepError',
  'onEnd',
  'onAbort',
  'onError',
] as const

/** Writes down what every callback is told, call by call. How they take turns is a matter of microtasks, and not written down. */
function recorder() {
  const events: Record<string, unknown[]> = {}
  const note = (name: string) => (event: unknown) => void (events[name] ??= []).push(plain(event))
  // Of an error chunk the SDK tells before the chunks that came before it.
  const noteChunk = (event: { chunk: { type: string } }) => note(event.chunk.type === 'error' ? 'onChunk of errors' : 'onChunk')(event)
  const telemetry: Telemetry = Object.fromEntries(moments.map(name => [name, note(`telemetry.${name}`)]))
  return { events, note, noteChunk, telemetry: { integrations: telemetry } }
}

/** Ids and times as they would differ from call to call. */
const internal = () => ({ generateId: mockId({ prefix: 'id' }), generateCallId: () => 'call', now: () => 0 })

async function outcome(read: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    return await read()
  } catch (error) {
    return { threw: error }
  }
}

/** All that the caller of `streamText` can see: the stream, every promise of the result, every callback, in order. */
export async function observeStream(model: LanguageModelV4, settings: Settings = {}): Promise<unknown> {
  const { events, note, noteChunk, telemetry } = recorder()
  const result = streamText({
    model,
    prompt: 'Hello?',
    include: { requestBody: true, requestMessages: true },
    onStart: note('onStart'),
    onChunk: noteChunk,
    onError: note('onError'),
    onStepEnd: note('onStepEnd'),
    onEnd: note('onEnd'),
    onAbort: note('onAbort'),
    telemetry,
    _internal: internal(),
    ...settings,
  })
  const parts: unknown[] = []
  const end = await outcome(async () => {
    for await (const part of result.stream) parts.push(plain(part))
  })
  const entries = await Promise.all(promises.map(async name => [name, await outcome(() => result[name])]))
  return plain({ parts, end, ...Object.fromEntries(entries), events })
}

/** All that the caller of `generateText` can see. */
export async function observeGenerate(model: LanguageModelV4, settings: Settings = {}): Promise<unknown> {
  const { events, note, telemetry } = recorder()
  const end = await outcome(async () => {
    const result = await generateText({
      model,
      prompt: 'Hello?',
      include: { requestBody: true, requestMessages: true, responseBody: true },
      onStepEnd: note('onStepEnd'),
      onEnd: note('onEnd'),
      telemetry,
      _internal: internal(),
      ...settings,
    })
    const given = promises.filter(name => name !== 'output').map(name => [name, result[name]])
    return { ...Object.fromEntries(given), output: await outcome(async () => result.output) }
  })
  return plain({ end, events })
}
