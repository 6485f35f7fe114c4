import type { Answer, FinishReason, LaterReading, Reading, TokenLogprob, ToolCall, ToolCallPart, Usage } from '../types.ts'

/** Characters of generated text per token, where a provider reports nothing. */
export const CHARS_PER_TOKEN = 4

/** Chunks, and characters of theirs, that may wait to be read: each keeps what it was made of. */
const MAX_LATER_CHUNKS = 8
const MAX_LATER_CHARACTERS = 65_536
/** Words that are kept one by one: thousands of them, added to one another, take many times their letters. */
const MAX_WORDS = 64

/** What an attempt has said so far, and how much of it. What chunks leave for later is read when it is asked for. */
export class Meter implements Answer {
  readonly usage: Partial<Usage> = {}
  finish: FinishReason | undefined
  model: string | undefined
  /** Something was said after usage was last told. */
  hasContentSinceUsage = false
  chunks = 0
  /** The provider has begun to respond. */
  headersCame = false
  /** Since the attempt began. */
  firstTokenMs: number | undefined
  #text = ''
  /** What came after `#text`, in pieces of many words, and the words after those. */
  #pieces: string[] = []
  #words: string[] = []
  #contentChars = 0
  readonly #toolCalls: ToolCall[] = []
  readonly #logprobs: TokenLogprob[] = []
  /** Tool calls by the index that the provider gives them, which may begin anywhere and leave holes. */
  #callAt: Map<number, ToolCall> | undefined
  #later: LaterReading[] | undefined
  #laterCharacters = 0

  get text(): string {
    this.#catchUp()
    if (this.#pieces.length + this.#words.length > 0) {
      this.#text = [this.#text, ...this.#pieces, ...this.#words].join('')
      this.#pieces = []
      this.#words = []
    }
    return this.#text
  }

  get toolCalls(): readonly ToolCall[] {
    this.#catchUp()
    return this.#toolCalls
  }

  get logprobs(): readonly TokenLogprob[] {
    this.#catchUp()
    return this.#logprobs
  }

  /** Of everything that was generated, reasoning included. */
  get contentChars(): number {
    this.#catchUp()
    return this.#contentChars
  }

  add(reading: Reading): void {
    this.chunks += 1
    if (reading.finish !== undefined) this.finish = reading.finish
    if (reading.model !== undefined) this.model = reading.model
    if (reading.later !== undefined) this.#postpone(reading.later)
    else if (hasContent(reading)) {
      // In the order it was said.
      this.#catchUp()
      this.#addContent(reading)
    }
    if (reading.usage !== undefined) {
      Object.assign(this.usage, reading.usage)
      this.hasContentSinceUsage = false
    }
  }

  #postpone(later: LaterReading): void {
    const waiting = (this.#later ??= [])
    waiting.push(later)
    this.#laterCharacters += later.characters
    this.hasContentSinceUsage = true
    if (waiting.length >= MAX_LATER_CHUNKS || this.#laterCharacters > MAX_LATER_CHARACTERS) this.#catchUp()
  }

  #catchUp(): void {
    const waiting = this.#later
    if (waiting === undefined) return
    this.#later = undefined
    this.#laterCharacters = 0
    const { hasContentSinceUsage } = this
    for (const later of waiting) for (const content of later.read()) this.#addContent(content)
    this.hasContentSinceUsage = hasContentSinceUsage
  }

  #addContent(content: Content): void {
    if (content.contentChars !== undefined && content.contentChars > 0) {
      this.#contentChars += content.contentChars
      this.hasContentSinceUsage = true
    }
    if (content.text !== undefined) this.#addWord(content.text)
    if (content.logprobs !== undefined) this.#logprobs.push(...content.logprobs)
    if (content.toolCalls !== undefined) for (const part of content.toolCalls) this.#addToolCall(part)
  }

  #addWord(word: string): void {
    this.#words.push(word)
    if (this.#words.length < MAX_WORDS) return
    this.#pieces.push(this.#words.join(''))
    this.#words = []
  }

  #addToolCall({ index, name, arguments: json }: ToolCallPart): void {
    const calls = (this.#callAt ??= new Map<number, ToolCall>())
    let call = calls.get(index)
    if (call === undefined) {
      call = { name: '', arguments: '' }
      calls.set(index, call)
      this.#toolCalls.push(call)
    }
    if (name !== undefined) call.name += name
    if (json !== undefined) call.arguments += json
  }
}

const hasContent = ({ contentChars, text, toolCalls, logprobs }: Reading): boolean =>
  contentChars !== undefined || text !== undefined || toolCalls !== undefined || logprobs !== undefined

type Content = Pick<Reading, 'contentChars' | 'text' | 'toolCalls' | 'logprobs'>
