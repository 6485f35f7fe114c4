import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createAnthropic } from '@ai-sdk/anthropic'
import { createRouter } from '../router.ts'
import { routedFetch } from '../fetch/routed-fetch.ts'
import { fetchWithoutRedirects } from './fetch-without-redirects.ts'
import { aiSdkTarget } from './target.ts'

test('a redirect is an error, and the other place hears nothing', async () => {
  const seen: string[] = []
  const server = createServer((req, res) => {
    seen.push(req.url ?? '')
    res.writeHead(307, { location: '/elsewhere' }).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    const anthropic = createAnthropic({ baseURL, apiKey: 'key', fetch: fetchWithoutRedirects })
    const router = createRouter({ targets: [aiSdkTarget(anthropic('claude-haiku-4-5'))], retry: false })
    const answer = await routedFetch(router)('http://any/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hi' }] }),
    })
    expect(answer.status).toBe(502)
    expect(seen).toEqual(['/v1/messages'])
  } finally {
    server.close()
  }
})
