import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { FinishReason, Json, Reading, Usage } from '@routewise/core'
import { annotationOf, imageOf } from './attachments.ts'
import { secondsOf, type AnswerFacts } from './completion.ts'
import { createDetailCollector } from './details.ts'
import { chatLogprobs } from './logprobs.ts'
import { chatFinishReason, chatUsage, tierOf } from './usage.ts'

export interface EventOptions extends AnswerFacts {
  /** The caller wants the usage, in an event of its own. */
  includeUsage: boolean
}

/** Writes the parts of one stream as events of OpenAI's chat completions. */
export interface EventWriter {
  /** Events of a part; the empty text for one that has nothing to say there. */
  write(part: LanguageModelV4StreamPart | undefined, reading: Reading): string
  /** The end of a stream whose model has not told of one. */
  end(): string
}

interface OpenThought {
  text: string
  metadata: SharedV4ProviderMetadata | undefined
}

interface OpenCall {
  /** `undefined`: the provider runs it by itself. */
  index: number | undefined
  hasInput: boolean
}

export function createEventWriter({ includeUsage, logprobs, ...facts }: EventOptions): EventWriter {
  let head: string | undefined
  let hasEnded = false
  let textLength = 0
  let usage: Partial<Usage> | undefined
  let textMetadata: SharedV4ProviderMetadata | undefined
  const thoughts = new Map<string, OpenThought>()
  const calls = new Map<string, OpenCall>()
  let nextCall = 0
  const annotations: Json[] = []
  const collector = createDetailCollector()

  /** Every event begins with what is true of the answer, and the first one names who speaks. */
  function event(delta: Json, finish: string | null = null, sure: Json | null = null): string {
    const first = head === undefined
    head ??= `data: {"id":${JSON.stringify(facts.id)},"object":"chat.completion.chunk","created":${facts.created},"model":${JSON.stringify(facts.model)},"choices":[{"index":0,"delta":`
    const begun = first ? `${head}{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}\n\n` : ''
    return `${begun}${head}${JSON.stringify(delta)},"logprobs":${JSON.stringify(sure)},"finish_reason":${JSON.stringify(finish)}}]}\n\n`
  }

  const callDelta = (index: number, call: Json): string => event({ tool_calls: [{ index, ...call }] })

  function begin(id: string, name: string, input: string, providerExecuted: boolean | undefined): string {
    const index = providerExecuted === true ? undefined : nextCall++
    calls.set(id, { index, hasInput: input !== '' })
    return index === undefined ? '' : callDelta(index, { id, type: 'function', function: { name, arguments: input } })
  }

  function think(id: string, text: string, metadata: SharedV4ProviderMetadata | undefined): void {
    const open = thoughts.get(id)
    if (open === undefined) thoughts.set(id, { text, metadata })
    else {
      open.text += text
      if (metadata !== undefined) open.metadata = { ...open.metadata, ...metadata }
    }
  }

  /** What a thought must come back with is told once and whole, so that clients need not join its pieces. */
  function finish(reason: string, metadata?: SharedV4ProviderMetadata): string {
    hasEnded = true
    for (const { text, metadata: own } of thoughts.values()) collector.addThought(text, own)
    collector.addText(textMetadata)
    const details = collector.details()
    const last: Record<string, unknown> = {}
    if (details !== undefined) last['reasoning_details'] = details
    if (annotations.length > 0) last['annotations'] = annotations
    const sure = logprobs ? chatLogprobs(metadata) : null
    const before = Object.keys(last).length === 0 && sure === null ? '' : event(last, null, sure)
    return `${before}${event({}, reason)}${includeUsage && usage !== undefined ? usageEvent(usage) : ''}`
  }

  function usageEvent(told: Partial<Usage>): string {
    const { id, created, model } = facts
    return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, choices: [], usage: chatUsage(told), ...tierOf(told) })}\n\n`
  }

  function contentOf(part: LanguageModelV4StreamPart): string {
    switch (part.type) {
      case 'text-start':
      case 'text-end':
        textMetadata = part.providerMetadata ?? textMetadata
        return ''
      case 'text-delta':
        textMetadata = part.providerMetadata ?? textMetadata
        textLength += part.delta.length
        return part.delta === '' ? '' : event({ content: part.delta })
      case 'reasoning-start':
      case 'reasoning-end':
        think(part.id, '', part.providerMetadata)
        return ''
      case 'reasoning-delta':
        think(part.id, part.delta, part.providerMetadata)
        return part.delta === '' ? '' : event({ reasoning_content: part.delta })
      case 'tool-input-start':
        return begin(part.id, part.toolName, '', part.providerExecuted)
      case 'tool-input-delta': {
        const call = calls.get(part.id)
        if (call?.index === undefined || part.delta === '') return ''
        call.hasInput = true
        return callDelta(call.index, { function: { arguments: part.delta } })
      }
      case 'tool-call': {
        const { toolCallId: id, toolName, input, providerExecuted, providerMetadata } = part
        if (providerExecuted !== true) collector.addCall(id, providerMetadata)
        const call = calls.get(id)
        if (call === undefined) return begin(id, toolName, input, providerExecuted)
        if (call.index === undefined || call.hasInput) return ''
        call.hasInput = true
        return callDelta(call.index, { function: { arguments: input } })
      }
      case 'source':
        annotations.push(...annotationOf(part, textLength))
        return ''
      case 'file': {
        const images = imageOf(part)
        return images.length === 0 ? '' : event({ images })
      }
      case 'response-metadata':
        if (head === undefined) noteFacts(part)
        return ''
      default:
        return ''
    }
  }

  function noteFacts({ id, modelId, timestamp }: Extract<LanguageModelV4StreamPart, { type: 'response-metadata' }>): void {
    if (id !== undefined) facts.id = id
    if (modelId !== undefined) facts.model = modelId
    if (timestamp !== undefined) facts.created = secondsOf(timestamp)
  }

  const reasonFor = (told: FinishReason): string => chatFinishReason(told, nextCall > 0)

  return {
    write(part, reading) {
      if (reading.usage !== undefined) usage = { ...usage, ...reading.usage }
      if (reading.finish !== undefined) {
        if (hasEnded) return ''
        return finish(reasonFor(reading.finish), part?.type === 'finish' ? part.providerMetadata : undefined)
      }
      return part === undefined ? '' : contentOf(part)
    },
    end: () => (hasEnded ? '' : finish(reasonFor('other'))),
  }
}
