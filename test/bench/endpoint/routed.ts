// The endpoint on Express, over one model of an OpenAI-wire provider.
import { openaiEndpoint } from '@routewise/express'
import { createRouter, openaiTarget } from '@routewise/http'
import { cheapest, type Receipt } from '@routewise/core'
import express from 'express'
import { serve, settings } from './serve.ts'

const { upstream, models = ['gpt-6-luna'], keepsReceipts = false } = settings() as RoutedSettings

/** How the routed server of a bench is set up. */
export interface RoutedSettings {
  /** Port of the provider. */
  upstream: number
  models?: readonly string[]
  /** Receipts are told when asked. */
  keepsReceipts?: boolean
}

const baseURL = `http://127.0.0.1:${upstream}/v1`
const router = createRouter({
  targets: models.map(model => openaiTarget({ baseURL, apiKey: 'bench', model })),
  policy: cheapest(),
  hedge: false,
})
const receipts: Receipt[] = []
if (keepsReceipts) router.on('receipt', receipt => receipts.push(receipt))

const app = express()
app.disable('x-powered-by')
app.use('/v1', openaiEndpoint(router))
serve(app, () => ({ receipts }))
