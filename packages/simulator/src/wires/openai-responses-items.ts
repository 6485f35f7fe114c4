import { hashText } from '../seed.ts'
import type { AnswerHead, PromptBlock, ServerStore } from '../types.ts'
import { ProblemError } from '../types.ts'
import type { JsonObject } from './json.ts'
import { isObject, objectsOf, textIn } from './json.ts'
import { callBlock, messageBlocks } from './openai-prompt.ts'
import { refuseRequest } from './openai-rules.ts'

/** The input of a request as items, with what it refers to: an earlier response of the same account, or items of one. */
export function inputItems(body: JsonObject, store: ServerStore, apiKey: string): JsonObject[] {
  const own = typeof body['input'] === 'string' ? [{ type: 'message', role: 'user', content: body['input'] }] : objectsOf(body['input'])
  const items = own.map(item => {
    if (item['type'] !== 'item_reference') return item
    const id = textIn(item['id'])
    const found = store.get(`item/${apiKey}/${id}`)
    if (!isObject(found))
      throw new ProblemError({ kind: 'not-found', message: `Item with id '${id}' not found.`, param: 'input', code: 'item_not_found' })
    return found
  })
  const previous = textIn(body['previous_response_id'])
  if (previous === '') return items
  const earlier = store.get(`response/${apiKey}/${previous}`)
  if (earlier === undefined) {
    refuseRequest(`Previous response with id '${previous}' not found.`, 'previous_response_id', 'previous_response_not_found')
  }
  return [...objectsOf(earlier), ...items]
}

/** Remembers a response and its items, so that later requests of the same account can refer to them. */
export function storeResponse(
  { store, request }: AnswerHead,
  id: string,
  input: readonly JsonObject[],
  output: readonly JsonObject[],
): void {
  store.set(`response/${request.apiKey}/${id}`, [...input, ...output])
  for (const item of output) store.set(`item/${request.apiKey}/${textIn(item['id'])}`, item)
}

/** Encrypted reasoning can be read by the account that it was made for, and by no other. */
export const sealReasoning = (apiKey: string, id: string): string => `gAAAA${hashText(apiKey).toString(36)}.${id}`

/** Every call needs its output, every output its call, and reasoning what it led to. */
export function checkItems(items: readonly JsonObject[], apiKey: string): void {
  const calls = new Set(items.filter(item => item['type'] === 'function_call').map(item => textIn(item['call_id'])))
  const outputs = new Set(items.filter(item => item['type'] === 'function_call_output').map(item => textIn(item['call_id'])))
  for (const id of outputs) if (!calls.has(id)) refuseRequest(`No tool call found for function call output with call_id ${id}.`, 'input')
  for (const id of calls) if (!outputs.has(id)) refuseRequest(`No tool output found for function call ${id}.`, 'input')
  for (const [index, item] of items.entries()) {
    if (item['type'] !== 'reasoning') continue
    const next = items[index + 1]
    const led = next !== undefined && (next['type'] === 'function_call' || next['type'] === 'reasoning' || next['role'] === 'assistant')
    if (!led) refuseRequest(`Item '${textIn(item['id'])}' of type 'reasoning' was provided without its required following item.`, 'input')
    const sealed = textIn(item['encrypted_content'])
    if (sealed !== '' && !sealed.startsWith(`gAAAA${hashText(apiKey).toString(36)}.`)) {
      refuseRequest(`The encrypted content for item ${textIn(item['id'])} could not be verified.`, 'input', 'invalid_encrypted_content')
    }
  }
}

/** The items as the model reads them. */
export function itemBlocks(items: readonly JsonObject[]): PromptBlock[] {
  let leading = true
  return items.flatMap((item): PromptBlock[] => {
    switch (item['type'] ?? 'message') {
      case 'message': {
        const role = item['role'] === 'developer' ? 'system' : item['role']
        if (role !== 'system' && role !== 'user' && role !== 'assistant')
          return refuseRequest(`Invalid value: '${String(role)}'.`, 'input', 'invalid_value')
        leading &&= role === 'system'
        return messageBlocks(leading ? 'system' : 'messages', role, item['content'])
      }
      case 'function_call':
        return [callBlock(textIn(item['name']), textIn(item['arguments']))]
      case 'function_call_output':
        return messageBlocks('messages', 'tool', item['output'])
      case 'reasoning':
        return []
      default:
        return refuseRequest(`Invalid value: '${String(item['type'])}'.`, 'input', 'invalid_value')
    }
  })
}
