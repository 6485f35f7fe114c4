import { jsonOf, readLogprobs, readUsage, responsesFinish, type Json, type Reading } from '@routewise/core'
import { NOTHING_SAID, type EventReading } from './event-reading.ts'

/** What an event of OpenAI's Responses says. `error` and `response.failed` are read elsewhere. */
export function readResponsesEvent(event: Json): EventReading {
  switch (event['type']) {
    case 'response.output_text.delta':
      return delta(event, true)
    case 'response.reasoning_text.delta':
    case 'response.reasoning_summary_text.delta':
      return delta(event, false)
    case 'response.refusal.delta':
      return { ...delta(event, false), reading: { meaningful: false, contentChars: charactersOf(event['delta']) }, refuses: true }
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return callDelta(event)
    case 'response.output_item.added':
      return itemAdded(event)
    case 'response.created':
    case 'response.in_progress':
      return modelNamed(event)
    case 'response.image_generation_call.partial_image':
    case 'response.audio.delta':
    case 'response.code_interpreter_call_code.delta':
      return { reading: { meaningful: true }, isDelta: true, isDropped: false }
    case 'response.completed':
    case 'response.incomplete':
      return ended(jsonOf(event['response']))
    default:
      return NOTHING_SAID
  }
}

const charactersOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0)

function delta({ delta, logprobs }: Json, isText: boolean): EventReading {
  const reading: Reading = { meaningful: false }
  if (typeof delta === 'string' && delta !== '') {
    reading.meaningful = true
    reading.contentChars = delta.length
    if (isText) reading.text = delta
  }
  const read = readLogprobs(logprobs)
  if (read !== undefined) reading.logprobs = read
  return { reading, isDelta: reading.meaningful, isDropped: false }
}

function callDelta({ delta, output_index: at }: Json): EventReading {
  if (typeof delta !== 'string' || delta === '') return NOTHING_SAID
  const toolCalls = [{ index: Number(at), arguments: delta }]
  return { reading: { meaningful: true, contentChars: delta.length, toolCalls }, isDelta: true, isDropped: false }
}

/** A call begins with its name; what it is called with follows. Others that begin say nothing yet. */
function itemAdded({ item, output_index: at }: Json): EventReading {
  const { type, name } = jsonOf(item)
  if ((type !== 'function_call' && type !== 'custom_tool_call') || typeof name !== 'string') return NOTHING_SAID
  const reading: Reading = { meaningful: true, contentChars: name.length, toolCalls: [{ index: Number(at), name }] }
  return { reading, isDelta: true, isDropped: false }
}

function modelNamed({ response }: Json): EventReading {
  const { model } = jsonOf(response)
  return typeof model === 'string' ? { reading: { meaningful: false, model }, isDelta: false, isDropped: false } : NOTHING_SAID
}

function ended(response: Json): EventReading {
  const reading: Reading = { meaningful: false }
  const usage = readUsage(response['usage'], { serviceTier: response['service_tier'] })
  if (usage !== undefined) reading.usage = usage
  const finish = responsesFinish(response)
  if (finish !== undefined) reading.finish = finish
  if (typeof response['model'] === 'string') reading.model = response['model']
  return { reading, isDelta: false, isDropped: false }
}
