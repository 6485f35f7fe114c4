import { createHash } from 'node:crypto'
import type { RecordedAnswer, Recording } from '@routewise/simulator'
import type { Answer, Conversation, Source, Step, Turn } from './conversation.ts'
import { scoreAnswer } from './workload/score.ts'
import type { AfterTools, Reply, Conversation as WorkloadConversation, Turn as WorkloadTurn, Workload } from './workload/types.ts'

export interface FromWorkloadOptions {
  /** Keeps so many conversations, spread over the whole. Default: all. */
  limit?: number
  /** Draws the order in which conversations come in. Default: as they are written, kind by kind. */
  seed?: number
  /** Marks the long system prompts for providers' prompt caches. Default `true`. */
  marked?: boolean
}

/** The built-in support desk. */
export function fromWorkload(workload: Workload, { limit = Infinity, seed, marked = true }: FromWorkloadOptions = {}): Source {
  const all = seed === undefined ? workload.conversations : workload.conversations.toSorted(byDraw(seed))
  const kept = all.filter((_, at) => Math.floor(((at + 1) * limit) / all.length) > Math.floor((at * limit) / all.length))
  const conversations = (limit >= all.length ? all : kept).map(conversation => fromConversation(workload, conversation, marked))
  return { turns: conversations.reduce((sum, { turns }) => sum + turns.length, 0), open: () => conversations }
}

function byDraw(seed: number): (a: WorkloadConversation, b: WorkloadConversation) => number {
  const draw = ({ id }: WorkloadConversation) => createHash('sha256').update(`${seed} ${id}`).digest('hex')
  return (a, b) => (draw(a) < draw(b) ? -1 : 1)
}

function fromConversation({ systems, tools, schemas }: Workload, conversation: WorkloadConversation, marked: boolean): Conversation {
  const { id, system, schema, task } = conversation
  const held = schema === undefined ? undefined : required(schemas, schema)
  return {
    id,
    task,
    start: [{ role: 'system', text: required(systems, system), marked }],
    tools: (conversation.tools ?? []).map(name => {
      const { description, parameters } = required(tools, name)
      return { name, description, parameters: { ...parameters } }
    }),
    ...(held === undefined ? {} : { schema: { name: held.name, schema: { title: held.name, ...held.schema } } }),
    turns: conversation.turns.map((turn, at) => fromTurn(`${id}/${at + 1}`, turn)),
  }
}

function fromTurn(id: string, turn: WorkloadTurn): Turn {
  const steps: Step[] = [{ ask: { type: 'messages', messages: [{ role: 'user', text: turn.user }] }, ...judged(turn, turn) }]
  for (let next: AfterTools | undefined = turn.afterTools; next !== undefined; next = next.afterTools) {
    steps.push({ ask: { type: 'tool-results', results: next.toolResults }, ...judged(next, turn) })
  }
  return { id, task: turn.task, steps }
}

function judged({ right, wrong, check }: Reply, { difficulty, task }: WorkloadTurn): Pick<Step, 'recording' | 'score' | 'reference'> {
  const recording: Recording = { right: recorded(right), wrong: recorded(wrong), difficulty, task }
  return { recording, score: answer => scoreAnswer(check, answer), reference: right }
}

const recorded = ({ text, toolCalls }: Answer): RecordedAnswer => ({
  ...(text === '' ? {} : { text }),
  ...(toolCalls.length === 0 ? {} : { toolCalls: toolCalls.map(({ name, arguments: input }) => ({ name, input })) }),
})

function required<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
  const value = table[name]
  if (value === undefined) throw new Error(`The workload names "${name}", which it does not hold.`)
  return value
}
