import type { SimulatorOptions } from '@routewise/simulator'
import type { ChatCompletion } from 'openai/resources/chat/completions'
import type { Response as ModelResponse, ResponseStreamEvent } from 'openai/resources/responses/responses'
import { describe, expect, test } from 'vitest'
import { type ChatTold, faultsOfChatStream, isJson, toldByChat } from './chat-stream.ts'
import { type Answer, eventsOf, hear, type Send } from './hear.ts'
import { type Body, chatRequests, responsesRequests, type Wish } from './requests.ts'
import { faultsOfResponseStream } from './response-stream.ts'
import { serve, type Upstream, upstreams } from './upstreams.ts'
import { validateChat, validateError, validateResponse } from './validate.ts'

interface Table {
  /** Requests, by what is wrong with their answers. */
  faults: Record<string, string[]>
  /** Requests that were answered with an error. */
  refused: string[]
}

/** Sends every request, and gathers what is wrong with the answers. */
async function ask(
  requests: Readonly<Record<string, Body>>,
  send: (body: Body) => Promise<Answer>,
  check: (answer: Answer, wish: Wish) => string[],
): Promise<Table> {
  const table: Table = { faults: {}, refused: [] }
  for (const [wish, body] of Object.entries(requests)) {
    const answer = await send(body)
    const refused = answer.status === 400
    if (refused) table.refused.push(wish)
    const faults = refused ? validateError(JSON.parse(answer.text)) : answer.status === 200 ? check(answer, wish as Wish) : [answer.text]
    for (const fault of new Set(faults)) (table.faults[fault] ??= []).push(wish)
  }
  table.refused.sort()
  return table
}

const toldByChatBody = ({ choices, usage }: ChatCompletion): ChatTold => ({
  text: choices[0]!.message.content ?? '',
  calls: (choices[0]!.message.tool_calls ?? []).flatMap(call => (call.type === 'function' ? [{ id: call.id, ...call.function }] : [])),
  finish: choices[0]!.finish_reason,
  usage,
})

const toldByResponse = ({ output, incomplete_details: incomplete }: ModelResponse): ChatTold => {
  const calls = output.flatMap(item =>
    item.type === 'function_call' ? [{ id: item.call_id, name: item.name, arguments: item.arguments }] : [],
  )
  const text = output
    .flatMap(item => (item.type === 'message' ? item.content.map(part => (part.type === 'output_text' ? part.text : '')) : []))
    .join('')
  const finish = incomplete?.reason === 'max_output_tokens' ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop'
  return { text, calls, finish, usage: undefined }
}

/** What was asked for is what was said. */
function faultsOfTold({ ignores }: Upstream, { text, calls, finish }: ChatTold, wish: Wish): string[] {
  if (ignores.includes(wish)) return []
  const names = calls.map(({ name }) => name).join()
  const wanted: Partial<Record<Wish, string>> = {
    tools: 'weather',
    'forced tool': 'clock',
    // Tools go out in the order of their names, and the simulated model calls the first ones.
    'parallel tools': 'clock,weather',
    'one tool at a time': 'clock',
  }
  if (names !== (wanted[wish] ?? '')) return [`The calls are of ${names === '' ? 'nothing' : names}.`]
  if (calls.some(call => !isJson(call.arguments))) return ['The arguments of a call are no JSON.']
  if (wish === 'cut') return finish === 'length' ? [] : [`It ends in ${finish}, though it was cut.`]
  if (finish !== (names === '' ? 'stop' : 'tool_calls')) return [`It ends in ${finish}.`]
  if (wish === 'json_schema' && !(isJson(text) && 'title' in (JSON.parse(text) as object))) return [`It is not of the schema: ${text}`]
  return names === '' && text === '' ? ['It says nothing.'] : []
}

function chatFaults(upstream: Upstream, { text }: Answer, wish: Wish): string[] {
  const body = JSON.parse(text) as ChatCompletion
  const faults = validateChat(body)
  if (faults.length > 0) return faults
  if (body.usage === undefined || body.usage.prompt_tokens === 0) faults.push('There is no usage.')
  if (wish === 'logprobs' && !upstream.ignores.includes(wish) && body.choices[0]?.logprobs?.content?.[0]?.top_logprobs.length !== 2)
    faults.push('There are no log-probabilities.')
  return [...faults, ...faultsOfTold(upstream, toldByChatBody(body), wish)]
}

const post =
  (send: Send, path: string, model: string, more: Body = {}) =>
  (body: Body): Promise<Answer> =>
    hear(send, path, { model, ...body, ...more })

const each = [
  ...upstreams.map(upstream => ({ name: upstream.name, upstream, onServer: false })),
  ...upstreams
    .filter(({ provider }) => provider === 'anthropic')
    .map(upstream => ({ name: `${upstream.name}, on a server`, upstream, onServer: true })),
  { name: `${upstreams[0]!.name}, on a server`, upstream: upstreams[0]!, onServer: true },
]

describe.each(each)('$name', ({ upstream, onServer }) => {
  const { model, open } = upstream
  const refuses = upstream.refuses.toSorted()
  const world = (simulator: SimulatorOptions = {}) => serve(sim => ({ targets: [open(sim)] }), { simulator, onServer })

  test('chats, whole', async () => {
    const { send } = await world()
    const table = await ask(chatRequests, post(send, '/chat/completions', model), (answer, wish) => chatFaults(upstream, answer, wish))
    expect(table).toEqual({ faults: {}, refused: refuses })
  })

  test.each([true, false])('chats, in a stream, include_usage: %s', async includeUsage => {
    const { send } = await world()
    const options = includeUsage ? { stream_options: { include_usage: true } } : {}
    const streaming = post(send, '/chat/completions', 'auto', { stream: true, ...options })
    const table = await ask(chatRequests, streaming, ({ text, headers }, wish) => {
      const events = eventsOf(text)
      const told = toldByChat(events)
      const faults = faultsOfChatStream(events, { includeUsage })
      if (headers.get('content-type')?.startsWith('text/event-stream') !== true) faults.push('It is no stream.')
      if (includeUsage && (told.usage?.total_tokens ?? 0) === 0) faults.push('There is no usage.')
      return [...faults, ...faultsOfTold(upstream, told, wish)]
    })
    expect(table).toEqual({ faults: {}, refused: refuses })
  })

  test('says the same whole and in a stream', async () => {
    const { send } = await world()
    for (const wish of ['text', 'parallel tools'] as const) {
      const whole = toldByChatBody(JSON.parse((await post(send, '/chat/completions', model)(chatRequests[wish])).text) as ChatCompletion)
      const { text } = await post(send, '/chat/completions', model, { stream: true })(chatRequests[wish])
      const told = toldByChat(eventsOf(text))
      const withoutIds = ({ calls, ...rest }: ChatTold) => ({
        ...rest,
        calls: calls.map(call => [call.name, call.arguments]),
        usage: undefined,
      })
      expect(withoutIds(told)).toEqual(withoutIds(whole))
    }
  })

  test('responds, whole', async () => {
    const { send } = await world()
    const table = await ask(responsesRequests, post(send, '/responses', model), ({ text }, wish) => {
      const body = JSON.parse(text) as ModelResponse
      const faults = validateResponse(body)
      if (faults.length > 0) return faults
      if ((body.usage?.output_tokens ?? 0) === 0) faults.push('There is no usage.')
      if (body.status !== (wish === 'cut' ? 'incomplete' : 'completed')) faults.push(`Its status is ${body.status}.`)
      return [...faults, ...faultsOfTold(upstream, toldByResponse(body), wish)]
    })
    expect(table).toEqual({ faults: {}, refused: refuses })
  })

  test('responds, in a stream', async () => {
    const { send } = await world()
    const table = await ask(responsesRequests, post(send, '/responses', 'auto', { stream: true }), ({ text }, wish) => {
      const events = eventsOf(text)
      const faults = faultsOfResponseStream(events)
      if (faults.length > 0) return faults
      const last = events.at(-1)!.data as Extract<ResponseStreamEvent, { type: 'response.completed' | 'response.incomplete' }>
      if (last.type !== (wish === 'cut' ? 'response.incomplete' : 'response.completed')) faults.push(`It ends in ${last.type}.`)
      if ((last.response.usage?.output_tokens ?? 0) === 0) faults.push('There is no usage.')
      return [...faults, ...faultsOfTold(upstream, toldByResponse(last.response), wish)]
    })
    expect(table).toEqual({ faults: {}, refused: refuses })
  })

  test.each(['refusal', 'content-filter'] as const)('is right about a %s', async type => {
    const { send } = await world({ faults: [{ effect: { type } }] })
    const answers = {
      chat: await post(send, '/chat/completions', model)(chatRequests.text),
      chatStream: await post(send, '/chat/completions', model, { stream: true })(chatRequests.text),
      responses: await post(send, '/responses', model)(responsesRequests.text),
      responsesStream: await post(send, '/responses', model, { stream: true })(responsesRequests.text),
    }
    const check: Record<keyof typeof answers, (answer: Answer) => string[]> = {
      chat: ({ text }) => validateChat(JSON.parse(text)),
      chatStream: ({ text }) => faultsOfChatStream(eventsOf(text)),
      responses: ({ text }) => validateResponse(JSON.parse(text)),
      responsesStream: ({ text }) => faultsOfResponseStream(eventsOf(text)),
    }
    for (const [name, answer] of Object.entries(answers)) {
      const faults = answer.status === 200 ? check[name as keyof typeof answers](answer) : validateError(JSON.parse(answer.text))
      expect([name, answer.status < 500, faults]).toEqual([name, true, []])
    }
  })
})
