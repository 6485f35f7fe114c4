import { currentContext, RouterError, type CallOptions, type RequestContext } from '@routewise/core'
import type { WireRouter } from '../router.ts'
import { resolveScope } from '../scope.ts'
import { createAsk, type Question } from './ask.ts'
import { createAuth, keyOf, sha256 } from './auth.ts'
import { errorResponse, isAnswerable, type Asked } from './error-answer.ts'
import type { EndpointRequest, EndpointResponse, Handler } from './exchange.ts'
import { createIdempotency } from './idempotency.ts'
import { createModelNames, type ModelChoice } from './model-names.ts'
import { modelsResponse } from './models.ts'
import { parseEndpointOptions, type EndpointOptions } from './options.ts'
import { readBody } from './read-body.ts'
import { RequestError } from './request-error.ts'
import { findRoute, type Route } from './routes.ts'
import { readRoutingHeaders, type RoutingWishes } from './routing-headers.ts'
import { requireText, validate } from './validate.ts'

/**
 * The endpoint's logic, for any server: route, key, headers, body, scope, model, answer. The handler rejects with what a function among
 * the options throws, and with nothing else.
 * @throws RouterError `invalid_option`, naming the option, the value and what is allowed.
 */
export function createHandler<Native = unknown>(router: WireRouter, options: EndpointOptions<Native> = {}): Handler<Native> {
  const settings = parseEndpointOptions(options, 'createHandler')
  const { apiKeys, maxBodyBytes, keepAliveMs, forwardHeaders } = settings
  const names = createModelNames(router, settings.policies)
  const authenticate = apiKeys === undefined ? undefined : createAuth(apiKeys)
  const ask = createAsk({ router, names, keepAliveMs })
  const { clock } = router
  const remember = settings.idempotency === false ? undefined : createIdempotency({ ...settings.idempotency, clock })

  async function answer(request: EndpointRequest<Native>, route: Route, asked: Asked): Promise<EndpointResponse> {
    const arrivedAt = clock.now()
    if (request.method !== route.method) throw wrongMethod(request.method, route.method)
    authenticate?.(request)
    const { api } = route
    if (api === undefined) return withId(modelsResponse(names, route.model, clock), asked.id)
    const wishes = readRoutingHeaders(request, settings)
    const { body, text } = readBody(await request.body(maxBodyBytes))
    // Clients of Azure say it in the path, whatever they say in the body.
    const name = requireText('model', route.model ?? body['model'])
    validate(api, body)
    const choice = names.choose(api, name)
    asked.narrowed = choice.allow !== undefined || choice.policy !== undefined || wishes.policy !== undefined
    const found = resolveScope(options, request.native)
    const scope = found instanceof Promise ? await found : found
    const { deadlineMs } = scope
    const question: Question = {
      api,
      body,
      text,
      forwarded: forwardHeaders.length === 0 ? undefined : forwardedOf(request, forwardHeaders),
      options: callOptionsOf(choice, wishes, scope, request.signal, asked.id),
      endsAt: deadlineMs === undefined ? undefined : arrivedAt + requireAmount('deadlineMs', deadlineMs),
      signal: request.signal,
      asked,
    }
    const key = remember === undefined ? undefined : request.header('idempotency-key')
    if (remember === undefined || key === undefined) return ask(question)
    const tenant = question.options.tenant ?? currentContext().tenant
    const sender = keyOf(request)
    return remember({
      key: [api, tenant, sender === undefined ? undefined : sha256(sender).toString('base64'), key],
      content: `${name}\n${text ?? JSON.stringify(body)}`,
      signal: request.signal,
      // It goes on while anybody waits for it, whoever has left.
      ask: signal => ask({ ...question, signal, options: { ...question.options, signal } }),
    })
  }

  return async request => {
    const route = findRoute(request.path)
    if (route === undefined) return undefined
    const asked: Asked = { id: router.newId(), api: route.api }
    try {
      return await answer(request, route, asked)
    } catch (error) {
      if (!isAnswerable(error)) throw error
      return errorResponse(error, asked)
    }
  }
}

/** A client's wishes come before what its model's name says, and both before the options; only money it cannot have more of. */
function callOptionsOf(choice: ModelChoice, wishes: RoutingWishes, scope: RequestContext, signal: AbortSignal, id: string): CallOptions {
  const options: CallOptions = { id, signal, allow: choice.allow, policy: wishes.policy ?? choice.policy }
  const tenant = wishes.tenant ?? scope.tenant
  const session = wishes.session ?? scope.session
  const task = wishes.task ?? choice.task ?? scope.task
  if (tenant !== undefined) options.tenant = tenant
  if (session !== undefined) options.session = session
  if (task !== undefined) options.task = task
  const { maxUsd } = scope
  if (maxUsd !== undefined) options.maxUsd = Math.min(requireAmount('maxUsd', maxUsd), wishes.maxUsd ?? Number.POSITIVE_INFINITY)
  else if (wishes.maxUsd !== undefined) options.maxUsd = wishes.maxUsd
  return options
}

function requireAmount(option: string, value: number): number {
  if (typeof value === 'number' && value >= 0) return value
  throw new RouterError('invalid_option', `Option \`${option}\` came to ${String(value)}: give a number that is not negative.`)
}

function forwardedOf<Native>(request: EndpointRequest<Native>, names: readonly string[]): Readonly<Record<string, string>> {
  const forwarded: Record<string, string> = {}
  for (const name of names) {
    const value = request.header(name)
    if (value !== undefined) forwarded[name] = value
  }
  return forwarded
}

const withId = (response: EndpointResponse, id: string): EndpointResponse => ({
  ...response,
  headers: { ...response.headers, 'x-request-id': id },
})

const wrongMethod = (method: string, allowed: string): RequestError =>
  new RequestError(`Not allowed to ${method} here: ${allowed} it instead.`, {
    status: 405,
    code: 'method_not_allowed',
    headers: { allow: allowed },
  })
