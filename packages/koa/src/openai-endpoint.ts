import { createNodeHandler, type EndpointOptions, type EndpointResponse, type WireRouter } from '@routewise/http'
import type { Middleware, ParameterizedContext } from 'koa'
import { answerStream } from './answer-stream.ts'

export interface OpenaiEndpointOptions extends EndpointOptions<ParameterizedContext> {
  /** Path that the endpoint is found below, as `ctx.path` reads where it is mounted. Default `/v1`, under koa-mount `/`. */
  path?: string
}

/**
 * OpenAI's API over a router: `app.use(openaiEndpoint(router, { path: '/v1' }))`. What is none of its paths goes on to the app.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function openaiEndpoint(router: WireRouter, { path, ...options }: OpenaiEndpointOptions = {}): Middleware {
  const handle = createNodeHandler(router, options)
  return async (ctx, next) => {
    const base = path ?? ('mountPath' in ctx ? '/' : '/v1')
    const below = pathBelow(base, ctx.path)
    const { req, res } = ctx
    const answer = below === undefined ? undefined : await handle(req, res, { path: below, body: bodyOf(ctx), native: ctx })
    if (answer === undefined) return next()
    send(ctx, answer)
  }
}

function pathBelow(base: string, path: string): string | undefined {
  const prefix = base.endsWith('/') ? base.slice(0, -1) : base
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined
}

/** Where body parsers leave what they have read. */
const bodyOf = ({ request }: ParameterizedContext): unknown => ('body' in request ? request.body : undefined)

/** As Koa's own: what is mounted above sees the answer, and may change it, before it leaves. */
function send(ctx: ParameterizedContext, { status, headers, body }: EndpointResponse): void {
  ctx.status = status
  ctx.set({ ...headers })
  if (typeof body === 'string') ctx.body = body
  else if (body instanceof Uint8Array) ctx.body = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  else ctx.body = answerStream(body)
}
