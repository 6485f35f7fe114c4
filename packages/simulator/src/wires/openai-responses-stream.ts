import type { AnswerEvent, AnswerHead, Problem, StreamEncoder } from '../types.ts'
import type { Flavour } from './flavour.ts'
import type { JsonObject } from './json.ts'
import { tokenLogprob } from './openai-chat-answer.ts'
import { errorObject, OPENAI_ERRORS } from './openai-errors.ts'
import {
  callItem,
  messageItem,
  reasoningItem,
  reasons,
  refusalPart,
  responseObject,
  statusOf,
  textPart,
} from './openai-responses-answer.ts'
import { namedFrame } from './sse.ts'

type Emit = (type: string, fields: JsonObject) => string

/** The item that is being told: what each fragment adds, and how it closes. */
interface OpenItem {
  kind: AnswerEvent['type']
  add(fragment: string, event: AnswerEvent): string
  close(status: string): { frames: string; item: JsonObject }
}

/** Writes the events of a streamed response. `onEnd` gets its output items. */
export function createResponsesStream(
  head: AnswerHead,
  body: JsonObject,
  flavour: Flavour,
  onEnd: (output: readonly JsonObject[]) => void,
): StreamEncoder {
  let sequence = 0
  const emit: Emit = (type, fields) => {
    const frame = namedFrame(type, { type, ...fields, sequence_number: sequence })
    sequence += 1
    return frame
  }
  const output: JsonObject[] = []
  let open: OpenItem | undefined

  const close = (status = 'completed'): string => {
    if (open === undefined) return ''
    const { frames, item } = open.close(status)
    open = undefined
    output.push(item)
    return frames + emit('response.output_item.done', { output_index: output.length - 1, item })
  }
  const begin = (item: JsonObject, opened: OpenItem, frames = ''): string => {
    const before = close()
    const added = emit('response.output_item.added', { output_index: output.length, item })
    open = opened
    return before + added + frames
  }
  const told = (event: Extract<AnswerEvent, { text: string }>): string => {
    let frames = ''
    if (event.type !== 'reasoning' && reasons(head) && output.length === 0 && open === undefined) frames += silentReasoning()
    if (open?.kind !== event.type) {
      const at = { output_index: output.length + (open === undefined ? 0 : 1) }
      const item = event.type === 'reasoning' ? openSummary(head, body, emit, at) : openMessage(head, event.type, emit, at)
      frames += begin(item.added, item)
      frames += item.start()
    }
    return frames + (open?.add(event.text, event) ?? '')
  }
  const silentReasoning = (): string => {
    const item = reasoningItem(head, body, undefined)
    const at = { output_index: output.length }
    output.push(item)
    return emit('response.output_item.added', { ...at, item }) + emit('response.output_item.done', { ...at, item })
  }

  return {
    start: () =>
      emit('response.created', { response: responseObject(head, body, flavour) }) +
      emit('response.in_progress', { response: responseObject(head, body, flavour) }),
    event(event) {
      switch (event.type) {
        case 'text':
        case 'reasoning':
        case 'refusal':
          return told(event)
        case 'tool-call': {
          const before = reasons(head) && output.length === 0 && open === undefined ? silentReasoning() : ''
          const at = { output_index: output.length + (open === undefined ? 0 : 1) }
          return before + begin(callItem(event, '', 'in_progress'), openCall(event, emit, at))
        }
        case 'tool-input':
          return open?.add(event.json, event) ?? ''
        case 'tool-end':
          return close()
        case 'finish': {
          const status = statusOf(event.reason)
          const closed = close(status)
          onEnd(output)
          return closed + emit(`response.${status}`, { response: responseObject(head, body, flavour, { ...event, output }) })
        }
      }
    },
    error(problem: Problem) {
      const { error } = errorObject(OPENAI_ERRORS, { model: head.card.id, ...problem })
      return emit('error', { code: error.code, message: error.message, param: error.param })
    },
    keepAlive: ': keep-alive\n\n',
  }
}

type Opening = OpenItem & { added: JsonObject; start(): string }

function openMessage(head: AnswerHead, kind: 'text' | 'refusal', emit: Emit, at: { output_index: number }): Opening {
  const place = { item_id: `msg_${head.id}`, ...at, content_index: 0 }
  const part = kind === 'text' ? textPart : refusalPart
  const name = kind === 'text' ? 'output_text' : 'refusal'
  const logprobs: JsonObject[] = []
  let text = ''
  return {
    kind,
    added: messageItem(head, 'in_progress', []),
    start: () => emit('response.content_part.added', { ...place, part: part('') }),
    add(fragment, event) {
      text += fragment
      const own =
        event.type === 'text' && event.logprob !== undefined
          ? [tokenLogprob({ token: fragment, logprob: event.logprob }, head.request.topLogprobs ?? 0)]
          : []
      logprobs.push(...own)
      return emit(`response.${name}.delta`, { ...place, delta: fragment, ...(kind === 'text' && { logprobs: own }) })
    },
    close(status) {
      const whole = kind === 'text' ? textPart(text, logprobs) : refusalPart(text)
      const done = emit(`response.${name}.done`, { ...place, ...(kind === 'text' ? { text, logprobs } : { refusal: text }) })
      return { frames: done + emit('response.content_part.done', { ...place, part: whole }), item: messageItem(head, status, [whole]) }
    },
  }
}

function openSummary(head: AnswerHead, body: JsonObject, emit: Emit, at: { output_index: number }): Opening {
  const place = { item_id: `rs_${head.id}`, ...at, summary_index: 0 }
  let text = ''
  return {
    kind: 'reasoning',
    added: reasoningItem(head, body, undefined),
    start: () => emit('response.reasoning_summary_part.added', { ...place, part: { type: 'summary_text', text: '' } }),
    add(fragment) {
      text += fragment
      return emit('response.reasoning_summary_text.delta', { ...place, delta: fragment })
    },
    close() {
      const done = emit('response.reasoning_summary_text.done', { ...place, text })
      const frames = done + emit('response.reasoning_summary_part.done', { ...place, part: { type: 'summary_text', text } })
      return { frames, item: reasoningItem(head, body, text) }
    },
  }
}

function openCall(call: { id: string; name: string }, emit: Emit, at: { output_index: number }): OpenItem {
  const place = { item_id: `fc_${call.id}`, ...at }
  let json = ''
  return {
    kind: 'tool-call',
    add(fragment) {
      json += fragment
      return emit('response.function_call_arguments.delta', { ...place, delta: fragment })
    },
    close: () => ({
      frames: emit('response.function_call_arguments.done', { ...place, arguments: json, name: call.name }),
      item: callItem(call, json, 'completed'),
    }),
  }
}
