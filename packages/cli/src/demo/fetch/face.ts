import { routedFetch } from '@routewise/http'
import OpenAI from 'openai'
import { openAiFace } from '../openai/face.ts'

/** The demo's app on the `openai` SDK, routed in its own process. */
export const fetchFace = openAiFace('routedFetch', async router => ({
  client: new OpenAI({ apiKey: 'any', fetch: routedFetch(router), maxRetries: 0 }),
  async close() {},
}))
