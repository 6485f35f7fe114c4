import { isJson, jsonOf, objectsOf, type Json } from '@routewise/core'

/** Mistral's thoughts are parts of the content; OpenAI's clients expect a string there, and thoughts beside it. */
export function withoutParts(message: Json): Json {
  const { content } = message
  if (!Array.isArray(content)) return message
  const thoughts = said(content, 'thinking')
  const text = said(content, 'text')
  return { ...message, content: text, ...(thoughts !== '' && { reasoning_content: thoughts }) }
}

function said(content: unknown, type: 'thinking' | 'text'): string {
  return objectsOf(content)
    .map(part => (part['type'] !== type ? '' : Array.isArray(part[type]) ? said(part[type], 'text') : String(part[type])))
    .join('')
}

/** A chat completion, or a chunk of one, without parts in its content; the same object where there are none. */
export function withPlainContent(body: Json): Json {
  const { choices } = body
  const plain = objectsOf(choices).map(choice => {
    const name = isJson(choice['delta']) ? 'delta' : 'message'
    return { ...choice, [name]: withoutParts(jsonOf(choice[name])) }
  })
  return { ...body, choices: plain }
}
