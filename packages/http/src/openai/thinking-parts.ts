import { isJson, jsonOf, objectsOf, type Json } from '@routewise/core'

/**
 * Mistral's thoughts are parts of the content, and its streamed calls do not say that they are functions. OpenAI's clients expect a string for
 * the content, thoughts beside it, and a type where a call begins.
 */
export function withoutParts(given: Json): Json {
  const { content, tool_calls: calls } = given
  const message = Array.isArray(calls) ? { ...given, tool_calls: objectsOf(calls).map(withType) } : given
  if (!Array.isArray(content)) return message
  const thoughts = said(content, 'thinking')
  const text = said(content, 'text')
  return { ...message, content: text, ...(thoughts !== '' && { reasoning_content: thoughts }) }
}

const withType = (call: Json): Json => (call['id'] === undefined || call['type'] !== undefined ? call : { ...call, type: 'function' })

function said(content: unknown, type: 'thinking' | 'text'): string {
  return objectsOf(content)
    .map(part => (part['type'] !== type ? '' : Array.isArray(part[type]) ? said(part[type], 'text') : String(part[type])))
    .join('')
}

/** A chat completion, or a chunk of one, without parts in its content, and with a type for its calls. */
export function withPlainContent(body: Json): Json {
  const { choices } = body
  const plain = objectsOf(choices).map(choice => {
    const name = isJson(choice['delta']) ? 'delta' : 'message'
    return { ...choice, [name]: withoutParts(jsonOf(choice[name])) }
  })
  return { ...body, choices: plain }
}
