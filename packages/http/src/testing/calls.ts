import type { Json, Reading, Receipt } from '@routewise/core'
import { newTrace, type WireApi, type WireCall, type WireChunk, type WireTarget } from '../call.ts'
import { createRouter, type WireRouter } from '../router.ts'

/** A call as the endpoint makes it of a request's body. */
export function callOf(body: Json | string, api: WireApi = 'chat'): WireCall {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const parsed = JSON.parse(text) as Json
  return { api, body: parsed, text, stream: parsed['stream'] === true, trace: newTrace(0) }
}

export const hello: Json = { model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }

export interface Asked {
  chunks: WireChunk[]
  text: string
  receipt: Receipt
}

/** Asks a router, to the end. */
export async function ask(router: WireRouter, call: WireCall): Promise<Asked> {
  const steps = router.run(call)
  const chunks: WireChunk[] = []
  for (;;) {
    const step = await steps.next()
    if (step.done === true) return { chunks, text: bytesOf(chunks).toString(), receipt: step.value }
    chunks.push(step.value)
  }
}

/** A router that has nobody else to ask and does not ask twice. */
export const routerOf = (target: WireTarget): WireRouter => createRouter({ targets: [target], retry: false, hedge: false })

/** What a target gives for a call, without a router. */
export async function open(target: WireTarget, call: WireCall, signal = new AbortController().signal): Promise<WireChunk[]> {
  const chunks: WireChunk[] = []
  for await (const chunk of target.open(call, { signal, onHeaders() {} })) chunks.push(chunk)
  return chunks
}

export const bytesOf = (chunks: readonly WireChunk[]): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes))

/** All that readings say of the words of an answer, those that are read later too. */
export function wordsOf(readings: readonly Reading[]): { text: string; characters: number; calls: Record<number, string> } {
  const said = { text: '', characters: 0, calls: {} as Record<number, string> }
  for (const content of readings.flatMap(reading => reading.later?.read() ?? [reading])) {
    said.text += content.text ?? ''
    said.characters += content.contentChars ?? 0
    for (const { index, name = '', arguments: json = '' } of content.toolCalls ?? []) {
      said.calls[index] = (said.calls[index] ?? '') + name + json
    }
  }
  return said
}
