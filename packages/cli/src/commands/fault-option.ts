import type { Fault, FaultEffect, ProblemKind } from '@routewise/simulator'
import { InvalidArgumentError } from 'commander'

const KINDS: Readonly<Record<number, ProblemKind>> = {
  400: 'bad-request',
  401: 'auth',
  402: 'quota',
  403: 'permission',
  404: 'not-found',
  408: 'timeout',
  413: 'too-large',
  429: 'rate-limit',
  500: 'server',
  502: 'server',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
}
const OPTIONS = new Set(['provider', 'model', 'from', 'to', 'share', 'factor', 'retry-after'])

/** Reads `503,provider=anthropic,from=10,to=40`; times in seconds of provider time. */
export function parseFault(value: string): Fault {
  const [what = '', ...pairs] = value.split(',')
  const given = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    if (at < 1 || !OPTIONS.has(name))
      throw new InvalidArgumentError(`Unknown option "${pair}" of a fault; there are ${[...OPTIONS].join(', ')}.`)
    given.set(name, pair.slice(at + 1))
  }
  const number = (name: string): number | undefined => {
    const text = given.get(name)
    if (text === undefined) return undefined
    const parsed = Number(text)
    if (text === '' || !Number.isFinite(parsed) || parsed < 0)
      throw new InvalidArgumentError(`"${name}" of a fault is "${text}": expected a number.`)
    return parsed
  }
  const provider = given.get('provider')
  const model = given.get('model')
  const [from, to, share] = [number('from'), number('to'), number('share')]
  const when = {
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
    ...(from === undefined ? {} : { fromMs: from * 1000 }),
    ...(to === undefined ? {} : { toMs: to * 1000 }),
    ...(share === undefined ? {} : { probability: share }),
  }
  return { when, effect: effectOf(what, number('factor'), number('retry-after')) }
}

function effectOf(what: string, factor: number | undefined, retryAfter: number | undefined): FaultEffect {
  switch (what) {
    case 'hang':
      return { type: 'hang', at: 'headers' }
    case 'slow':
      return { type: 'slow', factor: factor ?? 4 }
    case 'cut':
      return { type: 'cut', at: 'midway' }
    case 'silent-end':
      return { type: 'silent-end' }
    default: {
      const kind = KINDS[Number(what)]
      if (kind === undefined)
        throw new InvalidArgumentError(`Unknown fault "${what}"; there are ${Object.keys(KINDS).join(', ')}, hang, slow, cut, silent-end.`)
      return { type: 'http-error', kind, status: Number(what), ...(retryAfter === undefined ? {} : { retryAfterMs: retryAfter * 1000 }) }
    }
  }
}
