import { createServer } from 'node:http'
import { bodyParser } from '@koa/bodyparser'
import { createOpenAI } from '@ai-sdk/openai'
import { ChatOpenAI } from '@langchain/openai'
import { createRouted } from '@routewise/ai-sdk'
import { routewise } from '@routewise/express'
import { createRouter, openaiTarget, type RequestScopeOptions, type RoutewiseRequest } from '@routewise/http'
import { routewise as koaRoutewise } from '@routewise/koa'
import { RoutedChatModel } from '@routewise/langchain'
import type { Simulator } from '@routewise/simulator'
import { generateText } from 'ai'
import express from 'express'
import Koa from 'koa'
import OpenAI from 'openai'

export const MODEL = 'gpt-6-luna'
const apiKey = 'test'

/** What a handler of the app does with a prompt. */
export type Handle = (routewise: RoutewiseRequest, prompt: string) => Promise<unknown>

/** A server of the app's own, whose requests say `x-tenant` and a prompt. */
export interface Framework {
  name: string
  serve(options: RequestScopeOptions<unknown>, handle: Handle): ReturnType<typeof createServer>
}

export const frameworks: readonly Framework[] = [
  {
    name: 'express',
    serve(options, handle) {
      const app = express()
      app.use(routewise({ tenant: req => req.get('x-tenant'), session: req => Promise.resolve(req.get('x-session')), ...options }))
      app.use(express.json())
      app.post('/ask', (req, res, next) => {
        const { prompt } = req.body as { prompt: string }
        handle(req.routewise, prompt).then(answer => res.json(answer), next)
      })
      app.use(((error: Error, _req, res, _next) => void res.status(500).json(told(error))) satisfies express.ErrorRequestHandler)
      return createServer(app)
    },
  },
  {
    name: 'koa',
    serve(options, handle) {
      const app = new Koa()
      app.silent = true
      const nameOf = (ctx: Koa.ParameterizedContext, header: string) => ctx.get(header) || undefined
      app.use(async (ctx, next) => {
        try {
          await next()
        } catch (error) {
          ctx.status = 500
          ctx.body = told(error as Error)
        }
      })
      app.use(
        koaRoutewise({ tenant: ctx => nameOf(ctx, 'x-tenant'), session: ctx => Promise.resolve(nameOf(ctx, 'x-session')), ...options }),
      )
      app.use(bodyParser())
      app.use(async ctx => {
        const { prompt } = ctx.request.body as { prompt: string }
        ctx.body = await handle(ctx.state.routewise, prompt)
      })
      const answer = app.callback()
      return createServer((req, res) => void answer(req, res))
    },
  },
]

/** What an error says of itself, through whatever the face has put around it. */
const told = (error: Error) => ({ code: 'code' in error ? error.code : undefined, message: error.message })

/** A way in which an app asks a routed model. */
export interface Face {
  name: string
  open(sim: Simulator): { router?: ReturnType<typeof createRouter>; ask: (prompt: string, routewise: RoutewiseRequest) => Promise<string> }
  /** Code of the error where the money is not enough. */
  overBudget: string
}

export const faces: readonly Face[] = [
  {
    name: 'RoutedChatModel',
    open(sim) {
      const luna = new ChatOpenAI({ model: MODEL, apiKey, configuration: { baseURL: sim.url('openai') } })
      const model = new RoutedChatModel({ models: [luna], hedge: false })
      return { ask: async prompt => (await model.invoke(prompt)).text }
    },
    overBudget: 'over_budget',
  },
  {
    name: 'createRouted',
    open(sim) {
      const routed = createRouted({ models: { luna: createOpenAI({ apiKey, baseURL: sim.url('openai') }).chat(MODEL) }, hedge: false })
      return { ask: async prompt => (await generateText({ model: routed('auto'), prompt, maxRetries: 0 })).text }
    },
    overBudget: 'over_budget',
  },
  {
    name: 'routedFetch',
    open(sim) {
      const router = createRouter({ targets: [openaiTarget({ baseURL: sim.url('openai'), apiKey, model: MODEL })], hedge: false })
      return {
        router,
        async ask(prompt, { fetch }) {
          const client = new OpenAI({ apiKey, fetch: fetch!, maxRetries: 0 })
          const answer = await client.chat.completions.create({ model: 'auto', messages: [{ role: 'user', content: prompt }] })
          return answer.choices[0]!.message.content!
        },
      }
    },
    overBudget: 'insufficient_quota',
  },
]
