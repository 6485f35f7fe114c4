import type { RecordedAnswer, Recording, SimRequest } from '@routewise/simulator'
import type { Message } from '../input/row.ts'
import type { Step, Turn } from './conversation.ts'

/** Steps that are over and still known: a request that lost its race may reach its provider late. */
const REMEMBERED = 200

interface Entry {
  key: string
  step: Step
  turn: Turn
  over: boolean
}

/**
 * The steps that are being asked right now, found by what a provider sees of them. Only these are held, however long the input is.
 * `match` and `label` are what the simulator asks.
 */
export function createInFlight() {
  const known = new Map<string, Entry[]>()
  const past: Entry[] = []
  // By request, as a cancelled one reaches the bill after its step is over.
  const labels = new WeakMap<SimRequest, string>()

  const forget = (entry: Entry) => {
    const left = (known.get(entry.key) ?? []).filter(other => other !== entry)
    if (left.length > 0) known.set(entry.key, left)
    else known.delete(entry.key)
  }

  return {
    /** Announces a step; the returned function says that it is over. */
    add(said: readonly Message[], step: Step, turn: Turn): () => void {
      const key = keyOf(said)
      const entry: Entry = { key, step, turn, over: false }
      known.set(key, [...(known.get(key) ?? []), entry])
      return () => {
        entry.over = true
        past.push(entry)
        if (past.length > REMEMBERED) forget(past.shift() ?? entry)
      }
    },
    match(request: SimRequest): Recording | undefined {
      const entries = known.get(keyOf(request.blocks.filter(({ section }) => section === 'messages')))
      const found = entries?.find(({ over }) => !over) ?? entries?.at(-1)
      if (found === undefined) return undefined
      labels.set(request, found.turn.id)
      return asDemanded(found.step.recording, request)
    },
    label: (request: SimRequest): string | undefined => labels.get(request),
  }
}

export type InFlight = ReturnType<typeof createInFlight>

/** All that the user has said, and how often tools have answered since: wires change the rest, and the spaces. */
function keyOf(messages: readonly { role: string; text: string }[]): string {
  const lastUser = messages.findLastIndex(({ role }) => role === 'user')
  const rounds = messages.filter(({ role }, at) => at > lastUser && role === 'tool' && messages[at - 1]?.role !== 'tool').length
  const said = messages.filter(({ role }) => role === 'user').map(({ text }) => text)
  return `${rounds} ${said.join('').replaceAll(/\s+/g, '')}`
}

/** Where the wire asks for JSON by a tool that must be called, the recorded JSON is what the tool is called with. */
function asDemanded(recording: Recording | undefined, { toolChoice }: SimRequest): Recording | undefined {
  if (recording === undefined || toolChoice.type !== 'tool') return recording
  const call = (answer: RecordedAnswer): RecordedAnswer => {
    const input = answer.toolCalls === undefined ? parsed(answer.text) : undefined
    return input === undefined ? answer : { ...answer, toolCalls: [{ name: toolChoice.name, input }] }
  }
  const { right, wrong, answer, models } = recording
  return {
    ...recording,
    ...(right === undefined ? {} : { right: call(right) }),
    ...(wrong === undefined ? {} : { wrong: call(wrong) }),
    ...(answer === undefined ? {} : { answer: call(answer) }),
    ...(models === undefined ? {} : { models: Object.fromEntries(Object.entries(models).map(([model, said]) => [model, call(said)])) }),
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
