import type { BaseMessage } from '@langchain/core/messages'
import type { RecordedAnswer, Recording, SimRequest } from '@routewise/simulator'
import type { Step, Turn } from './conversation.ts'

/**
 * The steps that are being asked right now, found by what a provider sees of them. Only these are held, however long the input is.
 * `match` and `label` are what the simulator asks.
 */
export function createInFlight() {
  const open = new Map<string, { step: Step; turn: Turn }[]>()
  // By request, as a cancelled one reaches the bill after its step is over.
  const labels = new WeakMap<SimRequest, string>()
  return {
    /** Announces a step; the returned function takes it back. */
    add(transcript: readonly BaseMessage[], step: Step, turn: Turn): () => void {
      const key = keyOf(transcript.map(message => ({ role: ROLES[message.getType()] ?? 'assistant', text: message.text })))
      const entry = { step, turn }
      open.set(key, [...(open.get(key) ?? []), entry])
      return () => {
        const left = (open.get(key) ?? []).filter(other => other !== entry)
        if (left.length > 0) open.set(key, left)
        else open.delete(key)
      }
    },
    match(request: SimRequest): Recording | undefined {
      const found = open.get(keyOf(request.blocks.filter(({ section }) => section === 'messages')))?.[0]
      if (found === undefined) return undefined
      labels.set(request, found.turn.id)
      return asDemanded(found.step.recording, request)
    },
    label: (request: SimRequest): string | undefined => labels.get(request),
  }
}

export type InFlight = ReturnType<typeof createInFlight>

const ROLES: Readonly<Record<string, string>> = { human: 'user', ai: 'assistant', tool: 'tool', system: 'system' }

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
