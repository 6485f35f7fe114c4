import type { Json } from '@routewise/core'
import type { Emit } from './event-stream.ts'

/** `incomplete`: it broke off because the answer had to end. */
export type ItemStatus = 'completed' | 'incomplete'

/** An item of the output that is still being written. */
export interface OutputItem {
  /** Tells its end; the whole item. */
  close(status: ItemStatus): Json
}

/** Where an item stands: told with each of its events. */
export interface ItemPlace {
  emit: Emit
  id: string
  index: number
}

export interface MessageItem extends OutputItem {
  text(delta: string, logprobs: readonly Json[]): void
  refusal(delta: string): void
}

/** What the model says. Text is one part, a refusal is another. */
export function openMessage({ emit, id, index }: ItemPlace): MessageItem {
  const parts: Part[] = []
  let text: (Part & { add(delta: string, logprobs: readonly Json[]): void }) | undefined
  let refusal: (Part & { add(delta: string): void }) | undefined
  const item = (status: string, content: readonly Json[]): Json => ({ id, type: 'message', status, role: 'assistant', content })
  const place = () => ({ item_id: id, output_index: index, content_index: parts.length })
  emit('response.output_item.added', { output_index: index, item: item('in_progress', []) })
  return {
    text(delta, logprobs) {
      if (text === undefined) parts.push((text = openText(emit, place())))
      text.add(delta, logprobs)
    },
    refusal(delta) {
      if (refusal === undefined) parts.push((refusal = openRefusal(emit, place())))
      refusal.add(delta)
    },
    close(status) {
      const whole = item(
        status,
        parts.map(part => part.close()),
      )
      emit('response.output_item.done', { output_index: index, item: whole })
      return whole
    },
  }
}

interface Part {
  close(): Json
}

function openText(emit: Emit, place: Json) {
  let text = ''
  const logprobs: Json[] = []
  const part = (): Json => ({ type: 'output_text', text, annotations: [], logprobs })
  emit('response.content_part.added', { ...place, part: part() })
  return {
    add(delta: string, own: readonly Json[]) {
      text += delta
      logprobs.push(...own)
      emit('response.output_text.delta', { ...place, delta, logprobs: own })
    },
    close() {
      emit('response.output_text.done', { ...place, text, logprobs })
      emit('response.content_part.done', { ...place, part: part() })
      return part()
    },
  }
}

function openRefusal(emit: Emit, place: Json) {
  let refusal = ''
  const part = (): Json => ({ type: 'refusal', refusal })
  emit('response.content_part.added', { ...place, part: part() })
  return {
    add(delta: string) {
      refusal += delta
      emit('response.refusal.delta', { ...place, delta })
    },
    close() {
      emit('response.refusal.done', { ...place, refusal })
      emit('response.content_part.done', { ...place, part: part() })
      return part()
    },
  }
}

export interface ReasoningItem extends OutputItem {
  add(delta: string): void
}

/** What the model shows of its thoughts, as a summary of one part: clients know how to show those. */
export function openReasoning({ emit, id, index }: ItemPlace): ReasoningItem {
  let text = ''
  const place = { item_id: id, output_index: index, summary_index: 0 }
  const part = () => ({ type: 'summary_text', text })
  const item = (status: string, summary: readonly Json[]): Json => ({ id, type: 'reasoning', status, summary })
  emit('response.output_item.added', { output_index: index, item: item('in_progress', []) })
  emit('response.reasoning_summary_part.added', { ...place, part: part() })
  return {
    add(delta) {
      text += delta
      emit('response.reasoning_summary_text.delta', { ...place, delta })
    },
    close(status) {
      emit('response.reasoning_summary_text.done', { ...place, text })
      emit('response.reasoning_summary_part.done', { ...place, part: part() })
      const whole = item(status, [part()])
      emit('response.output_item.done', { output_index: index, item: whole })
      return whole
    },
  }
}

/** Thoughts that only their maker can read, and must get back: whole at once, and nothing of them is shown. */
export function sealThoughts({ emit, id, index }: ItemPlace, content: string): Json {
  const item: Json = { id, type: 'reasoning', status: 'completed', summary: [], encrypted_content: content }
  emit('response.output_item.added', { output_index: index, item })
  emit('response.output_item.done', { output_index: index, item })
  return item
}

export interface CallItem extends OutputItem {
  /** Id that the provider gave it; an output refers to it. */
  readonly callId: string
  add(delta: string): void
}

/** A call of a function, whose input is JSON, or of a custom tool, whose input is any text. */
export function openCall({ emit, id, index }: ItemPlace, kind: 'function' | 'custom', name: string, callId: string): CallItem {
  let input = ''
  const place = { item_id: id, output_index: index }
  const [type, field, event] =
    kind === 'function'
      ? (['function_call', 'arguments', 'response.function_call_arguments'] as const)
      : (['custom_tool_call', 'input', 'response.custom_tool_call_input'] as const)
  const item = (status: string): Json => ({ id, type, status, call_id: callId, name, [field]: input })
  emit('response.output_item.added', { output_index: index, item: item('in_progress') })
  return {
    callId,
    add(delta) {
      input += delta
      emit(`${event}.delta`, { ...place, delta })
    },
    close(status) {
      emit(`${event}.done`, { ...place, [field]: input, ...(kind === 'function' && { name }) })
      const whole = item(status)
      emit('response.output_item.done', { output_index: index, item: whole })
      return whole
    },
  }
}
