import { isJson, type Json } from '@routewise/core'
import { checkResponsesRequest } from '../bridge/check-responses-request.ts'
import type { WireApi } from '../call.ts'
import { RequestError } from './request-error.ts'

/** What is looked at before a model is asked; the rest is the provider's to judge. @throws RequestError 400, in OpenAI's own words. */
export function validate(api: WireApi, body: Json): void {
  if (api === 'chat') validateChat(body)
  else if (api === 'responses') validateResponses(body)
  else validateEmbeddings(body)
}

function validateChat(body: Json): void {
  const { messages, n, modalities } = body
  requireBoolean(body, 'stream')
  requireList('messages', messages)
  for (let at = 0; at < messages.length; at += 1) {
    const message = messages[at]
    if (!isJson(message)) throw wrongType(`messages[${at}]`, 'an object', message)
    if (typeof message['role'] !== 'string') throw missingOrWrong(`messages[${at}].role`, 'a string', message['role'])
  }
  if (n !== undefined && n !== null && n !== 1) throw unsupported('n', n, 'Only 1 is: an answer is that of one model.')
  if (Array.isArray(modalities) && modalities.includes('audio'))
    throw unsupported('modalities', 'audio', "Only 'text' is: spoken answers are not routed.")
}

function validateResponses(body: Json): void {
  const { input } = body
  requireBoolean(body, 'stream')
  if (typeof input !== 'string') requireList('input', input, 'a string or an array of items')
  const fault = checkResponsesRequest(body)
  if (fault !== undefined) throw new RequestError(fault.message, { status: 400, param: fault.param, code: 'unsupported_parameter' })
}

function validateEmbeddings({ input }: Json): void {
  if (typeof input === 'string') {
    if (input === '') throw new RequestError("Invalid 'input': input cannot be an empty string.", { status: 400, param: 'input' })
    return
  }
  requireList('input', input, 'a string or an array')
}

function requireList(param: string, value: unknown, expected = 'an array of objects'): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw missingOrWrong(param, expected, value)
  if (value.length > 0) return
  throw new RequestError(`Invalid '${param}': empty array. Expected an array with minimum length 1, but got an empty array instead.`, {
    status: 400,
    param,
    code: 'empty_array',
  })
}

function requireBoolean(body: Json, param: string): void {
  const value = body[param]
  if (value !== undefined && value !== null && typeof value !== 'boolean') throw wrongType(param, 'a boolean', value)
}

/** A text that the request must have. @throws RequestError 400. */
export function requireText(param: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw missingOrWrong(param, 'a string', value)
  return value
}

function missingOrWrong(param: string, expected: string, value: unknown): RequestError {
  if (value !== undefined && value !== '') return wrongType(param, expected, value)
  return new RequestError(`Missing required parameter: '${param}'.`, { status: 400, param, code: 'missing_required_parameter' })
}

const wrongType = (param: string, expected: string, value: unknown): RequestError =>
  new RequestError(`Invalid type for '${param}': expected ${expected}, but got ${kindOf(value)} instead.`, {
    status: 400,
    param,
    code: 'invalid_type',
  })

const unsupported = (param: string, value: unknown, remedy: string): RequestError =>
  new RequestError(`Unsupported value: '${param}' does not support ${JSON.stringify(value)?.slice(0, 100)} here. ${remedy}`, {
    status: 400,
    param,
    code: 'unsupported_value',
  })

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
