import { objectsOf, readLogprobs, type Json, type Reading, type ToolCallPart } from '@routewise/core'

/** Notes what a message of a chat completion says, or a piece of one; tells whether that is part of a refusal. */
export function noteMessage(reading: Reading, message: Json): boolean {
  const { content, refusal, tool_calls: calls } = message
  let characters = 0
  const text = typeof content === 'string' ? content : partsText(content, 'text')
  if (text !== '') {
    reading.text = text
    characters += text.length
  }
  const reasoning = message['reasoning_content'] ?? message['reasoning']
  characters += typeof reasoning === 'string' ? reasoning.length : 0
  if (typeof content === 'object' && content !== null) characters += partsText(content, 'thinking').length
  if (calls !== undefined && calls !== null) {
    const parts = objectsOf(calls).map(toolCallPart)
    if (parts.length > 0) reading.toolCalls = parts
    for (const { name = '', arguments: json = '' } of parts) characters += name.length + json.length
  }
  // A refusal waits for its end: another model may have to answer.
  if (characters > 0 || reading.toolCalls !== undefined) reading.meaningful = true
  const refused = typeof refusal === 'string' ? refusal.length : 0
  if (characters + refused > 0) reading.contentChars = characters + refused
  return refused > 0
}

function toolCallPart({ index, function: called, custom }: Json, at: number): ToolCallPart {
  const { name, arguments: json, input } = (called ?? custom ?? {}) as Json
  const part: ToolCallPart = { index: typeof index === 'number' ? index : at }
  if (typeof name === 'string' && name !== '') part.name = name
  const written = json ?? input
  // Some servers give the arguments as they are, not as JSON within a string.
  if (written !== undefined && written !== null) part.arguments = typeof written === 'string' ? written : JSON.stringify(written)
  return part
}

/** Mistral gives its content in parts, its thoughts among them. */
function partsText(content: unknown, type: 'text' | 'thinking'): string {
  let text = ''
  for (const part of objectsOf(content)) {
    if (part['type'] !== type) continue
    const said = part[type]
    text += typeof said === 'string' ? said : partsText(said, 'text')
  }
  return text
}

/** Notes the log-probabilities of a choice. */
export function noteLogprobs(reading: Reading, logprobs: unknown): void {
  if (typeof logprobs !== 'object' || logprobs === null) return
  const read = readLogprobs((logprobs as Json)['content'])
  if (read !== undefined) reading.logprobs = read
}
