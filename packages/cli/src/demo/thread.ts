import type { Consideration, Receipt } from '@routewise/core'
import type { Message, ToolCall } from '../input/row.ts'
import type { Thread } from './face.ts'

/** What a framework does for one conversation. `Own` is a message as it writes it. */
export interface Desk<Own> {
  write(messages: readonly SaidMessage[]): readonly Own[]
  ask(messages: readonly Own[], options: { signal: AbortSignal }): Promise<DeskReply<Own>>
  /** Absent where there is no router. */
  consider?: ((messages: readonly Own[]) => Promise<readonly Consideration[]>) | undefined
}

export interface DeskReply<Own> {
  answer: SaidAnswer
  /** The answer as the framework keeps it for the calls to come. */
  messages: readonly Own[]
  firstTokenMs: number
  receipt: Receipt | undefined
}

interface SaidAnswer {
  text: string
  toolCalls: readonly (ToolCall & { id: string })[]
}

/** A message in its place: its calls have ids, and the result of a tool says whose it is. */
export type SaidMessage =
  | Extract<Message, { role: 'system' | 'user' }>
  | ({ role: 'assistant' } & SaidAnswer)
  | { role: 'tool'; text: string; toolCallId: string; toolName: string | undefined }

/** A conversation, kept twice: in words that every face shares, and in the framework's own messages, each made once. */
export function createThread<Own>(desk: Desk<Own>, said: readonly SaidMessage[] = [], own: readonly Own[] = []): Thread {
  const goOn = (messages: readonly SaidMessage[], written: readonly Own[] = desk.write(messages)) =>
    createThread(desk, [...said, ...messages], [...own, ...written])
  return {
    said,
    with: messages => goOn(placed(messages, said)),
    withAnswer: ({ text, toolCalls }) => goOn(placed([{ role: 'assistant', text, toolCalls }], said)),
    async ask(options) {
      const { answer, messages, firstTokenMs, receipt } = await desk.ask(own, options)
      const { text, toolCalls } = answer
      return { answer, firstTokenMs, receipt, thread: goOn([{ role: 'assistant', text, toolCalls }], messages) }
    },
    consider: async () => (await desk.consider?.(own)) ?? [],
  }
}

/** Messages after others, with ids and names that they lack. */
function placed(messages: readonly Message[], before: readonly SaidMessage[]): SaidMessage[] {
  const made: SaidMessage[] = []
  for (const message of messages) {
    const position = before.length + made.length
    if (message.role === 'assistant') {
      const toolCalls = message.toolCalls.map((call, at) => ({ ...call, id: call.id ?? callId(position, at) }))
      made.push({ ...message, toolCalls })
    } else if (message.role === 'tool') {
      made.push({ ...message, toolName: callsOf([...before, ...made]).findLast(({ id }) => id === message.toolCallId)?.name })
    } else made.push(message)
  }
  return made
}

const callsOf = (messages: readonly SaidMessage[]) => messages.flatMap(message => (message.role === 'assistant' ? message.toolCalls : []))

/** Nine letters and digits: an id that every provider takes, unique in its transcript. */
const callId = (position: number, at: number): string => `c${String(position).padStart(5, '0')}${String(at).padStart(3, '0')}`
