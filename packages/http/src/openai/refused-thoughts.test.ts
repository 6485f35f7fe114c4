import { objectsOf, type Json } from '@routewise/core'
import { expect, test } from 'vitest'
import { callOf, open } from '../testing/calls.ts'
import { simulated } from '../testing/ai-sdk.ts'
import type { WireTarget } from '../call.ts'
import { openaiTarget } from './target.ts'

async function answerOf(target: WireTarget, input: readonly Json[], stream: boolean): Promise<readonly Json[]> {
  const body = { model: 'auto', input, store: false, include: ['reasoning.encrypted_content'], reasoning: { effort: 'high' }, stream }
  const chunks = await open(target, callOf(body, 'responses'))
  const text = Buffer.concat(chunks.map(({ bytes }) => bytes)).toString()
  if (!stream) return objectsOf((JSON.parse(text) as Json)['output'])
  const last = text.split('\n').findLast(line => line.startsWith('data: '))!
  return objectsOf(((JSON.parse(last.slice(6)) as Json)['response'] as Json)['output'])
}

test.each([false, true])('thoughts that another account has encrypted are tried once, and then left out (stream: %s)', async stream => {
  const { sim } = await simulated({ providers: ['openai'] })
  try {
    const account = (apiKey: string) => openaiTarget({ baseURL: sim.url('openai'), apiKey, model: 'gpt-6-luna', flavour: 'openai' })
    const [first, second] = [account('one'), account('two')]
    const history: Json[] = [{ role: 'user', content: 'Hi' }]
    history.push(...(await answerOf(first, history, stream)), { role: 'user', content: 'And now?' })
    expect(JSON.stringify(history)).toContain('gAAAA')
    history.push(...(await answerOf(second, history, stream)), { role: 'user', content: 'And then?' })
    expect(sim.requests).toHaveLength(3)
    await answerOf(second, history, stream)
    expect(sim.requests).toHaveLength(4)
    const sent = objectsOf((sim.requests.at(-1)!.http.body as Json)['input']).filter(({ type }) => type === 'reasoning')
    expect(sent).toHaveLength(1)
  } finally {
    await sim.close()
  }
})
