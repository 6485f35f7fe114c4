import {
  chatFinish,
  isJson,
  jsonOf,
  objectsOf,
  readLogprobs,
  readUsage,
  responsesFinish,
  type Json,
  type Reading,
  type ToolCallPart,
} from '@routewise/core'
import { noteLogprobs, noteMessage } from './chat-content.ts'

/** What a whole chat completion says. */
export function readChatAnswer(body: Json, requestedTier: string | undefined): Reading {
  const reading: Reading = { meaningful: false }
  noteAbout(reading, body, requestedTier)
  const choice = jsonOf(objectsOf(body['choices'])[0])
  const refused = noteMessage(reading, jsonOf(choice['message']))
  noteLogprobs(reading, choice['logprobs'])
  const end = choice['finish_reason']
  // A body that could be parsed is whole, whether or not it names a reason.
  noteFinish(reading, typeof end === 'string' ? chatFinish(end, refused) : 'other')
  return reading
}

/** What a whole answer of OpenAI's Responses says. */
export function readResponsesAnswer(body: Json): Reading {
  const reading: Reading = { meaningful: false }
  noteAbout(reading, body, undefined)
  const calls: ToolCallPart[] = []
  let text = ''
  let characters = 0
  for (const item of objectsOf(body['output'])) {
    const { type, name, arguments: json, input } = item
    if (type === 'message') {
      for (const part of objectsOf(item['content'])) {
        if (typeof part['text'] === 'string') text += part['text']
        if (typeof part['refusal'] === 'string') characters += part['refusal'].length
        const logprobs = readLogprobs(part['logprobs'])
        if (logprobs !== undefined) reading.logprobs = [...(reading.logprobs ?? []), ...logprobs]
      }
    } else if (type === 'reasoning') {
      for (const part of [...objectsOf(item['summary']), ...objectsOf(item['content'])]) characters += textOf(part['text']).length
    } else if (typeof name === 'string') {
      const written = textOf(json ?? input)
      calls.push({ index: calls.length, name, arguments: written })
      characters += name.length + written.length
    }
  }
  reading.contentChars = characters + text.length
  if (text !== '') reading.text = text
  if (calls.length > 0) reading.toolCalls = calls
  noteFinish(reading, responsesFinish(body) ?? 'other')
  return reading
}

/** What a list of embeddings says, from its members but the vectors. */
export function readEmbeddings({ usage, model }: Json): Reading {
  const reading: Reading = { meaningful: true, contentChars: 1, finish: 'stop' }
  const read = readUsage(usage)
  if (read !== undefined) reading.usage = read
  if (typeof model === 'string') reading.model = model
  return reading
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function noteAbout(reading: Reading, body: Json, requestedTier: string | undefined): void {
  const told = body['usage'] ?? jsonOf(body['x_groq'])['usage']
  const usage = isJson(told) ? readUsage(told, { serviceTier: body['service_tier'] ?? requestedTier }) : undefined
  if (usage !== undefined) reading.usage = usage
  if (typeof body['model'] === 'string') reading.model = body['model']
}

/** One that was refused, or filtered, is not passed on before its end is looked at: another model may have to answer. */
function noteFinish(reading: Reading, finish: NonNullable<Reading['finish']>): void {
  reading.finish = finish
  reading.meaningful = finish !== 'refusal' && finish !== 'content-filter'
}
