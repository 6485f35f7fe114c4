import type { RequestListener } from 'node:http'
import { bodyParser } from '@koa/bodyparser'
import { openaiEndpoint } from '@routewise/express'
import { createEndpoint, nodeListener } from '@routewise/http'
import { openaiEndpoint as koaEndpoint } from '@routewise/koa'
import express from 'express'
import express4 from 'express4'
import Koa from 'koa'
import type { HttpAdapter } from './http-adapter-world.ts'
import { bridge } from './http-adapter-bridge.ts'

const onExpress = (make: typeof express): HttpAdapter => {
  const app =
    (before: express.RequestHandler[]): HttpAdapter['mount'] =>
    (router, options) => {
      const server = make()
      for (const each of before) server.use(each)
      server.use('/v1', openaiEndpoint(router, options))
      return server
    }
  const readAll: express.RequestHandler = (req, _res, next) => {
    req.on('end', next).resume()
  }
  return { mount: app([]), parsed: app([make.json(), make.urlencoded({ extended: false })]), consumed: app([readAll]) }
}

const onKoa = (): HttpAdapter => {
  const app =
    (before: Koa.Middleware[]): HttpAdapter['mount'] =>
    (router, options) => {
      const server = new Koa()
      // It prints every socket that breaks.
      server.silent = true
      for (const each of before) server.use(each)
      server.use(koaEndpoint(router, { ...options, path: '/v1' }))
      const answer = server.callback()
      return (req, res) => void answer(req, res)
    }
  const readAll: Koa.Middleware = async ({ req }, next) => {
    for await (const _chunk of req);
    await next()
  }
  return { mount: app([]), parsed: app([bodyParser()]), consumed: app([readAll]) }
}

/** Every way that there is. */
export const adapters: Readonly<Record<string, HttpAdapter>> = {
  'express 5': onExpress(express),
  'express 4': onExpress(express4),
  koa: onKoa(),
  fetch: { mount: (router, options) => bridge(createEndpoint(router, { ...options, basePath: '/v1' })) },
  'node:http': { mount: (router, options): RequestListener => nodeListener(router, options) },
}
