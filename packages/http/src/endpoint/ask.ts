import { RouterError, withContext, type CallOptions, type Receipt } from '@routewise/core'
import { newTrace, type WireApi, type WireCall } from '../call.ts'
import type { WireRouter } from '../router.ts'
import { errorAnswer, errorResponse, isAnswerable, type Asked } from './error-answer.ts'
import type { EndpointResponse } from './exchange.ts'
import { addEarlyFacts, addFacts, closingComment, type Headers } from './facts.ts'
import type { ModelNames } from './model-names.ts'
import type { RequestBody } from './read-body.ts'
import { StreamBody } from './stream-body.ts'

/** A request that is ready to be routed. */
export interface Question extends RequestBody {
  api: WireApi
  /** Headers that go on to the provider. */
  forwarded: Readonly<Record<string, string>> | undefined
  options: CallOptions
  /** Clock time by which it must have ended. */
  endsAt: number | undefined
  signal: AbortSignal
  asked: Asked
}

interface AskOptions {
  router: WireRouter
  names: ModelNames
  keepAliveMs: number
}

type Steps = ReturnType<WireRouter['run']>
type Step = Awaited<ReturnType<Steps['next']>>

const encoder = new TextEncoder()
const DONE = 'data: [DONE]\n\n'

/**
 * Routes a question. Waits for the first that a model says, so that a failure before it is answered with a status of its own. Rejects with
 * what a function among the options throws, and with nothing else.
 */
export function createAsk({ router, names, keepAliveMs }: AskOptions) {
  const { clock } = router

  function start({ options, endsAt }: Question, call: WireCall): Steps {
    if (endsAt === undefined) return router.run(call, options)
    return withContext({ deadlineMs: Math.max(0, endsAt - clock.now()), clock }, () => router.run(call, options))
  }

  const modelOf = (target: string | undefined) => (target === undefined ? undefined : names.targets.get(target)?.model)
  const comment = (receipt: Receipt) => closingComment(receipt, modelOf(receipt.target))
  const brokenOff = (error: unknown) => (RouterError.isInstance(error) && error.receipt !== undefined ? comment(error.receipt) : '')

  function streamed(question: Question, steps: Steps, first: Step | Promise<Step>, headers: Headers): EndpointResponse {
    const { api, asked, signal } = question
    headers['content-type'] = 'text/event-stream; charset=utf-8'
    headers['cache-control'] = 'no-cache, no-transform'
    // Nginx would gather the events.
    headers['x-accel-buffering'] = 'no'
    const body = new StreamBody({
      steps,
      first,
      clock,
      keepAliveMs,
      closing: receipt => encoder.encode(api === 'chat' ? comment(receipt) + DONE : comment(receipt)),
      broken: (error, last) => (signal.aborted ? undefined : encoder.encode(brokenOff(error) + errorEvent(error, question, last))),
    })
    return { status: 200, headers: { ...headers, 'x-request-id': asked.id }, body }
  }

  async function whole(steps: Steps, headers: Headers): Promise<EndpointResponse> {
    const pieces: Uint8Array[] = []
    let target: string | undefined
    for (;;) {
      const step = await steps.next()
      if (step.done === true) {
        addFacts(headers, step.value, names.targets.get(step.value.target ?? target ?? ''))
        return { status: 200, headers, body: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) }
      }
      target = step.value.target
      pieces.push(step.value.bytes)
    }
  }

  return async function ask(question: Question): Promise<EndpointResponse> {
    const { api, body, text, forwarded, asked } = question
    const trace = newTrace(clock.now())
    const call: WireCall = { api, body, text, stream: body['stream'] === true && api !== 'embeddings', trace }
    if (forwarded !== undefined) call.headers = forwarded
    try {
      const steps = start(question, call)
      if (!call.stream) {
        return await whole(steps, { 'content-type': 'application/json', 'cache-control': 'no-transform', 'x-request-id': asked.id })
      }
      const asking = steps.next()
      const first = keepAliveMs > 0 ? await unlessSilent(asking) : await asking
      if (first === undefined) return streamed(question, steps, asking, {})
      const headers: Headers = {}
      addEarlyFacts(headers, trace, first.done === true ? undefined : names.targets.get(first.value.target))
      return streamed(question, steps, first, headers)
    } catch (error) {
      if (!isAnswerable(error)) throw error
      return errorResponse(error, asked)
    }
  }

  /** Resolves to `undefined` when nothing is said for so long that the stream has to be opened without. */
  function unlessSilent(asking: Promise<Step>): Promise<Step | undefined> {
    return new Promise((resolve, reject) => {
      const stop = clock.after(keepAliveMs, () => resolve(undefined))
      asking.then(
        step => {
          stop()
          resolve(step)
        },
        error => {
          stop()
          reject(error as Error)
        },
      )
    })
  }
}

/** An error behind the beginning of a stream, as the API's own clients hear of it. */
function errorEvent(error: unknown, { api, asked }: Question, last: Uint8Array | undefined): string {
  const { error: body } = errorAnswer(error, asked)
  if (api === 'chat') return `data: ${JSON.stringify({ error: body })}\n\n`
  const event = { type: 'error', sequence_number: nextNumber(last), code: body.code, message: body.message, param: body.param, error: body }
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`
}

const NUMBER = '"sequence_number":'

/** Events of the Responses API are numbered: the one after the last that went out. */
function nextNumber(last: Uint8Array | undefined): number {
  if (last === undefined) return 0
  const text = new TextDecoder().decode(last)
  const at = text.lastIndexOf(NUMBER)
  const number = at === -1 ? Number.NaN : Number.parseInt(text.slice(at + NUMBER.length, at + NUMBER.length + 16), 10)
  return Number.isNaN(number) ? 0 : number + 1
}
