import type { IncomingMessage, ServerResponse } from 'node:http'
import { costOf, toNanoUsd } from '@routewise/core'
import { callModel } from './call-model.ts'
import type { Exchange, Vendor, World } from './exchange.ts'
import { openExchange, refuse } from './exchange.ts'
import { readRequest, sendReply } from './http.ts'
import type { HttpRequest, Operation } from './types.ts'
import { ProblemError } from './types.ts'

/** Answers the requests that reach one vendor. Never rejects: what goes wrong inside is a 500 of the vendor. */
export function createHandler(world: World, vendor: Vendor): (message: IncomingMessage, response: ServerResponse) => Promise<void> {
  let count = 0
  return async (message, response) => {
    count += 1
    const exchange = openExchange(world, vendor, count, response)
    try {
      await answer(exchange, await readRequest(message))
    } catch (error) {
      if (response.headersSent || response.destroyed) response.destroy()
      else
        sendReply(response, exchange.errorReply(error instanceof ProblemError ? error.problem : { kind: 'server', message: String(error) }))
    }
  }
}

async function answer(exchange: Exchange, http: HttpRequest): Promise<void> {
  const { world, vendor, id, startMs } = exchange
  const seen = { id, provider: vendor.provider.id, atMs: startMs, http }
  for (const wire of vendor.provider.wires) {
    const operation = wire.match(http, vendor.provider)
    if (operation === undefined) continue
    exchange.errorReply = problem => wire.error({ requestId: id, wallMs: exchange.wallMs, ...problem }, vendor.provider)
    if (operation.type === 'generate') {
      return callModel(exchange, operation, parsed => world.log.add({ ...seen, ...(parsed !== undefined && { parsed }) }))
    }
    world.log.add(seen)
    return reply(exchange, operation)
  }
  world.log.add(seen)
  await refuse(exchange, { kind: 'not-found', message: `Invalid URL (${http.method} ${http.path})` })
}

/** Answers what is no model call: lists, counts, embeddings. Only HTTP errors strike here. */
async function reply(exchange: Exchange, operation: Extract<Operation, { type: 'reply' }>): Promise<void> {
  const { world, vendor, response, context, id, startMs, wallMs } = exchange
  const effects = world.faults.strike({ provider: vendor.provider.id, model: operation.model, stream: false, nowMs: startMs })
  const fault = effects.find(effect => effect.type === 'http-error')
  if (fault !== undefined) {
    await refuse(exchange, fault)
    return
  }
  const { billed, ...answered } = await operation.reply(context)
  sendReply(response, answered)
  if (billed === undefined) return
  const card = vendor.models.find(billed.model)
  world.ledger.add({
    id,
    provider: vendor.provider.id,
    model: billed.model,
    account: '',
    stream: false,
    startMs,
    endMs: world.time.now(),
    end: 'answered',
    status: answered.status,
    usage: billed.usage,
    costNanoUsd: card === undefined ? undefined : withStorage(costOf(card, billed.usage, wallMs), billed.storageUsd),
  })
}

const withStorage = (cost: number | undefined, storageUsd = 0): number | undefined =>
  cost === undefined ? undefined : cost + toNanoUsd(storageUsd)
