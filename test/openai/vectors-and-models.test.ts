import { createOpenAI } from '@ai-sdk/openai'
import { openaiEmbeddingTarget } from '@routewise/http'
import { aiSdkEmbeddingTarget } from '@routewise/http/ai-sdk'
import type { Simulator } from '@routewise/simulator'
import type { CreateEmbeddingResponse } from 'openai/resources/embeddings'
import { describe, expect, test } from 'vitest'
import { hear } from './hear.ts'
import { embeddingRequests } from './requests.ts'
import { serve, upstreams } from './upstreams.ts'
import { validateEmbeddings, validateModel, validateModels } from './validate.ts'

const apiKey = 'test'
const model = 'text-embedding-3-small'
const kinds = {
  openaiEmbeddingTarget: (sim: Simulator) => openaiEmbeddingTarget({ baseURL: sim.url('openai'), apiKey, model }),
  aiSdkEmbeddingTarget: (sim: Simulator) => aiSdkEmbeddingTarget(createOpenAI({ apiKey, baseURL: sim.url('openai') }).embedding(model)),
}

describe.each(Object.entries(kinds))('%s', (kind, open) => {
  // A model of the AI SDK takes texts alone.
  const requests = Object.entries(embeddingRequests).filter(([name]) => kind === 'openaiEmbeddingTarget' || name !== 'tokens')

  test.each(requests)('embeds: %s', async (_, body) => {
    for (const onServer of [false, true]) {
      const { send } = await serve(sim => ({ embeddings: [open(sim)] }), { onServer })
      const { status, text, headers } = await hear(send, '/embeddings', { model: 'auto', ...body })
      const answer = JSON.parse(text) as CreateEmbeddingResponse
      expect([status, validateEmbeddings(answer)]).toEqual([200, []])
      expect(answer.data.map(({ index }) => index)).toEqual(
        Array.isArray(body['input']) && typeof body['input'][0] === 'string' ? [0, 1] : [0],
      )
      expect(typeof answer.data[0]!.embedding).toBe(body['encoding_format'] === 'base64' ? 'string' : 'object')
      expect(answer.usage.prompt_tokens).toBeGreaterThan(0)
      expect(headers.get('x-routewise-model')).toBe(model)
    }
  })
})

test('models are listed, and told one by one', async () => {
  const { send } = await serve(sim => ({ targets: upstreams.map(({ open }) => open(sim)), embeddings: [kinds.openaiEmbeddingTarget(sim)] }))
  const list = JSON.parse((await hear(send, '/models')).text) as { data: { id: string }[] }
  expect(validateModels(list)).toEqual([])
  const ids = list.data.map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(['auto', 'auto:cheapest', model, 'gpt-4o', 'openai/gpt-oss-20b']))
  for (const known of list.data) {
    const told: unknown = JSON.parse((await hear(send, `/models/${encodeURIComponent(known.id)}`)).text)
    expect([validateModel(told), told]).toEqual([[], known])
  }
})
