// What any endpoint on Express costs at least: the bytes of a request and of its answer passed on, backpressure honoured, the upstream left when the client leaves.
import express, { type Request, type Response } from 'express'
import { Pool } from 'undici'
import { serve, settings } from './serve.ts'

const { upstream } = settings() as { upstream: number }
const pool = new Pool(`http://127.0.0.1:${upstream}`)

const app = express()
app.disable('x-powered-by')
app.post('/v1/chat/completions', (request, response, next) => {
  void pass(request, response).then(undefined, next)
})
serve(app)

async function pass(request: Request, response: Response): Promise<void> {
  const left = new AbortController()
  response.on('close', () => {
    if (!response.writableFinished) left.abort()
  })
  const length = request.headers['content-length']
  const headers: Record<string, string> = { 'content-type': 'application/json', ...(length !== undefined && { 'content-length': length }) }
  try {
    await pool.stream({ method: 'POST', path: '/v1/chat/completions', headers, body: request, signal: left.signal }, answer => {
      const passed: Record<string, string> = {}
      for (const name of ['content-type', 'content-length']) {
        const value = answer.headers[name]
        if (typeof value === 'string') passed[name] = value
      }
      return response.writeHead(answer.statusCode, passed)
    })
  } catch (error) {
    if (!left.signal.aborted) throw error
  }
}
