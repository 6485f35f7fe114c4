import { openaiEndpoint } from '@routewise/express'
import express from 'express'
import { MAX_BODY_BYTES, openAiFace } from '../openai/face.ts'
import { listen } from '../openai/listen.ts'

/** The demo's app on the `openai` SDK, which asks an Express server. */
export const expressFace = openAiFace('openaiEndpoint', router => {
  const app = express()
  app.use('/v1', openaiEndpoint(router, { maxBodyBytes: MAX_BODY_BYTES }))
  return listen(app)
})
