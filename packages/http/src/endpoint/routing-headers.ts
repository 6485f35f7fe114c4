import type { Policy, Task } from '@routewise/core'
import type { EndpointRequest } from './exchange.ts'
import type { EndpointSettings } from './options.ts'
import { quoted, RequestError } from './request-error.ts'

/** What the client's own headers say about its routing. */
export interface RoutingWishes {
  policy?: Policy
  maxUsd?: number
  session?: string
  tenant?: string
  task?: Task
}

const NONE: RoutingWishes = {}
const MAX_CHARS = 200

/** Reads the routing headers that clients may set. @throws RequestError 400, naming header, value and remedy. */
export function readRoutingHeaders(
  request: Pick<EndpointRequest<never>, 'header'>,
  { allowHeaders, policies }: Pick<EndpointSettings, 'allowHeaders' | 'policies'>,
): RoutingWishes {
  let wishes = NONE
  for (const header of allowHeaders) {
    const value = request.header(`x-routewise-${header}`)
    if (value === undefined) continue
    if (wishes === NONE) wishes = {}
    if (header === 'policy') wishes.policy = policyOf(value, policies)
    else if (header === 'max-usd') wishes.maxUsd = amountOf(value)
    else wishes[header] = textOf(header, value)
  }
  return wishes
}

function policyOf(value: string, policies: EndpointSettings['policies']): Policy {
  const policy = Object.hasOwn(policies, value) ? policies[value] : undefined
  if (policy === undefined) throw wrong('policy', value, `give one of ${Object.keys(policies).join(', ')}`)
  return policy
}

function amountOf(value: string): number {
  if (!/^\d{1,9}(?:\.\d{1,12})?$/.test(value)) throw wrong('max-usd', value, 'give dollars that are not negative, such as 0.05')
  return Number(value)
}

function textOf(header: string, value: string): string {
  if (value.length === 0 || value.length > MAX_CHARS) throw wrong(header, value, `give 1 to ${MAX_CHARS} characters`)
  return value
}

const wrong = (header: string, value: string, remedy: string): RequestError =>
  new RequestError(`Header x-routewise-${header} is ${quoted(value)}: ${remedy}, or leave it out.`, {
    status: 400,
    param: `x-routewise-${header}`,
    code: 'invalid_header',
  })
