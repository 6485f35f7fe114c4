import type { Answer, FinishReason, Reading, TokenLogprob, ToolCall, ToolCallPart, Usage } from '../types.ts'

/** Characters of generated text per token, where a provider reports nothing. */
export const CHARS_PER_TOKEN = 4

/** What an attempt has said so far, and how much of it. */
export interface Meter extends Answer {
  text: string
  readonly toolCalls: ToolCall[]
  readonly logprobs: TokenLogprob[]
  readonly usage: Partial<Usage>
  finish: FinishReason | undefined
  model: string | undefined
  /** Of everything that was generated, reasoning included. */
  contentChars: number
  /** How much of that had come when usage was last told. */
  contentCharsAtUsage: number
  chunks: number
  /** The provider has begun to respond. */
  headersCame: boolean
  /** Since the attempt began. */
  firstTokenMs: number | undefined
  /** Tool calls by the index that the provider gives them, which may begin anywhere and leave holes. */
  callAt: Map<number, ToolCall> | undefined
}

export const createMeter = (): Meter => ({
  text: '',
  toolCalls: [],
  logprobs: [],
  usage: {},
  finish: undefined,
  model: undefined,
  contentChars: 0,
  contentCharsAtUsage: 0,
  chunks: 0,
  headersCame: false,
  firstTokenMs: undefined,
  callAt: undefined,
})

export function addReading(meter: Meter, reading: Reading): void {
  meter.chunks += 1
  if (reading.contentChars !== undefined) meter.contentChars += reading.contentChars
  if (reading.text !== undefined) meter.text += reading.text
  if (reading.usage !== undefined) {
    Object.assign(meter.usage, reading.usage)
    meter.contentCharsAtUsage = meter.contentChars
  }
  if (reading.finish !== undefined) meter.finish = reading.finish
  if (reading.model !== undefined) meter.model = reading.model
  if (reading.logprobs !== undefined) meter.logprobs.push(...reading.logprobs)
  if (reading.toolCalls !== undefined) for (const part of reading.toolCalls) addToolCall(meter, part)
}

function addToolCall(meter: Meter, { index, name, arguments: json }: ToolCallPart): void {
  const calls = (meter.callAt ??= new Map<number, ToolCall>())
  let call = calls.get(index)
  if (call === undefined) {
    call = { name: '', arguments: '' }
    calls.set(index, call)
    meter.toolCalls.push(call)
  }
  if (name !== undefined) call.name += name
  if (json !== undefined) call.arguments += json
}
