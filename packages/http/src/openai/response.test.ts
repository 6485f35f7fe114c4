import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openaiTarget } from './target.ts'
import { callOf, hello, open, routerOf } from '../testing/calls.ts'
import { sendEvents, sendJson, startUpstream } from '../testing/upstream.ts'

const streamed = callOf({ ...hello, stream: true })
const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })}\n\n`
const end = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`

const startStream = (response: ServerResponse, bytes: string) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(bytes)
}

function iteratorOf(baseURL: string, signal = new AbortController().signal) {
  const pieces = openaiTarget({ baseURL, model: 'm' }).open(streamed, { signal, onHeaders() {} })
  return pieces[Symbol.asyncIterator]()
}

/** A server that goes as far as `phase` and then is silent; when it noticed that its client has left. */
async function silentServer(phase: 'before headers' | 'after headers' | 'in an event' | 'after a token') {
  const left = Promise.withResolvers<number>()
  const reached = Promise.withResolvers<void>()
  const upstream = await startUpstream(response => {
    response.on('close', () => left.resolve(performance.now()))
    if (phase === 'after headers') response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    if (phase === 'in an event') startStream(response, delta('one').slice(0, 30))
    if (phase === 'after a token') startStream(response, delta('one'))
    reached.resolve()
  })
  return { upstream, left: left.promise, reached: reached.promise }
}

describe('giving up', () => {
  test.each(['before headers', 'after headers', 'in an event', 'after a token'] as const)('reaches the server at once, %s', async phase => {
    const waits: number[] = []
    for (let run = 0; run < 15; run += 1) {
      const { upstream, left, reached } = await silentServer(phase)
      const controller = new AbortController()
      const iterator = iteratorOf(upstream.url, controller.signal)
      if (phase === 'after a token') await iterator.next()
      const next = iterator.next()
      await reached
      await turn()
      const reason = new DOMException('Enough.', 'AbortError')
      const abortedAt = performance.now()
      controller.abort(reason)
      await expect(next).rejects.toBe(reason)
      waits.push((await left) - abortedAt)
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    }
    const median = waits.toSorted((a, b) => a - b)[7]!
    // 2 ms on a machine of its own; this one may be busy.
    expect(median).toBeLessThan(25)
  })

  test('a reader that leaves the loop leaves the server, too', async () => {
    const { upstream, left } = await silentServer('after a token')
    const target = openaiTarget({ baseURL: upstream.url, model: 'm' })
    const { signal } = new AbortController()
    for await (const _ of target.open(streamed, { signal, onHeaders() {} })) break
    await left
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  test('a signal that was aborted before asks nobody', async () => {
    const upstream = await startUpstream(response => sendEvents(response, end))
    const reason = new Error('Too late.')
    await expect(open(openaiTarget({ baseURL: upstream.url, model: 'm' }), streamed, AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(upstream.seen).toEqual([])
  })

  test('a whole answer that is not waited for is cut off, too', async () => {
    const { upstream, left, reached } = await silentServer('before headers')
    const controller = new AbortController()
    const answer = open(openaiTarget({ baseURL: upstream.url, model: 'm' }), callOf(hello), controller.signal)
    await reached
    controller.abort(new Error('Enough.'))
    await expect(answer).rejects.toThrow('Enough.')
    await left
  })

  test('what was read to its end holds on to nothing', async () => {
    const upstream = await startUpstream(response => sendEvents(response, delta('one') + end))
    const { signal } = new AbortController()
    for (let run = 0; run < 5; run += 1) await open(openaiTarget({ baseURL: upstream.url, model: 'm' }), streamed, signal)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

test('a reader that is slow keeps the server waiting: little of a long answer is taken before it is read', async () => {
  const event = delta('x'.repeat(1_000))
  const total = 40 * 1024 * 1024
  let sent = 0
  let isDraining = true
  const upstream = await startUpstream(response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = () => {
      while (sent < total) {
        sent += event.length
        if (!response.write(event)) return void response.once('drain', write)
      }
      isDraining = false
      response.end(end)
    }
    write()
  })
  const iterator = iteratorOf(upstream.url)
  const first = await iterator.next()
  let read = first.done === true ? 0 : first.value.bytes.length
  // Long enough for all of it to come, if somebody took it.
  let settled = -1
  for (let same = 0; same < 50;) {
    await turn()
    same = sent === settled ? same + 1 : 0
    settled = sent
  }
  // What is under way is in the buffers of two sockets, and not with us.
  expect(sent - read).toBeLessThan(12 * 1024 * 1024)
  expect(isDraining).toBe(true)
  for (let step = await iterator.next(); step.done !== true; step = await iterator.next()) read += step.value.bytes.length
  expect(read).toBe(sent + end.length - 'data: [DONE]\n\n'.length)
})

test('pieces of one network read are given in one piece', async () => {
  const deltas = Array.from({ length: 200 }, (_, at) => delta(`word ${at} `))
  const upstream = await startUpstream(response => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.cork()
    for (const event of deltas) response.write(event)
    response.uncork()
    response.end(end)
  })
  const chunks = await open(openaiTarget({ baseURL: upstream.url, model: 'm' }), streamed)
  expect(chunks.length).toBeLessThan(20)
})

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%i is a failure that says what to do, and nobody else is asked', async status => {
    const other = await startUpstream(response => sendJson(response, {}))
    const upstream = await startUpstream(response => {
      response.writeHead(status, { location: `${other.url}/chat/completions` }).end()
    })
    const target = openaiTarget({ baseURL: upstream.url, apiKey: 'sk-secret-key', model: 'm' })
    await expect(routerOf(target).run(streamed).next()).rejects.toThrow(
      `answered with a redirect (${status}), which is not followed: set \`baseURL\``,
    )
    expect(upstream.seen).toHaveLength(1)
    expect(other.seen).toEqual([])
  })
})

test('an answer that something on the way has packed is a failure that says so', async () => {
  const upstream = await startUpstream(response => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('packed')
  })
  await expect(open(openaiTarget({ baseURL: upstream.url, model: 'm' }), callOf(hello))).rejects.toThrow('packed as gzip')
})

test('an answer longer than the bound is a failure, and the rest is not waited for', async () => {
  const left = Promise.withResolvers<void>()
  const upstream = await startUpstream(response => {
    response.on('close', left.resolve)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write(Buffer.alloc(200_000, ' '))
  })
  const target = openaiTarget({ baseURL: upstream.url, model: 'm', maxResponseBytes: 100_000 })
  await expect(open(target, callOf(hello))).rejects.toThrow('longer than 100000 bytes')
  await left.promise
})

test('an event longer than the bound is a failure', async () => {
  const upstream = await startUpstream(response => startStream(response, `data: ${'x'.repeat(200_000)}`))
  const target = openaiTarget({ baseURL: upstream.url, model: 'm', maxResponseBytes: 100_000 })
  await expect(open(target, streamed)).rejects.toThrow('longer than 100000 bytes')
})
