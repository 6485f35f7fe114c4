import type { Response as ModelResponse, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Heard } from './hear.ts'
import { validateResponseEvent } from './validate.ts'

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed'])

/** Says what is wrong with the stream of a response that ended well: every event for itself, and all of them together. */
export function faultsOfResponseStream(heard: readonly Heard[]): string[] {
  const faults: string[] = []
  const events = heard.map(({ data }) => data as ResponseStreamEvent)
  heard.forEach(({ event, data }, at) => {
    faults.push(...validateResponseEvent(data).map(line => `event ${at} (${String(event)}): ${line}`))
    if (event !== (data as ResponseStreamEvent).type)
      faults.push(`event ${at} is called ${String(event)}, and says ${(data as ResponseStreamEvent).type}`)
  })
  if (faults.length > 0) return faults

  events.forEach(({ sequence_number: number, type }, at) => {
    if (number !== at) faults.push(`event ${at} (${type}) has number ${number}`)
  })
  const [created, inProgress] = events
  const last = events.at(-1)
  if (created?.type !== 'response.created') faults.push('The first event is not response.created.')
  if (inProgress?.type !== 'response.in_progress') faults.push('The second event is not response.in_progress.')
  if (last === undefined || !ENDS.has(last.type)) return [...faults, `The last event is ${String(last?.type)}.`]
  if (events.filter(({ type }) => ENDS.has(type)).length > 1) faults.push('It ends twice.')
  const { response } = last as { response: ModelResponse }
  const ids = new Set(events.flatMap(event => ('response' in event && event.response !== undefined ? [event.response.id] : [])))
  if (ids.size !== 1) faults.push(`Its id changes on the way: ${[...ids].join(', ')}`)
  return [...faults, ...faultsOfItems(events, response.output)]
}

/** What is told of each item, piece by piece, is what stands in the response in the end. */
function faultsOfItems(events: readonly ResponseStreamEvent[], output: readonly ResponseOutputItem[]): string[] {
  const faults: string[] = []
  const open = new Map<number, string | undefined>()
  const done = new Map<number, ResponseOutputItem>()
  const pieces = new Map<string, string>()
  const add = (key: string, delta: string) => pieces.set(key, (pieces.get(key) ?? '') + delta)
  const same = (key: string, whole: string) => {
    if ((pieces.get(key) ?? '') !== whole) faults.push(`${key}: its pieces are not the whole of it.`)
  }
  for (const event of events) {
    if ('output_index' in event && 'item_id' in event && open.get(event.output_index) !== event.item_id) {
      faults.push(`${event.type} is about ${event.item_id}, which is not the item at ${event.output_index}.`)
    }
    switch (event.type) {
      case 'response.output_item.added':
        if (event.output_index !== open.size) faults.push(`Item ${event.output_index} comes as number ${open.size}.`)
        open.set(event.output_index, 'id' in event.item ? (event.item.id ?? undefined) : undefined)
        break
      case 'response.output_item.done':
        done.set(event.output_index, event.item)
        break
      case 'response.output_text.delta':
      case 'response.refusal.delta':
      case 'response.reasoning_text.delta':
        add(`part ${event.output_index}.${event.content_index}`, event.delta)
        break
      case 'response.output_text.done':
      case 'response.reasoning_text.done':
        same(`part ${event.output_index}.${event.content_index}`, event.text)
        break
      case 'response.refusal.done':
        same(`part ${event.output_index}.${event.content_index}`, event.refusal)
        break
      case 'response.reasoning_summary_text.delta':
        add(`summary ${event.output_index}.${event.summary_index}`, event.delta)
        break
      case 'response.reasoning_summary_text.done':
        same(`summary ${event.output_index}.${event.summary_index}`, event.text)
        break
      case 'response.function_call_arguments.delta':
        add(`call ${event.output_index}`, event.delta)
        break
      case 'response.function_call_arguments.done':
        same(`call ${event.output_index}`, event.arguments)
        break
      default:
    }
  }
  output.forEach((item, at) => {
    if (JSON.stringify(done.get(at)) !== JSON.stringify(item)) faults.push(`Item ${at} (${item.type}) ends otherwise than it was told.`)
    if (item.type === 'function_call') same(`call ${at}`, item.arguments)
    if (item.type === 'message') {
      item.content.forEach((part, index) => same(`part ${at}.${index}`, part.type === 'refusal' ? part.refusal : part.text))
    }
  })
  if (done.size !== output.length) faults.push(`${done.size} items were told, ${output.length} stand in the response.`)
  return faults
}
