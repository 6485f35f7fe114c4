import type { ServerResponse } from 'node:http'
import type { Random } from '@routewise/core'
import type { FindAnswer } from './answer/recordings.ts'
import type { FaultScript } from './fault-script.ts'
import { clientSignal, sendReply } from './http.ts'
import type { Ledger } from './ledger.ts'
import type { Models } from './models.ts'
import type { SimulatorSettings } from './options.ts'
import type { PromptCache } from './prompt-cache/prompt-cache.ts'
import type { ProviderTime } from './provider-time.ts'
import type { RequestLog } from './request-log.ts'
import { seededId } from './seed.ts'
import type { Tokenizer } from './tokenizer.ts'
import type { HttpReply, OperationContext, Problem, Provider, ServerStore } from './types.ts'

// A provider refuses before it reads, so errors come fast.
const ERROR_MS = 40

/** What all vendors of a simulator share. */
export interface World {
  settings: SimulatorSettings
  time: ProviderTime
  random: Random
  promptCache: PromptCache
  faults: FaultScript
  ledger: Ledger
  log: RequestLog
  findAnswer: FindAnswer
  tokenizer(): Promise<Tokenizer>
}

/** One simulated vendor. */
export interface Vendor {
  provider: Provider
  models: Models
  store: ServerStore
}

/** One request and its response, on their way through the engine. */
export interface Exchange {
  world: World
  vendor: Vendor
  id: string
  startMs: number
  wallMs: number
  response: ServerResponse
  /** Aborts when the client leaves. */
  signal: AbortSignal
  context: OperationContext
  errorReply: (problem: Problem) => HttpReply
}

export function openExchange(world: World, vendor: Vendor, count: number, response: ServerResponse): Exchange {
  const { provider, models, store } = vendor
  const [words] = provider.wires
  if (words === undefined) throw new TypeError(`Provider "${provider.id}" has no wires`)
  const wallMs = world.time.wall()
  const id = seededId(world.settings.seed, provider.id, count)
  return {
    world,
    vendor,
    id,
    startMs: world.time.now(),
    wallMs,
    response,
    signal: clientSignal(response),
    context: {
      provider,
      store,
      wallMs,
      get models() {
        return models.list()
      },
      findModel: models.find,
      async countTokens(blocks, card) {
        const tokenizer = await world.tokenizer()
        const tokens = blocks.reduce((sum, block) => sum + tokenizer.count(block.text) + (block.extraTokens ?? 0), 0)
        return Math.round(tokens * card.tokenFactor)
      },
    },
    errorReply: problem => words.error({ requestId: id, wallMs, ...problem }, provider),
  }
}

/** Answers with an error, in the vendor's words. Resolves to the status; 0 when the client had left. */
export async function refuse({ world, response, signal, startMs, errorReply }: Exchange, problem: Problem): Promise<number> {
  await world.time.until(startMs + ERROR_MS, signal)
  if (signal.aborted) return 0
  const reply = errorReply(problem)
  sendReply(response, reply)
  return reply.status
}
