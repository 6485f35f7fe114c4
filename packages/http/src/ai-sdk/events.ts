import type { LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { FinishReason, Json, Reading, Usage } from '@routewise/core'
import { annotationOf, imageOf } from './attachments.ts'
import { secondsOf, type AnswerFacts } from './completion.ts'
import { createKeepsakes } from './keepsakes.ts'
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
  const texts = new Map<string, SharedV4ProviderMetadata | undefined>()
  const thoughts = new Map<string, OpenThought>()
  const calls = new Map<string, OpenCall>()
  let nextCall = 0
  const annotations: Json[] = []
  const keepsakes = createKeepsakes()

  /** The first event names who speaks; every event begins with what is true of the whole answer. */
  function open(): string {
    const { id, created, model } = facts
    head = `data: {"id":${JSON.stringify(id)},"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},"choices":[{"index":0,"delta":`
    return `${head}{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}\n\n`
  }

  function event(delta: Json, finish: string | null = null, sure: Json | null = null): string {
    const begun = head === undefined ? open() : ''
    return `${begun}${head}${JSON.stringify(delta)},"logprobs":${JSON.stringify(sure)},"finish_reason":${JSON.stringify(finish)}}]}\n\n`
  }

  const callDelta = (index: number, call: Json): string => event({ tool_calls: [{ index, ...call }] })

  function begin(id: string, name: string, providerExecuted: boolean | undefined): string {
    const index = providerExecuted === true ? undefined : nextCall++
    calls.set(id, { index, hasInput: false })
    return index === undefined ? '' : callDelta(index, { id, type: 'function', function: { name, arguments: '' } })
  }

  function noteText({ id, providerMetadata: metadata }: { id: string; providerMetadata?: SharedV4ProviderMetadata }): void {
    if (metadata !== undefined || !texts.has(id)) texts.set(id, metadata)
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
    for (const { text, metadata: own } of thoughts.values()) keepsakes.addThought(text, own)
    for (const own of texts.values()) keepsakes.addText(own)
    const last = { ...keepsakes.members(), ...(annotations.length > 0 && { annotations }) }
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
        noteText(part)
        return ''
      case 'text-delta':
        noteText(part)
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
        return begin(part.id, part.toolName, part.providerExecuted)
      case 'tool-input-delta': {
        const call = calls.get(part.id)
        if (call?.index === undefined || part.delta === '') return ''
        call.hasInput = true
        return callDelta(call.index, { function: { arguments: part.delta } })
      }
      case 'tool-call': {
        const { toolCallId: id, toolName, input, providerExecuted, providerMetadata } = part
        const begun = calls.has(id) ? '' : begin(id, toolName, providerExecuted)
        const call = calls.get(id)
        if (call?.index === undefined) return ''
        const metadata = keepsakes.addCall(id, providerMetadata)
        const rest = call.hasInput ? '' : input
        if (rest === '' && metadata === undefined) return begun
        return `${begun}${callDelta(call.index, { function: { arguments: rest }, ...(metadata !== undefined && { provider_metadata: metadata }) })}`
      }
      case 'source':
        annotations.push(...annotationOf(part, textLength))
        return ''
      case 'file': {
        const images = imageOf(part)
        return images.length === 0 ? '' : event({ images })
      }
      case 'response-metadata':
        if (head !== undefined) return ''
        noteFacts(part)
        return open()
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
