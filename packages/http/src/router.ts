import {
  checkPrices,
  cheapest,
  createRouter as createCoreRouter,
  currentContext,
  systemClock,
  systemId,
  type CallOptions,
  type Clock,
  type Decision,
  type Json,
  type NewId,
  type PromptCacheFacts,
  type Receipt,
  type Router,
  type RouterEvents,
  type Target,
} from '@routewise/core'
import { newTrace, type WireApi, type WireCall, type WireChunk, type WireTarget } from './call.ts'
import { createDialect } from './dialect/dialect.ts'
import { createToolSorter } from './dialect/tools.ts'
import { parseRouterOptions, type WireRouterOptions } from './options.ts'

/** A router whose calls and answers are those of OpenAI's API. */
export interface WireRouter {
  /** Language models, in the order given. */
  readonly targets: readonly WireTarget[]
  /** Embedding models, in the order given. */
  readonly embeddings: readonly WireTarget[]
  readonly clock: Clock
  /** Makes ids of calls. */
  readonly newId: NewId
  /** Ids or tags of the only language models to use, and of those not to use; no client can ask for others. */
  readonly selection: { readonly allow: readonly string[] | undefined; readonly deny: readonly string[] | undefined }
  /** What the router would do with the body of a request, and what it expects of it, without calling anybody. Takes microseconds. */
  decide(body: Json, options?: CallOptions & { api?: WireApi }): Decision
  /** Runs a call: yields what the one attempt that answers has to say, returns the receipt. Leaving the loop cancels the provider. */
  run(call: WireCall, options?: CallOptions): AsyncGenerator<WireChunk, Receipt, void>
  /** How the prompt cache of each target has turned out so far: prediction error, hit ratio, real minimum and lifetime. */
  promptCaches(): readonly PromptCacheFacts[]
  /** Tells of decisions, silence, breakers, attempts and receipts; the returned function ends it. */
  on<Name extends keyof RouterEvents>(name: Name, listener: (event: RouterEvents[Name]) => void): () => void
}

type CoreRouter = Router<WireCall, WireChunk>

/**
 * Routes requests of OpenAI's API among targets.
 * @throws RouterError `invalid_option` or `duplicate_target`, naming the option, the value and what is allowed; `price_unknown` when the
 * policy weighs money and a target has no price.
 */
export function createRouter(options: WireRouterOptions): WireRouter {
  const { targets, embeddings, routing, sorts } = parseRouterOptions(options)
  const clock = routing.clock ?? systemClock
  const dialect = createDialect()
  const sort = sorts ? createToolSorter() : undefined
  const traced = (target: WireTarget): Target<WireCall, WireChunk> => ({
    ...target,
    open(call, io) {
      const { trace } = call
      trace.attempts += 1
      trace.decisionMs ??= clock.now() - trace.startedAt
      return target.open(call, io)
    },
  })
  const language = targets.length === 0 ? undefined : createCoreRouter({ ...routing, targets: targets.map(traced), dialect })
  const vectors =
    embeddings.length === 0 ? undefined : createCoreRouter({ ...forVectors(routing), targets: embeddings.map(traced), dialect })
  const routers = [language, vectors].filter(router => router !== undefined)

  const sorted = (call: WireCall, tenant: string | undefined): WireCall => sort?.(call, tenant ?? currentContext().tenant) ?? call

  function routerFor(api: WireApi): CoreRouter {
    const router = api === 'embeddings' ? vectors : language
    if (router === undefined) throw new RangeError(`This router has no ${api === 'embeddings' ? 'embedding' : 'language'} models.`)
    return router
  }

  const router: WireRouter = {
    targets,
    embeddings,
    clock,
    newId: routing.newId ?? systemId,
    selection: { allow: routing.allow, deny: routing.deny },
    decide(body, { api = 'input' in body ? 'responses' : 'chat', ...callOptions } = {}) {
      const call: WireCall = { api, body, stream: body['stream'] === true, trace: newTrace(clock.now()) }
      return routerFor(api).decide(sorted(call, callOptions.tenant), callOptions)
    },
    run: (call, callOptions) => routerFor(call.api).run(sorted(call, callOptions?.tenant), callOptions),
    promptCaches: () => routers.flatMap(each => each.promptCaches()),
    on(name, listener) {
      const stops = routers.map(each => each.on(name, listener))
      return () => stops.forEach(stop => stop())
    },
  }
  if (language !== undefined) checkPrices(targets, () => router.decide({ messages: [] }))
  return router
}

/** What is said of the quality, the judging and the passing on of answers does not apply to vectors. */
function forVectors({ store, clock, random, newId, retry, breaker, hedge, timeouts, deny, valueOfTimeUsdPerSecond }: WireRouterOptions) {
  const given = { store, clock, random, newId, retry, breaker, hedge, timeouts, deny, valueOfTimeUsdPerSecond, policy: cheapest() }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
