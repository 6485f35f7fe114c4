import { openaiEndpoint } from '@routewise/koa'
import Koa from 'koa'
import { MAX_BODY_BYTES, openAiFace } from '../openai/face.ts'
import { listen } from '../openai/listen.ts'

/** The demo's app on the `openai` SDK, which asks a Koa server. */
export const koaFace = openAiFace('openaiEndpoint', router => {
  const app = new Koa()
  app.use(openaiEndpoint(router, { path: '/v1', maxBodyBytes: MAX_BODY_BYTES }))
  return listen(app)
})
