import OpenAI from 'openai'
import { expect, test, vi } from 'vitest'
import { startEndless } from '../promises/endless.ts'
import { chat, event, type HttpAdapter, sendJson, SSE, startEndpoint, startProvider } from './http-adapter-world.ts'

const MB = 2 ** 20

/** When the pieces of an answer are passed on, and what happens where they stop. */
export function testStreams({ mount }: HttpAdapter): void {
  test('each piece is passed on when it comes, and no sooner than asked for', async () => {
    const provider = await startProvider()
    const { origin } = await startEndpoint(mount, provider.baseURL)
    const asking = sendJson(origin, chat('Hello', true))
    const says = await provider.asked()
    says.writeHead(200, SSE)
    says.write(event({ role: 'assistant', content: 'one' }))
    const answer = await asking
    // The provider says no word more before the one it has said has arrived.
    expect(await answer.next()).toContain('"one"')
    for (const word of ['two', 'three 🌊', 'four']) {
      says.write(event({ content: word }))
      expect(await answer.next()).toContain(`"${word}"`)
    }
    says.end(`${event({}, 'stop')}data: [DONE]\n\n`)
    expect(await answer.rest()).toMatch(/"stop"[^]*data: \[DONE\]\n\n$/)
  })

  test('an answer that breaks off ends in an error, never as if it were whole', async () => {
    const provider = await startProvider()
    const { origin, client } = await startEndpoint(mount, provider.baseURL)
    const breakOff = async () => {
      const says = await provider.asked()
      says.writeHead(200, SSE)
      says.write(event({ role: 'assistant', content: 'Half a' }), () => says.destroy())
    }
    const [answer] = await Promise.all([sendJson(origin, chat('Hello', true)), breakOff()])
    const text = await answer.rest()
    expect(text).toContain('Half a')
    expect(text).toContain('data: {"error":{')
    expect(text).not.toContain('[DONE]')

    const [stream] = await Promise.all([client.chat.completions.create({ ...chat('Hello'), stream: true }), breakOff()])
    const reading = async () => {
      for await (const _chunk of stream);
    }
    await expect(reading()).rejects.toBeInstanceOf(OpenAI.APIError)
  })

  test('a provider that is silent is waited for, and the stream kept open meanwhile', async () => {
    const provider = await startProvider()
    const { origin } = await startEndpoint(mount, provider.baseURL, { keepAliveMs: 5 })
    const answer = await sendJson(origin, chat('Hello', true))
    expect(await answer.next()).toMatch(/^:/)
    const says = await provider.asked()
    says.writeHead(200, SSE)
    says.end(`${event({ role: 'assistant', content: 'Late.' }, 'stop')}data: [DONE]\n\n`)
    expect(await answer.rest()).toMatch(/Late\.[^]*\[DONE\]/)
  })

  test('a client that does not read holds up the provider', async () => {
    const tape = { contentType: 'text/event-stream', bytes: Buffer.from(event({ role: 'assistant', content: 'over' })) }
    const provider = await startEndless(tape, 'over', 200 * MB)
    const { origin } = await startEndpoint(mount, `${provider.origin}/v1`)
    const answer = await sendJson(origin, chat('Hello', true))
    answer.response.pause()
    let sent = -1
    await vi.waitUntil(() => sent === (sent = provider.sentBytes()), { interval: 200, timeout: 15_000 })
    // What the sockets of the machine hold, twice: from the provider, and to the client.
    expect(sent).toBeLessThan(20 * MB)
    const before = process.memoryUsage().rss
    answer.response.resume()
    await vi.waitUntil(() => provider.sentBytes() > sent + 5 * MB, { interval: 10, timeout: 15_000 })
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * MB)
    answer.leave()
  })
}
