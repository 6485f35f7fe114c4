import { chatFinish, classifyFailure, jsonOf, objectsOf, readChatUsage, type Json, type ModelCard, type Reading } from '@routewise/core'
import { scriptedCard } from '@routewise/core/testing'
import type { WireCall, WireTarget } from '../call.ts'

/** What a target does when it is asked: it says these bytes, one piece after the other, and fails, hangs or ends. */
export interface Script {
  says?: readonly (string | Uint8Array)[]
  /** Thrown after what it says. */
  fails?: ProviderFailure
  /** Says nothing more until it is aborted. */
  hangs?: boolean
  /** Held up before each piece, by the test. */
  before?: (at: number) => Promise<void>
}

/** A provider's refusal, as a client of it would throw it. */
export class ProviderFailure extends Error {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly error: { message: string; type?: string; param?: string | null; code?: string | null }

  constructor(status: number | undefined, error: ProviderFailure['error'], headers: Readonly<Record<string, string>> = {}) {
    super(error.message)
    this.status = status
    this.error = error
    this.headers = headers
  }
}

export interface ScriptedTarget extends WireTarget {
  readonly calls: WireCall[]
  readonly signals: AbortSignal[]
}

/** A target whose bytes are written here; scripts are played one for each call, the last one for ever. */
export function scriptedTarget(
  id: string,
  scripts: Script | readonly Script[],
  { card, ...facts }: Partial<Omit<WireTarget, 'card'>> & { card?: Partial<ModelCard> } = {},
): ScriptedTarget {
  const queue = Array.isArray(scripts) ? [...(scripts as readonly Script[])] : [scripts as Script]
  const calls: WireCall[] = []
  const signals: AbortSignal[] = []
  return {
    id,
    kind: 'language',
    model: id,
    card: scriptedCard(id, card),
    ...facts,
    calls,
    signals,
    failure(error) {
      if (!(error instanceof ProviderFailure)) return classifyFailure({ message: String(error), cause: error })
      const { status, headers, error: body } = error
      return classifyFailure({ status, headers, message: body.message, code: body.code ?? undefined, type: body.type, cause: error })
    },
    async *open(call, { signal, onHeaders }) {
      calls.push(call)
      signals.push(signal)
      const { says = [], fails, hangs = false, before } = queue.length > 1 ? queue.shift()! : queue[0]!
      let at = 0
      for (const piece of says) {
        await before?.(at)
        signal.throwIfAborted()
        if (at === 0) onHeaders()
        at += 1
        const bytes = typeof piece === 'string' ? new TextEncoder().encode(piece) : piece
        yield { target: id, bytes, reading: readingOf(new TextDecoder().decode(bytes), call.stream) }
      }
      if (fails !== undefined) throw fails
      if (hangs) await aborted(signal)
    },
  }
}

function readingOf(text: string, stream: boolean): Reading {
  if (!stream) return { ...readBody(jsonOf(JSON.parse(text))), meaningful: true }
  let reading: Reading = { meaningful: false }
  for (const line of text.split('\n').filter(each => each.startsWith('data: '))) {
    const said = readBody(jsonOf(JSON.parse(line.slice('data: '.length))))
    reading = { ...reading, ...said, meaningful: reading.meaningful || said.meaningful, text: (reading.text ?? '') + (said.text ?? '') }
  }
  return reading
}

/** Of a chat, its chunks, a vector, and the events of the Responses API. */
function readBody(body: Json): Reading {
  const [choice] = objectsOf(body['choices'])
  const { content, tool_calls: tools } = jsonOf(choice?.['delta'] ?? choice?.['message'])
  const words = typeof content === 'string' ? content : body['delta']
  const text = typeof words === 'string' ? words : ''
  const reading: Reading = { meaningful: text !== '' || tools !== undefined || body['data'] !== undefined, text, contentChars: text.length }
  const finish = choice?.['finish_reason']
  if (typeof finish === 'string') reading.finish = chatFinish(finish)
  if (body['type'] === 'response.completed' || body['object'] === 'response' || body['data'] !== undefined) reading.finish = 'stop'
  if (body['usage'] !== undefined && body['usage'] !== null) reading.usage = readChatUsage(jsonOf(body['usage']))
  return reading
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })

/** The events of a chat's stream, one piece for each. */
export const chatEvents = (...words: readonly string[]): string[] => [
  event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
  ...words.map(content => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: USAGE }),
]

/** A chat's whole answer, in one piece. */
export const chatBody = (content: string): string[] => [
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'scripted',
    choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage: USAGE,
  }),
]

const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 4 } }

const event = (chunk: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'scripted', ...chunk })}\n\n`
