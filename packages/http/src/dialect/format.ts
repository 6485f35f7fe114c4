import { jsonOf, type Json } from '@routewise/core'
import type { WireApi } from '../call.ts'

/** JSON Schema that the answer is asked to fit; `undefined`: none. */
export function schemaOf(api: WireApi, body: Json): object | undefined {
  const { type, json_schema: nested, schema: flat } = formatOf(api, body)
  if (type !== 'json_schema') return undefined
  const schema = api === 'chat' ? jsonOf(nested)['schema'] : flat
  return typeof schema === 'object' && schema !== null ? schema : undefined
}

/** The answer is asked to be JSON, with a schema or without. */
export const asksForJson = (api: WireApi, body: Json): boolean => {
  const { type } = formatOf(api, body)
  return type === 'json_schema' || type === 'json_object'
}

const formatOf = (api: WireApi, body: Json): Json => jsonOf(api === 'chat' ? body['response_format'] : jsonOf(body['text'])['format'])
