import { readUsage, responsesFinish, type Reading, type ToolCallPart } from '@routewise/core'
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider'
import type { Family } from '../family.ts'
import { finishOf } from './finish.ts'
import { logprobsOf } from './logprobs.ts'
import { requestedTierOf, usageOf } from './usage.ts'

type FinishPart = Extract<LanguageModelV4StreamPart, { type: 'finish' }>

// Readings are made for each part of a stream: fields are set where there is something to say, without objects in between.

/** What a whole answer says. */
export function readResult(result: LanguageModelV4GenerateResult, family: Family | undefined): Reading {
  const { finishReason, usage, providerMetadata, response } = result
  // A body that could be parsed is whole, whether or not it names a reason.
  const finish = bodyFinish(response?.body, family) ?? finishOf(finishReason, family) ?? 'other'
  // One that was refused, or filtered, is not passed on before its end is looked at: another model may have to answer.
  const reading: Reading = { meaningful: finish !== 'refusal' && finish !== 'content-filter', finish }
  readContent(reading, result)
  const billed = usageOf(usage, providerMetadata, { body: response?.body })
  if (billed !== undefined) reading.usage = billed
  const model = response?.modelId ?? fieldOf(response?.body, 'modelVersion')
  if (typeof model === 'string') reading.model = model
  noteLogprobs(reading, providerMetadata)
  return reading
}

function readContent(reading: Reading, { content, structuredOutputText }: LanguageModelV4GenerateResult): void {
  let chars = 0
  let text = ''
  const calls: ToolCallPart[] = []
  for (const part of content) {
    if (part.type === 'text') text += part.text
    else if (part.type === 'reasoning') chars += part.text.length
    else if (part.type === 'tool-call') {
      chars += part.toolName.length + part.input.length
      if (part.providerExecuted !== true) calls.push({ index: calls.length, name: part.toolName, arguments: part.input })
    }
  }
  reading.contentChars = chars + text.length
  // Drafts before a structured answer are not the answer.
  const answer = structuredOutputText ?? text
  if (answer !== '') reading.text = answer
  if (calls.length > 0) reading.toolCalls = calls
}

/** xAI's package passes on a status alone, which does not say why an answer is incomplete, nor that it is a refusal. */
const bodyFinish = (body: unknown, family: Family | undefined) =>
  family === 'xai' && fieldOf(body, 'object') === 'response' ? responsesFinish(body as Readonly<Record<string, unknown>>) : undefined

/** Reads the parts of one stream. An `error` part is the target's. */
export function createPartReader(
  family: Family | undefined,
  call: Pick<LanguageModelV4CallOptions, 'providerOptions'> = {},
): (part: LanguageModelV4StreamPart) => Reading {
  const calls = createCallNumbering()
  const requestedTier = family === 'openai' ? requestedTierOf(call.providerOptions) : undefined
  return part => {
    switch (part.type) {
      case 'text-delta':
        if (part.delta === '') return { meaningful: false }
        return { meaningful: true, contentChars: part.delta.length, text: part.delta }
      case 'reasoning-delta':
        if (part.delta === '') return { meaningful: false }
        return { meaningful: true, contentChars: part.delta.length }
      case 'tool-input-start':
        return callReading(calls.start(part.id, part.toolName, part.providerExecuted === true), part.toolName.length)
      case 'tool-input-delta':
        if (part.delta === '') return { meaningful: false }
        return callReading(calls.input(part.id, part.delta), part.delta.length)
      case 'tool-call': {
        const call = calls.whole(part.toolCallId, part.toolName, part.input, part.providerExecuted === true)
        return callReading(call, (call?.name?.length ?? 0) + (call?.arguments?.length ?? 0))
      }
      case 'custom':
        return part.kind === 'anthropic.message_start' ? readMessageStart(part.providerMetadata) : { meaningful: true }
      case 'file':
      case 'reasoning-file':
      case 'source':
      case 'tool-result':
      case 'tool-approval-request':
        return { meaningful: true }
      case 'response-metadata':
        return part.modelId === undefined ? { meaningful: false } : { meaningful: false, model: part.modelId }
      case 'finish':
        return readFinish(part, family, requestedTier)
      default:
        return { meaningful: false }
    }
  }
}

function readFinish(part: FinishPart, family: Family | undefined, requestedTier: string | undefined): Reading {
  const reading: Reading = { meaningful: false }
  const finish = finishOf(part.finishReason, family)
  if (finish !== undefined) reading.finish = finish
  const usage = usageOf(part.usage, part.providerMetadata, { requestedTier })
  if (usage !== undefined) reading.usage = usage
  noteLogprobs(reading, part.providerMetadata)
  return reading
}

/** What Anthropic has read of the prompt, and from its cache, is told before the first token. */
function readMessageStart(metadata: SharedV4ProviderMetadata | undefined): Reading {
  const usage = readUsage(metadata?.['anthropic']?.['usage'])
  return usage === undefined ? { meaningful: false } : { meaningful: false, usage }
}

function callReading(call: ToolCallPart | undefined, chars: number): Reading {
  const reading: Reading = { meaningful: true }
  if (chars > 0) reading.contentChars = chars
  if (call !== undefined) reading.toolCalls = [call]
  return reading
}

function noteLogprobs(reading: Reading, metadata: SharedV4ProviderMetadata | undefined): void {
  const logprobs = logprobsOf(metadata)
  if (logprobs !== undefined) reading.logprobs = logprobs
}

interface OpenCall {
  /** `undefined`: the provider runs it by itself, so that it is no call of the caller's tools. */
  index: number | undefined
  hasInput: boolean
}

/** Numbers the tool calls of one stream by their ids. A call's input comes in deltas, or whole at its end, or both ways: then once. */
function createCallNumbering() {
  const open = new Map<string, OpenCall>()
  let next = 0
  const begin = (id: string, providerExecuted: boolean): OpenCall => {
    const call: OpenCall = { index: providerExecuted ? undefined : next++, hasInput: false }
    open.set(id, call)
    return call
  }
  return {
    start(id: string, name: string, providerExecuted: boolean): ToolCallPart | undefined {
      const { index } = begin(id, providerExecuted)
      return index === undefined ? undefined : { index, name }
    },
    input(id: string, delta: string): ToolCallPart | undefined {
      const call = open.get(id)
      if (call?.index === undefined) return undefined
      call.hasInput = true
      return { index: call.index, arguments: delta }
    },
    whole(id: string, name: string, input: string, providerExecuted: boolean): ToolCallPart | undefined {
      const started = open.get(id)
      if (started?.hasInput === true) return undefined
      const { index } = started ?? begin(id, providerExecuted)
      if (index === undefined) return undefined
      return started === undefined ? { index, name, arguments: input } : { index, arguments: input }
    },
  }
}

const fieldOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[name] : undefined
