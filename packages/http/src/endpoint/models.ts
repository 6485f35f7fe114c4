import { ratesAt, type Clock } from '@routewise/core'
import type { WireTarget } from '../call.ts'
import type { EndpointResponse } from './exchange.ts'
import { unknownModel, type ModelNames } from './model-names.ts'

/** Answers `GET /models` and `GET /models/{id}`. @throws RequestError 404 for a model that is none. */
export function modelsResponse({ auto, targets }: ModelNames, id: string | undefined, clock: Clock): EndpointResponse {
  const names = [...auto, ...targets.keys()]
  const describe = (name: string) => {
    const target = targets.get(name)
    return target === undefined ? { id: name, object: 'model', created: 0, owned_by: 'routewise' } : describeTarget(target, clock)
  }
  if (id !== undefined && !names.includes(id)) throw unknownModel(id, names)
  const body = id === undefined ? { object: 'list', data: names.map(describe) } : describe(id)
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-transform' },
    body: JSON.stringify(body),
  }
}

/** OpenAI's fields, and what a client may want to know before it chooses. */
function describeTarget({ id, model, kind, card }: WireTarget, clock: Clock) {
  const { provider, contextTokens, maxOutputTokens } = card
  return {
    id,
    object: 'model',
    created: 0,
    owned_by: provider,
    model,
    kind,
    context_window: contextTokens,
    ...(maxOutputTokens !== undefined && { max_output_tokens: maxOutputTokens }),
    /** USD per million tokens, now; `null` where it is not known. */
    pricing: pricesOf(card, clock),
  }
}

function pricesOf(card: WireTarget['card'], clock: Clock) {
  const rates = ratesAt(card, clock.wall(), 0)
  if (rates === undefined) return null
  const { input, output, cacheRead, cacheWrite } = rates
  return {
    input,
    output,
    ...(cacheRead !== undefined && { cache_read: cacheRead }),
    ...(cacheWrite !== undefined && { cache_write: cacheWrite }),
  }
}
